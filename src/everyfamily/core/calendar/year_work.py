"""What a planned letter asks of people before and after it goes, with its days. Pure: the plan and the calendar are
passed in.

Source of the days: the year plan of the domain (six weeks, two weeks, two days), and its register of routes ("again two
working days before every send").
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.next_days import is_working_day, working_days_before
from everyfamily.core.calendar.plan_warnings import week_of
from everyfamily.core.calendar.sending_days import SchoolCalendar, SendingTimes, why_not_on
from everyfamily.core.calendar.year_plan import PlannedLetter, YearPlan


class Step(StrEnum):
    """One piece of work about a letter, in the order of time."""

    PREPARE = "prepare"
    APPROVE = "approve"
    BRIEF = "brief"
    RING = "ring"
    SEND = "send"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class About:
    """One step in words: what is done, and who does it."""

    what: str
    who: str


ABOUT: Mapping[Step, About] = {
    Step.PREPARE: About("Choose the pack, agree the partners’ words and the managers’ promises", "author"),
    Step.APPROVE: About(
        "Have it approved and sealed, and tell schools that it comes", "author, with the signatories"
    ),
    Step.BRIEF: About("Schools get the staff briefing by email", "everyfamily, and the coordinator for the rest"),
    Step.RING: About("Ring every number that the letter prints", "author or coordinator"),
    Step.SEND: About("The first families get it", "coordinator"),
    Step.REVIEW: About("Count the calls, ask five to eight parents, say what to change", "coordinator"),
}
MARKED_BY_HAND = frozenset({Step.PREPARE, Step.APPROVE})
"""What everyfamily cannot see for itself before a letter is handed to it for sending."""
BRIEFED_BEFORE = 2
"""School days. The kit's guide says the same to schools that send it themselves."""
RUNG_BEFORE = 2
"""Working days."""
REVIEWED_AFTER = timedelta(weeks=4)
_ASKED_BEFORE: Mapping[Step, timedelta] = {
    Step.PREPARE: timedelta(weeks=2),
    Step.APPROVE: timedelta(weeks=2),
    Step.BRIEF: timedelta(days=3),
    Step.RING: timedelta(0),
    Step.SEND: timedelta(weeks=1),
    Step.REVIEW: timedelta(weeks=1),
}
"""How long before its day somebody is asked for it."""
_ASKED_AFTER = timedelta(weeks=8)
"""For how long somebody is asked for a review that is late."""


@dataclass(frozen=True, slots=True)
class YearWork:
    """One step of one letter, with its day."""

    planned: PlannedLetter
    step: Step
    due_on: date

    @property
    def key(self) -> str:
        """Names it for good: "spring-2027 approve"."""
        return key_of(self.planned, self.step)


def key_of(planned: PlannedLetter, step: Step) -> str:
    """What names a step of a letter for good."""
    return f"{planned.address} {step}"


def first_day(planned: PlannedLetter, times: SendingTimes, calendar: SchoolCalendar) -> date | None:
    """The first day of its week on which letters go out; if there is none, its Monday. None without a week."""
    if planned.send_week is None:
        return None
    week = week_of(planned.send_week)
    return next((day for day in week if why_not_on(day, times, calendar) is None), week[0])


def year_work(
    plan: YearPlan,
    year: AcademicYear,
    times: SendingTimes,
    calendar: SchoolCalendar,
) -> list[YearWork]:
    """Every step of every letter of a year that has a week, by day."""
    found: list[YearWork] = []
    for planned in plan.letters:
        on = first_day(planned, times, calendar)
        if on is None or planned.term.academic_year != year:
            continue
        days = {
            Step.PREPARE: on - timedelta(weeks=6),
            Step.APPROVE: on - timedelta(weeks=2),
            Step.BRIEF: school_days_before(on, BRIEFED_BEFORE, calendar),
            Step.RING: working_days_before(on, RUNG_BEFORE, calendar.bank_holidays),
            Step.SEND: on,
            Step.REVIEW: on + REVIEWED_AFTER,
        }
        found += [YearWork(planned, step, _on_a_working_day(day, calendar)) for step, day in days.items()]
    order = list(Step)
    return sorted(found, key=lambda one: (one.due_on, order.index(one.step), one.planned.number))


def due_work(works: Iterable[YearWork], done: Collection[str], today: date) -> list[YearWork]:
    """What somebody is asked for today: what its day is near or past, and what is not `done` (keys).

    What comes before a letter goes is asked for until its week is over. A review of a letter that went is asked for
    until eight weeks after its day.
    """
    return [
        work
        for work in works
        if work.key not in done
        and work.due_on - _ASKED_BEFORE[work.step] <= today <= _last_day(work)
        and (work.step is not Step.REVIEW or key_of(work.planned, Step.SEND) in done)
    ]


def school_days_before(day: date, days: int, calendar: SchoolCalendar) -> date:
    """The day that is so many school days before a day. Without enough of them in the calendar, the same in
    weekdays."""
    found, left = day, days
    while left and day - found < timedelta(days=30):
        found -= timedelta(days=1)
        left -= calendar.is_school_day(found)
    return found if not left else working_days_before(day, days, calendar.bank_holidays)


def begun_for_review(today: date) -> tuple[date, date]:
    """Between which days a letter's first wave was whose review somebody is asked for today."""
    return today - REVIEWED_AFTER - _ASKED_AFTER, today - REVIEWED_AFTER + _ASKED_BEFORE[Step.REVIEW]


def _last_day(work: YearWork) -> date:
    if work.step is Step.REVIEW:
        return work.due_on + _ASKED_AFTER
    assert work.planned.send_week is not None
    return week_of(work.planned.send_week)[-1]


def _on_a_working_day(day: date, calendar: SchoolCalendar) -> date:
    """The day itself, or the last day before it on which people work."""
    while not is_working_day(day, calendar.bank_holidays):
        day -= timedelta(days=1)
    return day
