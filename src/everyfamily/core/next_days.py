"""By when something must be done: working days from the day on which it became necessary. Pure."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta


def working_day(day: date, holidays: Container[date]) -> date:
    """The day itself where people work on it, else the next on which they do."""
    while day.weekday() >= 5 or day in holidays:
        day += timedelta(days=1)
    return day


def working_days_after(day: date, days: int, holidays: Container[date]) -> date:
    """The working day that comes `days` working days after `day`; what arises on a free day arises on the next."""
    day = working_day(day, holidays)
    for _ in range(days):
        day = working_day(day + timedelta(days=1), holidays)
    return day
