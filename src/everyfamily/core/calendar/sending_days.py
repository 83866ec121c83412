"""On which days a letter may be sent, and which schools on which of them. The calendar is passed in.

A letter about a risk to children makes people ring. So it is sent on a morning when schools are open and stay open,
when every local number in it is answered that day and the next, and to no more families than the front door can take.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Literal, get_args

from everyfamily.core.calendar.academic_year import Term

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class NotOn(StrEnum):
    """Why no letter is sent on a day, as the end of a sentence. The first that applies is given."""

    WEEKDAY = "it is not a day when letters go out"
    NO_TERM = "it is in no term of the partnership's file"
    NO_SCHOOL = "schools are closed"
    BANK_HOLIDAY = "it is a bank holiday"
    FIRST_DAYS = "it is one of the first school days of the term"
    LAST_DAYS = "it is one of the last school days of the term"
    LINE_SHUT = "a local number in the letter is not answered that day or the next"


@dataclass(frozen=True, slots=True)
class SendingTimes:
    """When letters are sent. Hours are London time: from `opens`, before `closes`."""

    weekdays: frozenset[int] = frozenset({0, 1, 2})
    """0 is Monday. A family that reads on a Friday finds fewer people to ring."""
    opens: time = time(9)
    closes: time = time(12)
    first_days: int = 2
    """School days at the beginning of a term on which schools are busy with other things."""
    last_days: int = 5
    """School days at the end of a term: somebody who worries then finds the school closed next week."""


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """School days of an area, as its council publishes them."""

    terms: tuple[Term, ...]
    bank_holidays: Container[date]
    schools_closed: frozenset[date] = frozenset()
    """Days inside a term on which schools are closed, for training or for an election."""
    lines_shut: frozenset[date] = frozenset()
    """Days on which a local number that the letter prints is not answered."""

    def term_of(self, day: date) -> Term | None:
        """The term that contains a day."""
        return next((term for term in self.terms if term.opens_on <= day <= term.closes_on), None)

    def is_school_day(self, day: date) -> bool:
        """Children are at school."""
        term = self.term_of(day)
        return (
            term is not None
            and term.is_school_day(day)
            and day not in self.bank_holidays
            and day not in self.schools_closed
        )

    def school_days(self, first: date, last: date) -> int:
        """How many school days there are from the first to the last, both counted."""
        return sum(self.is_school_day(day) for day in _days(first, last))


def why_not_on(day: date, times: SendingTimes, calendar: SchoolCalendar) -> NotOn | None:
    """Why no letter is sent on a day, or None if it may be."""
    term = calendar.term_of(day)
    if day.weekday() not in times.weekdays:
        return NotOn.WEEKDAY
    if day in calendar.bank_holidays:
        return NotOn.BANK_HOLIDAY
    if term is None:
        return NotOn.NO_TERM
    if not calendar.is_school_day(day):
        return NotOn.NO_SCHOOL
    if calendar.school_days(term.opens_on, day) <= times.first_days:
        return NotOn.FIRST_DAYS
    if calendar.school_days(day, term.closes_on) <= times.last_days:
        return NotOn.LAST_DAYS
    if day in calendar.lines_shut or day + timedelta(days=1) in calendar.lines_shut:
        return NotOn.LINE_SHUT
    return None


def sending_days(first: date, times: SendingTimes, calendar: SchoolCalendar) -> Iterator[date]:
    """The days from `first` on which letters may be sent, to the end of the last known term."""
    last = max((term.closes_on for term in calendar.terms), default=first)
    return (day for day in _days(first, last) if why_not_on(day, times, calendar) is None)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """How many calls the council's line can take because of the letter, and how many are expected."""

    calls_a_day: int
    calls_per_1000: float
    """Calls that 1,000 families make on the day they get the letter. Nobody has published such a number. Begin with a
    careful guess, count in the first waves, and plan the next with that count."""

    @property
    def families_a_day(self) -> int:
        """Families who may get the letter on one day."""
        return int(self.calls_a_day * 1000 / self.calls_per_1000)

    def calls(self, families: int) -> float:
        """Calls that this many families make."""
        return families * self.calls_per_1000 / 1000


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """The part of the calendar that is one school's own."""

    terms: tuple[Term, ...] = ()
    """Instead of the area's. Empty means the same as the area."""
    schools_closed: frozenset[date] = frozenset()
    """In addition to those of the area."""


@dataclass(frozen=True, slots=True)
class Sending:
    """[sending] in the partnership's file."""

    times: SendingTimes = SendingTimes()
    front_door: FrontDoor | None = None
    """None if nobody has said what the line can take."""
    schools_closed: frozenset[date] = frozenset()
    lines_shut: frozenset[date] = frozenset()
    exam_weeks: frozenset[date] = frozenset()
    """A day in each week in which many pupils sit exams. Only the year plan looks at them."""
    own: Mapping[int, OwnCalendar] = field(default_factory=dict)
    """By URN: schools that have other days."""
    late_joiners: Literal["off", "half-term"] = "off"
    """Whether families of children who join get the letters of the year so far (core/sending/late_joiners.py)."""

    def calendar(
        self, terms: Iterable[Term], bank_holidays: Container[date], own: OwnCalendar | None = None
    ) -> SchoolCalendar:
        """The area's calendar, from its terms and the nation's bank holidays; or that of a school with its own days."""
        own = own or OwnCalendar()
        closed = self.schools_closed | own.schools_closed
        return SchoolCalendar(own.terms or tuple(terms), bank_holidays, closed, self.lines_shut)


@dataclass(frozen=True, slots=True)
class SchoolSize:
    """A school and how many families it has, at most one for each child.

    A wave takes whole schools, so that both adults of a child are in one.
    """

    id: int
    families: int
    urn: int = 0


@dataclass(frozen=True, slots=True)
class Wave:
    """The schools of one day, in the order in which they came."""

    number: int
    on: date
    schools: tuple[SchoolSize, ...]

    @property
    def families(self) -> int:
        """The number of families at all its schools."""
        return sum(school.families for school in self.schools)


class TooFewDays(Exception):
    """The waves do not fit into the days that are left. `left` schools have none."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


def plan_by_families(
    schools: Sequence[SchoolSize],
    days: Iterable[date],
    *,
    families_a_day: int,
    may_on: Callable[[SchoolSize, date], bool] = lambda school, day: True,
) -> list[Wave]:
    """Give each school a day, the largest first: the first of its own days that has room for it.

    A school that is larger than a whole day's families gets its own day. Raises TooFewDays.
    """
    plan: dict[date, list[SchoolSize]] = {day: [] for day in days}
    room = dict.fromkeys(plan, families_a_day)
    left = 0
    for school in sorted(schools, key=lambda one: -one.families):
        fits = (day for day in plan if not plan[day] or school.families <= room[day])
        day = next((day for day in fits if may_on(school, day)), None)
        if day is None:
            left += 1
        else:
            plan[day].append(school)
            room[day] -= school.families
    if left:
        raise TooFewDays(left)
    order = {school.id: n for n, school in enumerate(schools)}
    used = [(day, group) for day, group in plan.items() if group]
    return [
        Wave(number, on, tuple(sorted(group, key=lambda one: order[one.id])))
        for number, (on, group) in enumerate(used, start=1)
    ]
