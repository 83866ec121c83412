"""What a partnership should think about again in its plan of a year. None of it stops a letter. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from everyfamily.core.calendar.academic_year import AcademicYear, HalfTerm
from everyfamily.core.calendar.sending_days import NotOn, SchoolCalendar, Sending, why_not_on
from everyfamily.core.calendar.year_plan import PlannedLetter, YearPlan
from everyfamily.core.text.dates import day_in_words


class Doubt(StrEnum):
    """What is doubtful about a plan."""

    NO_LETTER = "no letter in a half-term"
    NO_WEEK = "no week"
    OPEN = "no topic"
    HOLIDAY = "week in a holiday"
    EXAMS = "exams in the week"
    LAST_DAYS = "last days of the term"
    NO_DAY = "no day when letters go out"
    PACK_MISSING = "no pack"
    PACK_OLD = "pack past its review"
    TWICE = "topic twice in the year"
    TWO_FULL = "two full letters in a half-term"


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """One doubt, in a sentence, and the line of the partnership's file."""

    doubt: Doubt
    words: str
    line: int


def plan_warnings(
    plan: YearPlan,
    year: AcademicYear,
    packs: Mapping[str, date] | None,
    sending: Sending,
    calendar: SchoolCalendar,
) -> list[PlanWarning]:
    """Everything doubtful in the plan of one academic year. `packs` are topics, with the day on which each pack must be
    read again; if it is None, packs are not looked at."""
    letters = [one for one in plan.letters if one.term.academic_year == year]
    found: list[PlanWarning] = []
    for term in (term for term in plan.terms if term.academic_year == year):
        of_term = [one for one in letters if one.term == term]
        if any(one.send_week for one in of_term):
            for half in term.halves:
                found += _of_half(half, of_term)
    for n, one in enumerate(letters):
        found += _of_letter(one, packs, sending, calendar)
        if one.topic and any(before.topic == one.topic for before in letters[:n]):
            topic = one.topic.replace("-", " ")
            words = f"Two letters of the year {year} have the same topic: {topic}."
            found.append(PlanWarning(Doubt.TWICE, words, one.line))
    return found


def week_of(day: date) -> tuple[date, ...]:
    """Monday to Friday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=n) for n in range(5))


def _of_half(half: HalfTerm, of_term: list[PlannedLetter]) -> Iterator[PlanWarning]:
    inside = [one for one in of_term if one.half_term == half]
    full = [one for one in inside if one.beside is None]
    if not inside:
        yield PlanWarning(
            Doubt.NO_LETTER, f"{half.name[:1].upper()}{half.name[1:]} has no letter.", of_term[0].line
        )
    if len(full) > 1:
        yield PlanWarning(
            Doubt.TWO_FULL,
            f"{half.name[:1].upper()}{half.name[1:]} has {len(full)} full letters. Families remember one.",
            full[1].line,
        )


def _of_letter(
    one: PlannedLetter, packs: Mapping[str, date] | None, sending: Sending, calendar: SchoolCalendar
) -> Iterator[PlanWarning]:
    name = f'"{one.topic}"' if one.topic else f"A letter of the {one.term.name}"
    if one.topic is None:
        yield PlanWarning(Doubt.OPEN, f"{name} has no topic yet.", one.line)
    elif packs is not None and one.topic not in packs:
        yield PlanWarning(Doubt.PACK_MISSING, f"There is no pack {name}.", one.line)
    if one.send_week is None:
        yield PlanWarning(Doubt.NO_WEEK, f"{name} has no week yet.", one.line)
        return
    week = week_of(one.send_week)
    review_on = packs.get(one.topic or "") if packs is not None else None
    if review_on is not None and review_on <= week[-1]:
        yield PlanWarning(
            Doubt.PACK_OLD,
            f"The pack {name} must be read again by {day_in_words(review_on)}, before its letter goes.",
            one.line,
        )
    if fault := _of_week(week, sending, calendar):
        doubt, words = fault
        yield PlanWarning(doubt, f"{name}, week of {day_in_words(week[0])}: {words}.", one.line)


def _of_week(week: tuple[date, ...], sending: Sending, calendar: SchoolCalendar) -> tuple[Doubt, str] | None:
    if any(day in week for day in sending.exam_weeks):
        return Doubt.EXAMS, "pupils sit exams"
    if not any(calendar.is_school_day(day) for day in week):
        return Doubt.HOLIDAY, "schools are closed"
    reasons = [why_not_on(day, sending.times, calendar) for day in week]
    if None in reasons:
        return None
    if NotOn.LAST_DAYS in reasons:
        return Doubt.LAST_DAYS, str(NotOn.LAST_DAYS).replace("it is one of", "it falls in")
    words = dict.fromkeys(str(one) for one in reasons if one is not None and one is not NotOn.WEEKDAY)
    return Doubt.NO_DAY, f"letters go out on no day of it, because {' and '.join(words)}"
