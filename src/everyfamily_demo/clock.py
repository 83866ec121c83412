"""The simulated clock: a row of the database, so that every process of a demonstration has the same time."""

from __future__ import annotations

from datetime import datetime

from everyfamily.mailings.models import SimulatedClock


def now() -> datetime:
    """The simulated time (aware); raises SimulatedClock.DoesNotExist where none was set."""
    return SimulatedClock.objects.get(pk=1).now


def set_simulated(moment: datetime) -> None:
    """Move the clock; only the demonstration and tests do."""
    SimulatedClock.objects.update_or_create(pk=1, defaults={"now": moment})
