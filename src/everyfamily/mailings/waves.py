"""Waves: groups of schools over days, so that the front door's phone lines cope. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
SENDING_DAYS = frozenset({0, 1, 2})
"""Monday to Wednesday: a family that reads on a Friday finds fewer people to ring."""


@cache
def bank_holidays() -> Container[date]:
    """Of England, known offline."""
    import holidays  # here, because it takes half a second

    return holidays.country_holidays("GB", subdiv="ENG")


def plan_waves(
    school_ids: Sequence[int], *, opens_at: datetime, schools_a_day: int
) -> dict[int, tuple[int, datetime]]:
    """Give each school its wave's number (from 1) and time: the hour of `opens_at` on London's clock.

    Waves run Monday to Wednesday, never on a bank holiday; school holidays are for whoever sets `opens_at`. A school
    is never split, so both adults of a child are in one wave.
    """
    waves: dict[int, tuple[int, datetime]] = {}
    at = opens_at.astimezone(LONDON)
    for number, start in enumerate(range(0, len(school_ids), schools_a_day), start=1):
        while at.weekday() not in SENDING_DAYS or at.date() in bank_holidays():
            at += timedelta(days=1)
        for school_id in school_ids[start : start + schools_a_day]:
            waves[school_id] = (number, at)
        at += timedelta(days=1)
    return waves
