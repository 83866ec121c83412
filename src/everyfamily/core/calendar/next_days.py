"""By when something must be done: days on which people work, from the day on which it became necessary. Pure."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date, timedelta


def is_working_day(day: date, holidays: Container[date]) -> bool:
    """Whether people work on this day."""
    return day.weekday() < 5 and day not in holidays


def day_due(day: date, days: int, counts: Callable[[date], bool]) -> date:
    """The day that comes `days` days after `day`, of the days that count; what arises on another arises on the next."""
    day = _next(day, counts)
    for _ in range(days):
        day = _next(day + timedelta(days=1), counts)
    return day


def working_day(day: date, holidays: Container[date]) -> date:
    """The day itself where people work on it, else the next on which they do."""
    return day_due(day, 0, lambda one: is_working_day(one, holidays))


def working_days_after(day: date, days: int, holidays: Container[date]) -> date:
    """The working day that comes `days` working days after `day`; what arises on a free day arises on the next."""
    return day_due(day, days, lambda one: is_working_day(one, holidays))


def _next(day: date, counts: Callable[[date], bool]) -> date:
    while not counts(day):
        day += timedelta(days=1)
    return day
