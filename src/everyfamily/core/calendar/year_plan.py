"""The year plan: which topic each term's letter has, and which comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from everyfamily.core.calendar.academic_year import SEASONS, Term, TermId
from everyfamily.core.errors import EveryfamilyError


class TermNotPlanned(EveryfamilyError):
    """The year plan has no such term."""

    code: ClassVar[str] = "EF141"


@dataclass(frozen=True, slots=True)
class PlannedLetter:
    """One term's letter: `topic` is a pack's id, and `about` completes "It will be about …". Both are None if open."""

    term: Term
    topic: str | None = None
    about: str | None = None
    send_week: date | None = None
    """A day in the week in which it is sent."""
    line: int = 1


@dataclass(frozen=True, slots=True)
class YearPlan:
    """Planned letters in order of time."""

    letters: tuple[PlannedLetter, ...]

    def of(self, term: TermId) -> PlannedLetter:
        """The letter planned for `term`; raises TermNotPlanned."""
        for planned in self.letters:
            if planned.term.id == term:
                return planned
        known = ", ".join(planned.term.id for planned in self.letters)
        raise TermNotPlanned(f'The year plan has no term "{term}".', f"Use one of: {known}.")

    def next_after(self, term: TermId) -> PlannedLetter | None:
        """The letter of the term that follows, or None at the plan's end. Raises TermNotPlanned."""
        place = self.letters.index(self.of(term)) + 1
        return self.letters[place] if place < len(self.letters) else None

    def term_of(self, day: date) -> Term | None:
        """The term that contains `day`, or None in a holiday between terms."""
        for planned in self.letters:
            if planned.term.opens_on <= day <= planned.term.closes_on:
                return planned.term
        return None

    def faults(self) -> tuple[tuple[PlannedLetter, str], ...]:
        """What is not valid: dates of a term, overlaps, terms out of order. Empty if everything is valid."""
        found = [(planned, fault) for planned in self.letters for fault in planned.term.faults()]
        for before, after in zip(self.letters, self.letters[1:], strict=False):
            if after.term.opens_on <= before.term.closes_on:
                found.append((after, f"{after.term.name} opens before {before.term.name} has closed"))
            elif SEASONS.index(after.term.season) != (SEASONS.index(before.term.season) + 1) % 3:
                found.append((after, f"{after.term.name} does not follow {before.term.name}"))
        for planned in self.letters:
            week = planned.send_week
            if week is not None and not planned.term.opens_on <= week <= planned.term.closes_on:
                found.append((planned, "send_week is outside the term"))
            if (planned.topic is None) != (planned.about is None):
                found.append((planned, "topic and about belong together"))
        return tuple(found)
