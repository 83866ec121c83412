"""Which letters of the year are still good for families of children who joined since, and why the others are not.

Pure: the day is passed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.year_plan import YearPlan
from everyfamily.core.text.dates import day_in_words

LateJoiners = Literal["off", "half-term"]
"""A partnership's policy: new children's families get no earlier letters, or get them once in each half-term."""


@dataclass(frozen=True, slots=True)
class LetterSoFar:
    """A letter that was mailed to every family, as it is now."""

    reference: str
    opened_on: date
    state: str
    """Of its first mailing."""
    is_withdrawn: bool
    is_correction: bool
    review_on: date
    """On this day its words are to be read again."""
    bad_routes: tuple[str, ...] = ()
    """Numbers and addresses that may not be printed on the day, by their name in the register."""
    goes_to_joiners: bool = False
    """A mailing for late joiners goes on."""
    last_on: date | None = None
    """When the last mailing for late joiners opened."""


def why_not(letter: LetterSoFar, on: date, plan: YearPlan) -> str:
    """Why new families do not get the letter on that day, as a sentence. Blank if they do."""
    if AcademicYear.of(letter.opened_on) != AcademicYear.of(on):
        return "It is of another school year."
    if letter.is_withdrawn:
        return "It is withdrawn."
    if letter.is_correction:
        return "It corrects a letter that new families never had."
    if letter.goes_to_joiners:
        return "It is going to families of new children now."
    if letter.state != "closed":
        return "Its mailing is still open, and families of new children get it there."
    if letter.last_on is not None and _half_term(letter.last_on, plan) == _half_term(on, plan):
        return f"Families of new children got it in this half-term, on {day_in_words(letter.last_on)}."
    if letter.review_on <= on:
        return f"Its words should have been read again by {day_in_words(letter.review_on)}."
    if letter.bad_routes:
        return f"These routes do not count as checked on that day: {', '.join(letter.bad_routes)}."
    return ""


def _half_term(day: date, plan: YearPlan) -> object:
    term = plan.term_of(day)
    return None if term is None else term.half_of(day)


def in_turn(letters: Sequence[LetterSoFar]) -> list[LetterSoFar]:
    """In the order in which the other families had them."""
    return sorted(letters, key=lambda one: (one.opened_on, one.reference))
