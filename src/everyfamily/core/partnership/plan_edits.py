"""A letter is added to the year plan, changed in it or taken out of it, in the text of the partnership's file. Pure.

Everything else in the file stays as people wrote it: comments, order and blank lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import tomlkit

from everyfamily.core.calendar.academic_year import Term, TermId
from everyfamily.core.calendar.plan_warnings import week_of
from everyfamily.core.calendar.year_plan import MOST_IN_A_TERM, PlannedLetter, YearPlan
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.file_edits import add_row, edited, put

_OF_LETTER = ("topic", "about", "send_week", "beside")
MOST_ABOUT = 120
"""Characters of what completes "It will be about …"."""


class PlanNotEditable(EveryfamilyError):
    """The file is written in a way in which only a person can change its plan."""

    code: ClassVar[str] = "EF680"


class AddressInUse(EveryfamilyError):
    """Taking a letter out would give its address on the parent site, or what is marked as done, to another letter."""

    code: ClassVar[str] = "EF681"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A letter as somebody wants it in the plan. `send_week` is a day in its week, and `beside` the topic of the full
    letter with which a short one goes."""

    term: TermId
    topic: str | None = None
    about: str | None = None
    send_week: date | None = None
    beside: str | None = None

    @classmethod
    def of(cls, planned: PlannedLetter) -> Wanted:
        """A letter as the plan has it."""
        return cls(planned.term.id, planned.topic, planned.about, planned.send_week, planned.beside)


def is_open(planned: PlannedLetter) -> bool:
    """Whether nobody has said anything of this letter: its term has no letter yet."""
    return Wanted.of(planned) == Wanted(planned.term.id)


def digest_of(plan: YearPlan) -> str:
    """What the plan says, as 16 hex characters. It is the same if only other settings change."""
    letters = [(one.term, one.number, Wanted.of(one)) for one in plan.letters]
    return hashlib.sha256(repr(letters).encode()).hexdigest()[:16]


def faults_of(
    plan: YearPlan, wanted: Wanted, today: date, instead_of: PlannedLetter | None = None
) -> dict[str, str]:
    """What cannot be, by field ("term", "topic", "about", "week", "beside"), each as a sentence. What only the whole
    plan shows is left to the reading of the changed file."""
    term = next((one for one in plan.terms if one.id == wanted.term), None)
    if term is None:
        return {"term": "Choose a term that the plan has."}
    others = [one for one in plan.letters if one.term == term and one != instead_of and not is_open(one)]
    found = {
        "term": f"A term has room for {MOST_IN_A_TERM} letters." if len(others) >= MOST_IN_A_TERM else "",
        "week": _fault_of_week(term, wanted, others, today, instead_of),
        **_faults_of_topic(wanted, others),
    }
    if wanted.beside and not _goes_beside(wanted, others):
        found["beside"] = "There is no full letter on this topic in the same half-term."
    short = [one for one in others if instead_of is not None and one.beside == instead_of.topic and one.beside]
    if any(not _still_beside(one, wanted) for one in short):
        found["topic"] = "A short letter goes beside this one. Change or take out the short letter first."
    return {field: words for field, words in found.items() if words}


def _fault_of_week(
    term: Term,
    wanted: Wanted,
    others: Collection[PlannedLetter],
    today: date,
    instead_of: PlannedLetter | None,
) -> str:
    week = wanted.send_week
    if week is None:
        return "Give the week. The term has another letter, so each needs its own." if others else ""
    if not term.opens_on <= week <= term.closes_on:
        return f"This day is not in the {term.name}."
    is_moved = instead_of is None or week != instead_of.send_week
    return "This week is over. Choose a later one." if is_moved and week_of(week)[-1] < today else ""


def _faults_of_topic(wanted: Wanted, others: Collection[PlannedLetter]) -> dict[str, str]:
    found = {}
    if wanted.topic and any(one.topic == wanted.topic for one in others):
        found["topic"] = "Another letter of this term has this topic."
    if wanted.topic and not wanted.about:
        found["about"] = "Say what it is about. The letter before announces it in these words."
    elif wanted.about and not wanted.topic:
        found["topic"] = "Choose the topic too, or clear what the letter is about."
    if wanted.about and (len(wanted.about) > MOST_ABOUT or not wanted.about.isprintable()):
        found["about"] = f"Use at most {MOST_ABOUT} letters, on one line."
    return found


def _goes_beside(wanted: Wanted, others: Collection[PlannedLetter]) -> bool:
    return any(
        one.topic == wanted.beside
        and one.beside is None
        and wanted.send_week is not None
        and one.half_term == one.term.half_of(wanted.send_week)
        for one in others
    )


def _still_beside(short: PlannedLetter, full: Wanted) -> bool:
    return (
        full.term == short.term.id
        and full.topic == short.beside
        and full.beside is None
        and full.send_week is not None
        and short.term.half_of(full.send_week) == short.half_term
    )


def with_added(text: str, wanted: Wanted) -> str:
    """The file with one more letter, after the others of its term. Raises PlanNotEditable."""
    return _edited(text, lambda terms: _add(terms, wanted))


def with_changed(
    text: str, plan: YearPlan, planned: PlannedLetter, wanted: Wanted, in_use: Collection[str]
) -> str:
    """The file with `wanted` instead of `planned`. It keeps its place in the term; in another term it is the last one.

    Raises PlanNotEditable, and AddressInUse as `with_taken_out` does.
    """
    if wanted.term == planned.term.id:
        return _edited(text, lambda terms: _write(_row(terms, planned), wanted))
    _refuse_in_use(plan, planned, in_use)

    def move(terms: Any) -> None:
        _take_out(terms, planned)
        _add(terms, wanted)

    return _edited(text, move)


def with_taken_out(text: str, plan: YearPlan, planned: PlannedLetter, in_use: Collection[str]) -> str:
    """The file without a letter. `in_use` are addresses ("spring-2027-2") of letters for which something is done.

    Raises PlanNotEditable, and AddressInUse if one of those is the letter's, or that of a later one of its term, which
    would move up.
    """
    _refuse_in_use(plan, planned, in_use)
    if any(one.term == planned.term and one.beside and one.beside == planned.topic for one in plan.letters):
        raise AddressInUse(
            "A short letter goes beside this one.", "Change the short letter first, or take it out first."
        )
    return _edited(text, lambda terms: _take_out(terms, planned))


def _refuse_in_use(plan: YearPlan, planned: PlannedLetter, in_use: Collection[str]) -> None:
    if planned.address in in_use:
        raise AddressInUse(
            "Work on this letter has begun, so it stays in its term.",
            "Change its topic or its week within the term.",
        )
    later = [one for one in plan.letters if one.term == planned.term and one.number > planned.number]
    if any(one.address in in_use for one in later):
        raise AddressInUse(
            "Work on a later letter of this term has begun, and that letter would get this one’s address.",
            "Keep this one in the term, and change its topic or its week.",
        )


def _edited(text: str, edit: Callable[[Any], None]) -> str:
    """The text after an edit of its terms, if nothing else is different then."""
    made = edited(text, lambda file: edit(file["terms"]), _kept)
    if made is None:
        raise PlanNotEditable(
            "The settings are written in a way in which the plan cannot be changed here.",
            "Change the plan in the file, and give the file on the page Settings.",
        )
    return made


def _kept(file: dict[str, Any]) -> object:
    """All that an edit of the plan leaves as it is: everything but the letters, and the days of each term."""
    rows = [{key: row[key] for key in row if key not in (*_OF_LETTER, "letters")} for row in file.pop("terms")]
    return file, rows


def _term(terms: Any, term: TermId) -> Any:
    return next(row for row in terms if f"{row['season']}-{row['opens_on'].year}" == term)


def _rows(term: Any) -> list[Any]:
    """The letters of a term in order of their numbers, as core/partnership/partnership.py counts them."""
    letters = list(term.get("letters", ()))
    has_letter = any(key in term for key in _OF_LETTER)
    return [term, *letters] if has_letter or not letters else letters


def _row(terms: Any, planned: PlannedLetter) -> Any:
    return _rows(_term(terms, planned.term.id))[planned.number - 1]


def _write(row: Any, wanted: Wanted) -> None:
    for key in _OF_LETTER:
        put(row, key, getattr(wanted, key))


def _add(terms: Any, wanted: Wanted) -> None:
    term = _term(terms, wanted.term)
    if "letters" not in term and not any(key in term for key in _OF_LETTER):
        _write(term, wanted)
        return
    row = tomlkit.table()
    _write(row, wanted)
    add_row(term, "letters", row)


def _take_out(terms: Any, planned: PlannedLetter) -> None:
    term = _term(terms, planned.term.id)
    row = _row(terms, planned)
    if row is term:
        _write(row, Wanted(planned.term.id))
        return
    place = next(n for n, one in enumerate(term["letters"]) if one is row)
    if len(term["letters"]) == 1:
        del term["letters"]
    else:
        del term["letters"][place]
