"""By when something must be done: days on which people work, counted from the day on which it became necessary. No
database."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import date, timedelta


def is_working_day(day: date, holidays: Container[date]) -> bool:
    """Whether people work on this day."""
    return day.weekday() < 5 and day not in holidays


def day_due(day: date, days: int, counts: Callable[[date], bool]) -> date:
    """The day that is `days` days after `day`, counting only the days that count. What arises on another day arises on
    the next that counts."""
    day = _next(day, counts)
    for _ in range(days):
        day = _next(day + timedelta(days=1), counts)
    return day


def working_day(day: date, holidays: Container[date]) -> date:
    """The day itself if people work on it, or otherwise the next on which they do."""
    return day_due(day, 0, lambda one: is_working_day(one, holidays))


def working_days_after(day: date, days: int, holidays: Container[date]) -> date:
    """The working day that is `days` working days after `day`. What arises on a free day arises on the next working
    day."""
    return day_due(day, days, lambda one: is_working_day(one, holidays))


def _next(day: date, counts: Callable[[date], bool]) -> date:
    while not counts(day):
        day += timedelta(days=1)
    return day


def working_days_before(day: date, days: int, holidays: Container[date]) -> date:
    """The working day that is `days` working days before `day`."""
    for _ in range(days):
        day -= timedelta(days=1)
        while not is_working_day(day, holidays):
            day -= timedelta(days=1)
    return day
