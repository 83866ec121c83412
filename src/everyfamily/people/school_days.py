"""Which days have school here, and so the day by which a school's person must do something.

Tasks are due on school days, because nobody is in school on a Saturday, on a bank holiday or in the holidays.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime

from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.next_days import day_due, is_working_day
from everyfamily.core.calendar.sending_days import SchoolCalendar
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.partnership.queries import in_force


def area_calendar() -> SchoolCalendar | None:
    """The terms of the settings in force (partnership/queries.py), or None if there are none.

    Raises what `load_partnership` raises.
    """
    found = in_force()
    if found is None:
        return None
    return found.partnership.sending.calendar(found.partnership.year_plan.terms, bank_holidays())


def has_school(calendar: SchoolCalendar | None) -> Callable[[date], bool]:
    """Whether a day has school: by the calendar if its terms are known, and otherwise any weekday that is not a bank
    holiday."""
    terms = calendar.terms if calendar is not None else ()
    known_from = min((term.opens_on for term in terms), default=date.max)
    known_to = max((term.closes_on for term in terms), default=date.min)

    def known(day: date) -> bool:
        if calendar is not None and known_from <= day <= known_to:
            return calendar.is_school_day(day)
        return is_working_day(day, bank_holidays())

    return known


def school_due(now: datetime, days: int, calendar: SchoolCalendar | None = None) -> date:
    """The school day on which something is due, if a school's person has `days` school days for it.

    By `calendar` (for example a mailing's), or otherwise by the area's terms. A fault in the partnership's file does
    not stop anybody from deciding about a family. Then the terms are not known.
    """
    if calendar is None:
        with suppress(EveryfamilyError, OSError):
            calendar = area_calendar()
    return day_due(now.astimezone(LONDON).date(), days, has_school(calendar))


def working_due(now: datetime, days: int) -> date:
    """The same in working days, for what cannot wait until the holidays end."""
    return day_due(now.astimezone(LONDON).date(), days, lambda day: is_working_day(day, bank_holidays()))
