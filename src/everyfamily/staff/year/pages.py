"""What the page of the year's plan shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.plan_warnings import plan_warnings, week_of
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.calendar.year_work import ABOUT, MARKED_BY_HAND, YearWork, due_work, year_work
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.core.text.dates import day_in_words, day_with_weekday
from everyfamily.mailings.queries.reviews import reviewed_of
from everyfamily.mailings.queries.year_done import year_done
from everyfamily.partnership.queries import in_force


@dataclass(frozen=True, slots=True)
class StepShown:
    """One step of a letter. `state` is "done", "due", "late" or "" (its day is to come, or is over)."""

    key: str
    what: str
    who: str
    day: str
    state: str
    mark: str
    """The step that whoever opened the page may say is done now, or ""."""


@dataclass(frozen=True, slots=True)
class LetterShown:
    """One letter of the plan."""

    address: str
    name: str
    about: str
    week: str
    steps: tuple[StepShown, ...]


def year_values(now: datetime, asked: str, *, may_mark: bool) -> dict[str, Any]:
    """The plan in force for the school year that was `asked` for ("2026-27"), or otherwise for this one. Without
    settings, or with settings that cannot be read, there is nothing to show."""
    try:
        found = in_force()
    except (EveryfamilyError, OSError):
        found = None
    if found is None:
        return {"year": None}
    return _values(found.partnership, now, asked, may_mark)


def _values(partnership: Partnership, now: datetime, asked: str, may_mark: bool) -> dict[str, Any]:
    plan, sending, today = partnership.year_plan, partnership.sending, now.astimezone(LONDON).date()
    years = sorted({term.academic_year for term in plan.terms})
    wanted = next((one for one in years if str(one) == asked), AcademicYear.of(today))
    year = wanted if wanted in years else years[-1]
    calendar = sending.calendar(plan.terms, bank_holidays())
    works = year_work(plan, year, sending.times, calendar)
    keys = year_done(works, now).keys
    due = due_work(works, keys, today)
    letters = [one for one in plan.letters if one.term.academic_year == year]
    return {
        "year": str(year),
        "others": [str(one) for one in years if one != year],
        "letters": [_letter(one, works, keys, due, today, may_mark) for one in letters],
        "due": len(due),
        "reviews": reviewed_of(year.first_day, year.last_day, now),
        "warnings": [one.words for one in plan_warnings(plan, year, None, sending, calendar)],
    }


def _letter(
    planned: PlannedLetter,
    works: list[YearWork],
    keys: frozenset[str],
    due: list[YearWork],
    today: date,
    may_mark: bool,
) -> LetterShown:
    week = f"Week of {day_in_words(week_of(planned.send_week)[0])}" if planned.send_week else "No week yet"
    beside = f" Short letter, beside “{planned.beside}”." if planned.beside else ""
    about = f"It is about {planned.about}.{beside}" if planned.about else "Its topic is still open."
    return LetterShown(
        planned.address,
        f"{planned.term_words[:1].upper()}{planned.term_words[1:]}",
        about,
        week,
        tuple(_step(one, keys, due, today, may_mark) for one in works if one.planned == planned),
    )


def _step(work: YearWork, keys: frozenset[str], due: list[YearWork], today: date, may_mark: bool) -> StepShown:
    about = ABOUT[work.step]
    state = "done" if work.key in keys else ""
    if work in due:
        state = "late" if work.due_on < today else "due"
    mark = work.step.value if state in ("due", "late") and work.step in MARKED_BY_HAND and may_mark else ""
    return StepShown(work.key, about.what, about.who, day_with_weekday(work.due_on), state, mark)
