"""Which letter about its return a school gets today: the link, and at most three reminders. This is a plan, without a
clock.

Of the letters whose day has come, only the last is sent. So a worker that was down for a week does not send three at
once. Each letter contains the link. None is sent on a day without school or outside office hours, after a return was
filed, or once returns have closed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

OFFICE_HOURS = (time(9), time(16))
"""School offices' hours, on the local clock: from the first, before the second."""
DAYS_BEFORE = DAYS_AFTER = 3


class ReminderKind(StrEnum):
    """In the order in which they are sent."""

    LINK = "link"
    BEFORE = "before"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class ReturnDays:
    """When a mailing's returns open, are due and close."""

    opens_on: date
    due_on: date
    closes_on: date

    def faults(self) -> tuple[str, ...]:
        """What is not valid, each as the end of a sentence. Empty if everything is valid."""
        found = []
        if self.due_on < self.opens_on:
            found.append("they are due before the mailing opens")
        if self.closes_on < self.due_on:
            found.append("they close before they are due")
        if self.closes_on - self.due_on > timedelta(days=60):
            found.append("they close more than 60 days after they are due")
        return tuple(found)


def reminder_days(days: ReturnDays, is_school_day: Callable[[date], bool]) -> dict[ReminderKind, date]:
    """The day of each letter. A letter on a day without school moves to the next school day. If it would move past the
    close, it is left out, and so is "due today" if that day has no school."""
    wished = {
        ReminderKind.LINK: days.opens_on,
        ReminderKind.BEFORE: max(days.due_on - timedelta(days=DAYS_BEFORE), days.opens_on),
        ReminderKind.DUE: days.due_on,
        ReminderKind.LATE: days.due_on + timedelta(days=DAYS_AFTER),
    }
    if not is_school_day(days.due_on):
        del wished[ReminderKind.DUE]
    planned = {}
    for kind, day in wished.items():
        while day <= days.closes_on and not is_school_day(day):
            day += timedelta(days=1)
        if day <= days.closes_on:
            planned[kind] = day
    return planned


def reminder_due(
    days: ReturnDays, local: datetime, *, written: Collection[ReminderKind], is_school_day: Callable[[date], bool]
) -> ReminderKind | None:
    """The letter to write now to a school that has filed nothing, or None if none is due.

    `local` is the present on the school's own clock. `written` are the letters recorded before, sent or not.
    """
    if not in_office_hours(local, is_school_day) or local.date() > days.closes_on:
        return None
    today = local.date()
    planned = reminder_days(days, is_school_day).items()
    come = [kind for kind, day in planned if day <= today and still_true(kind, days.due_on, today)]
    order = list(ReminderKind)
    furthest = max((order.index(kind) for kind in written), default=-1)
    return come[-1] if come and order.index(come[-1]) > furthest else None


def still_true(kind: ReminderKind, due_on: date, day: date) -> bool:
    """Whether what the letter says about the day it is due is true on `day`, because a worker may have been down."""
    if kind is ReminderKind.DUE:
        return day == due_on
    return kind is not ReminderKind.BEFORE or day <= due_on


def in_office_hours(local: datetime, is_school_day: Callable[[date], bool]) -> bool:
    """Whether a school office may be written to now."""
    return is_school_day(local.date()) and OFFICE_HOURS[0] <= local.time() < OFFICE_HOURS[1]
