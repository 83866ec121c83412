"""The one place that workers take time from: the system's clock, or the demonstration's simulated one."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

from django.conf import settings


def now() -> datetime:
    """The time that everything downstream is told (aware)."""
    if settings.EVERYFAMILY_CLOCK == "database":
        simulated: datetime = import_module("everyfamily_demo.clock").now()
        return simulated
    return datetime.now(UTC)
