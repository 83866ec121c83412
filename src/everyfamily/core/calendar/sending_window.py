"""Whether a letter may be sent at a moment, and when it next may. The moment and the calendar are passed in.

Every message keeps to it, both the first and the way that follows a bounce. So nobody is written to at night, in the
holidays, or when the number in the letter is not answered. Hours are London time, including its clock changes.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import NotOn, SchoolCalendar, Sending, SendingTimes, why_not_on

LONDON = ZoneInfo("Europe/London")

OUT_OF_HOURS = "it is not within the hours when letters go out"

URGENT = SendingTimes(weekdays=frozenset(range(7)), opens=time(9), closes=time(18), first_days=0, last_days=0)
"""For a correction: a number that does not answer is corrected on the same day, but not at night."""


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """The days and hours of one mailing at one school."""

    times: SendingTimes
    calendar: SchoolCalendar
    any_day: bool = False
    """The calendar is not used, for a correction that cannot wait."""

    def why_not_at(self, moment: datetime) -> str | None:
        """Why nothing is sent at a moment (aware), as the end of a sentence, or None if it may be."""
        here = moment.astimezone(LONDON)
        why = self._why_not_on(here.date())
        if why is not None:
            return str(why)
        return None if self.times.opens <= here.time() < self.times.closes else OUT_OF_HOURS

    def closes_after(self, moment: datetime) -> datetime:
        """The end of the hours on the moment's day."""
        return _at(moment.astimezone(LONDON).date(), self.times.closes)

    def next_opening(self, moment: datetime) -> datetime | None:
        """The moment itself if it may be sent then, or otherwise the next one when it may. None if no day is known."""
        if self.why_not_at(moment) is None:
            return moment
        here = moment.astimezone(LONDON)
        first = here.date() if here.time() < self.times.opens else here.date() + timedelta(days=1)
        for ahead in range(self._days_known(first)):
            day = first + timedelta(days=ahead)
            if self._why_not_on(day) is None:
                return _at(day, self.times.opens)
        return None

    def _why_not_on(self, day: date) -> NotOn | None:
        return None if self.any_day else why_not_on(day, self.times, self.calendar)

    def _days_known(self, first: date) -> int:
        if self.any_day:
            return 2
        return max(((term.closes_on - first).days + 1 for term in self.calendar.terms), default=0)


def _at(day: date, hour: time) -> datetime:
    # In UTC, because two times in one zone are compared by their clocks, which is wrong twice a year.
    return datetime.combine(day, hour, LONDON).astimezone(UTC)


def sending_as_data(sending: Sending, terms: tuple[Term, ...]) -> dict[str, Any]:
    """What a mailing keeps from the partnership's file, as JSON, so that a later edit of the file does not change
    it."""
    times = sending.times
    return {
        "days": sorted(times.weekdays),
        "opens": times.opens.isoformat("minutes"),
        "closes": times.closes.isoformat("minutes"),
        "first_days": times.first_days,
        "last_days": times.last_days,
        "terms": [_term_as_data(term) for term in terms],
        "schools_closed": _days_as_data(sending.schools_closed),
        "lines_shut": _days_as_data(sending.lines_shut),
    }


def school_as_data(terms: tuple[Term, ...], closed: frozenset[date]) -> dict[str, Any]:
    """What is one school's own: its terms instead of the area's, if it has any, and its closed days in addition."""
    return {"terms": [_term_as_data(term) for term in terms], "schools_closed": _days_as_data(closed)}


def urgent_as_data() -> dict[str, Any]:
    """The times of a correction."""
    return {**sending_as_data(Sending(times=URGENT), ()), "any_day": True}


REHEARSAL: Mapping[str, Any] = {"rehearsal": True}
"""What a mailing keeps if it was opened as a rehearsal: no days and no hours, and nobody except the list."""


def is_rehearsal(area: Mapping[str, Any]) -> bool:
    """Whether the mailing may write only to the people on a list, according to what it was opened with."""
    return bool(area.get("rehearsal"))


def window_of(
    area: Mapping[str, Any], school: Mapping[str, Any], bank_holidays: Container[date]
) -> SendingWindow | None:
    """The window from a mailing's data and a school's own. None if the mailing keeps no hours."""
    if not area or is_rehearsal(area):
        return None
    calendar = SchoolCalendar(
        terms=tuple(_term(row) for row in school.get("terms") or area["terms"]),
        bank_holidays=bank_holidays,
        schools_closed=_days(area["schools_closed"]) | _days(school.get("schools_closed", ())),
        lines_shut=_days(area["lines_shut"]),
    )
    times = SendingTimes(
        frozenset(area["days"]),
        time.fromisoformat(area["opens"]),
        time.fromisoformat(area["closes"]),
        area["first_days"],
        area["last_days"],
    )
    return SendingWindow(times, calendar, bool(area.get("any_day")))


def _term_as_data(term: Term) -> dict[str, str]:
    return {
        "season": term.season,
        "opens_on": term.opens_on.isoformat(),
        "closes_on": term.closes_on.isoformat(),
        "half_term_from": term.half_term_from.isoformat(),
        "half_term_to": term.half_term_to.isoformat(),
    }


def _term(row: Mapping[str, Any]) -> Term:
    return Term(row["season"], *(date.fromisoformat(row[name]) for name in _TERM_DAYS))


_TERM_DAYS = ("opens_on", "closes_on", "half_term_from", "half_term_to")


def _days_as_data(days: frozenset[date]) -> list[str]:
    return sorted(day.isoformat() for day in days)


def _days(rows: Any) -> frozenset[date]:
    return frozenset(date.fromisoformat(row) for row in rows)
