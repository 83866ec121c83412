"""What the board of the year's plan shows: each half-term with its letters, what comes next for each, and doubts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.core.calendar.academic_year import AcademicYear, HalfTerm, Term
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.plan_warnings import Doubt, PlanWarning, plan_warnings, week_of
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.calendar.year_work import ABOUT, YearWork, due_work
from everyfamily.core.partnership.plan_edits import is_open
from everyfamily.core.text.dates import day_in_words
from everyfamily.mailings.queries.year_done import year_done
from everyfamily.staff.year.plan_now import PlanNow


@dataclass(frozen=True, slots=True)
class Card:
    """One letter on the board."""

    address: str
    about: str
    pack: str
    week: str
    beside: str
    """The title of the full letter beside which it goes, or ""."""
    what: str
    """What comes next, or "" if nothing does."""
    who: str
    by: str
    state: str
    """ "due", "late" or ""."""
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HalfShown:
    """A half-term, or the letters of a term of which nobody has said when they go."""

    name: str
    days: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class TermShown:
    """A term with its two halves, and with a third part only if a letter has no week."""

    id: str
    name: str
    parts: tuple[HalfShown, ...]
    is_over: bool


def board_values(now: datetime, asked: str) -> dict[str, Any]:
    """The plan in force for the school year that was `asked` for ("2026-27"), or otherwise for this one."""
    found = PlanNow.read(now)
    if found is None:
        return {"year": None}
    years = sorted({term.academic_year for term in found.plan.terms})
    wanted = next((one for one in years if str(one) == asked), AcademicYear.of(found.today))
    year = wanted if wanted in years else years[-1]
    return {
        "year": str(year),
        "others": [str(one) for one in years if one != year],
        "terms": _terms(found, year),
        "without_packs": found.packs is None,
    }


def _terms(found: PlanNow, year: AcademicYear) -> list[TermShown]:
    works = found.works(year)
    keys = year_done(works, found.now).keys
    due = due_work(works, keys, found.today)
    left = [one for one in works if one.key not in keys and (one in due or one.due_on >= found.today)]
    sending = found.partnership.sending
    packs = None if found.packs is None else {name: one.review_on for name, one in found.packs.items()}
    calendar = sending.calendar(found.plan.terms, bank_holidays())
    doubts = plan_warnings(found.plan, year, packs, sending, calendar)
    cards = {
        one: _card(found, one, [work for work in left if work.planned == one], due, doubts)
        for one in found.plan.letters
        if one.term.academic_year == year and not is_open(one)
    }
    return [
        _term(term, cards, is_over=term.closes_on < found.today)
        for term in found.plan.terms
        if term.academic_year == year
    ]


def _term(term: Term, cards: dict[PlannedLetter, Card], *, is_over: bool) -> TermShown:
    own = {one: card for one, card in cards.items() if one.term == term}
    without = tuple(card for one, card in own.items() if one.send_week is None)
    halves = [
        HalfShown(
            f"{'First' if half.number == 1 else 'Second'} half",
            _days(half),
            tuple(card for one, card in own.items() if one.half_term == half),
        )
        for half in term.halves
    ]
    extra = [HalfShown("No week yet", "", without)] if without else []
    return TermShown(term.id, term.name[:1].upper() + term.name[1:], (*halves, *extra), is_over)


def _days(half: HalfTerm) -> str:
    term = half.term
    opens, closes = (
        (term.opens_on, term.half_term_from) if half.number == 1 else (term.half_term_to, term.closes_on)
    )
    if half.number == 1:
        return f"From {day_in_words(opens)}. The holiday begins on {day_in_words(closes)}."
    return f"The holiday ends on {day_in_words(opens)}. The term closes on {day_in_words(closes)}."


def _card(
    found: PlanNow, one: PlannedLetter, left: list[YearWork], due: list[YearWork], doubts: list[PlanWarning]
) -> Card:
    following = next(iter(left), None)
    state = ""
    if following is not None and following in due:
        state = "late" if following.due_on < found.today else "due"
    return Card(
        one.address,
        one.about[:1].upper() + one.about[1:] if one.about else "Topic still open",
        found.title_of(one.topic) if one.topic else "",
        f"Week of {day_in_words(week_of(one.send_week)[0])}" if one.send_week else "No week yet",
        found.title_of(one.beside) if one.beside else "",
        ABOUT[following.step].what if following else "",
        ABOUT[following.step].who if following else "",
        day_in_words(following.due_on) if following else "",
        state,
        tuple(doubt.words for doubt in doubts if doubt.line == one.line and doubt.doubt is not Doubt.NO_LETTER),
    )
