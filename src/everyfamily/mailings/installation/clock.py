"""The one place that workers take time from: the system's clock, or the demo's simulated one."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings

from everyfamily.mailings.models import SimulatedClock


def now() -> datetime:
    """The time that is passed to everything downstream (aware)."""
    if settings.EVERYFAMILY_CLOCK == "database":
        return SimulatedClock.objects.get(pk=1).now
    return datetime.now(UTC)


def set_simulated(moment: datetime) -> None:
    """Move the simulated clock. Only the demo and tests do this."""
    SimulatedClock.objects.update_or_create(pk=1, defaults={"now": moment})
