"""The year plan: which topics each term's letters have, in which week each goes, and which comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import ClassVar

from everyfamily.core.calendar.academic_year import SEASONS, HalfTerm, Term, TermId
from everyfamily.core.errors import EveryfamilyError

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
MOST_IN_A_TERM = len(_ORDINALS)


class TermNotPlanned(EveryfamilyError):
    """The year plan has no such term."""

    code: ClassVar[str] = "EF141"


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """One letter: `topic` is a pack's id, and `about` completes "It will be about …". Both are None if open."""

    term: Term
    topic: str | None = None
    about: str | None = None
    send_week: date | None = None
    """A day in the week in which it is sent."""
    line: int = 1
    number: int = 1
    """Its place in the term as the file has it. The second letter has an address of its own on the parent site, so a
    letter that is added later is written after the others, whatever its week."""
    beside: str | None = None
    """Topic of the full letter of the same half-term beside which this short one goes."""

    @property
    def half_term(self) -> HalfTerm | None:
        """The half of the term in which it goes. None if nobody has said when."""
        return self.term.half_of(self.send_week) if self.send_week is not None else None

    @property
    def address(self) -> str:
        """The end of its page's address: "spring-2027", and "spring-2027-2" for the second of a term."""
        return self.term.id if self.number == 1 else f"{self.term.id}-{self.number}"

    @property
    def term_words(self) -> str:
        """What the letter says it is of: "spring term 2027", "spring term 2027, second letter"."""
        return self.term.name if self.number == 1 else f"{self.term.name}, {_ORDINALS[self.number - 1]} letter"


@dataclass(frozen=True, slots=True)
class YearPlan:
    """Planned letters in order of time. A term has at least one, which may be open."""

    letters: tuple[PlannedLetter, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its terms, each once."""
        return tuple(dict.fromkeys(planned.term for planned in self.letters))

    def of(self, term: TermId, topic: str | None = None) -> PlannedLetter:
        """The letter of `term` with this topic, and otherwise the first one of the term. Raises TermNotPlanned."""
        found = [planned for planned in self.letters if planned.term.id == term]
        if not found:
            known = ", ".join(term.id for term in self.terms)
            raise TermNotPlanned(f'The year plan has no term "{term}".', f"Use one of: {known}.")
        return next((planned for planned in found if topic and planned.topic == topic), found[0])

    def next_after(self, planned: PlannedLetter) -> PlannedLetter | None:
        """The next full letter, or None at the plan's end. What goes beside another is never the next letter."""
        place = self.letters.index(planned) + 1
        return next((one for one in self.letters[place:] if one.beside is None), None)

    def term_of(self, day: date) -> Term | None:
        """The term that contains `day`, or None in a holiday between terms."""
        return next((term for term in self.terms if term.opens_on <= day <= term.closes_on), None)

    def faults(self) -> tuple[tuple[PlannedLetter, str], ...]:
        """What is not valid: dates of a term, overlaps, terms out of order, letters that contradict each other. Empty
        if everything is valid."""
        firsts = [next(one for one in self.letters if one.term == term) for term in self.terms]
        found = [(first, fault) for first in firsts for fault in first.term.faults()]
        for before, after in pairwise(firsts):
            if after.term.opens_on <= before.term.closes_on:
                found.append((after, f"{after.term.name} opens before {before.term.name} has closed"))
            elif SEASONS.index(after.term.season) != (SEASONS.index(before.term.season) + 1) % 3:
                found.append((after, f"{after.term.name} does not follow {before.term.name}"))
        found += [(planned, fault) for planned in self.letters for fault in self._faults_of(planned)]
        return tuple(found)

    def _faults_of(self, planned: PlannedLetter) -> list[str]:
        week, found = planned.send_week, []
        others = [one for one in self.letters if one.term == planned.term and one is not planned]
        if week is not None and not planned.term.opens_on <= week <= planned.term.closes_on:
            found.append("send_week is outside the term")
        if week is None and others:
            found.append("it has several letters, and one of them has no send_week")
        if (planned.topic is None) != (planned.about is None):
            found.append("topic and about belong together")
        if planned.topic and any(one.topic == planned.topic for one in others):
            found.append(f'"{planned.topic}" is twice in it')
        if planned.beside and not any(
            one.topic == planned.beside and one.beside is None and one.half_term == planned.half_term
            for one in others
        ):
            found.append(f'beside names no full letter of the same half-term: "{planned.beside}"')
        return found


def in_order(letters: list[PlannedLetter]) -> list[PlannedLetter]:
    """One term's letters by their weeks; those of one week with the full ones first."""
    return sorted(letters, key=lambda one: (one.send_week or one.term.opens_on, one.beside is not None))
