"""A question about a school's export, as values that a command or a screen asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

CLOSES = "NOT_TO_WRITE"
"""The question whether columns say who must not be written to."""
_WHICH = {
    "EMAIL": "Which of these columns is the parent's email?",
    "MOBILE": "Which of these columns is the parent's mobile?",
    "ADDRESS": "Which of these columns is the parent's address?",
    CLOSES: "Which of these columns say who must not be written to?",
    "PUPIL_ID": "Which of these columns is the child's id?",
    "ADULT_NAME": "Which of these columns is the parent's name?",
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may be meant: its heading, which of several, and its first values (never logged)."""

    heading: str
    occurrence: int
    values: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ColumnShown(Candidate):
    """A column of an export with what we take it for: a column of ours, with "/2" for the second adult of a row.

    Blank if we do not know it, and "-" if we know it and do not read it.
    """

    guess: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question about a file. `about` is the column of ours that the answer fills."""

    about: str
    candidates: tuple[Candidate, ...]

    @property
    def sentence(self) -> str:
        """The question as a person reads it."""
        return _WHICH[self.about]


def once_each(questions: Iterable[Question]) -> tuple[Question, ...]:
    """From several sheets' questions, one about each column of ours, with the candidates of all."""
    asked: dict[str, dict[tuple[str, int], Candidate]] = {}
    for question in questions:
        for one in question.candidates:
            asked.setdefault(question.about, {}).setdefault((one.heading, one.occurrence), one)
    return tuple(Question(about, tuple(candidates.values())) for about, candidates in asked.items())
