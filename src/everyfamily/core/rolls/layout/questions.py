"""What a person is asked once about a school's export, because headings and values leave it open.

A question names columns and shows the first three values of each. The answer says what each column holds, by
heading and occurrence, and is remembered for the school and this layout (people/actions/rolls/roll_answers.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from everyfamily.core.rolls.layout.heading_parts import UNKNOWN
from everyfamily.core.rolls.layout.layout_columns import NOBODYS, ROW, WAYS, Column
from everyfamily.core.rolls.layout.mapping import NOT_READ
from everyfamily.core.rolls.model.question import CLOSES, Candidate, ColumnShown, Question
from everyfamily.core.rolls.words.words import plain

VALUES_SHOWN = 3
_LONGEST_SHOWN = 40
type Answers = Mapping[tuple[str, int], str]
"""By heading, in the form of `plain`, and its occurrence from 1: a column of core/rolls/model/sheet.py, or "-"."""


@dataclass(frozen=True, slots=True)
class KnownAnswers:
    """What people said about a school's exports, by the layout's digest, and what is said about the current file."""

    by_layout: Mapping[str, Answers] = field(default_factory=dict)
    of_this_file: Answers = field(default_factory=dict)

    def of(self, layout: str) -> Answers:
        """The answers that count for a layout."""
        return {**self.by_layout.get(layout, {}), **self.of_this_file}


def answers_of(question: Question, chosen: Iterable[int]) -> dict[tuple[str, int], str]:
    """The answers that follow from the chosen candidates, by their positions from 0."""
    picked = set(chosen)
    return {_key(one): question.about if at in picked else NOT_READ for at, one in enumerate(question.candidates)}


CLOSING = frozenset(
    (
        *("RESTRICTION", "COURT_ORDER", "CORRESPONDENCE", CLOSES, "OBJECTS", "IN_CARE", "NOTES", "LINK"),
        *("LEAVING", "DECEASED", "ON_ROLL"),
    )
)
"""What can keep an adult from the letter, or a child off the roll."""


def for_the_lead(
    columns: Iterable[ColumnShown], questions: Iterable[Question], answers: Answers
) -> frozenset[tuple[str, int]]:
    """The headings that were taken for something that closes, or were asked about, and that the answers make something
    else. Only the school's lead says that. To call such a column the class keeps nobody away either."""
    closing = {_key(one) for one in columns if one.guess.partition("/")[0] in CLOSING}
    closing |= {_key(one) for question in questions if question.about == CLOSES for one in question.candidates}
    return frozenset(
        key for key, column in answers.items() if key in closing and column.partition("/")[0] not in CLOSING
    )


def _key(one: Candidate) -> tuple[str, int]:
    return plain(one.heading), one.occurrence


def layout_key(headings: Sequence[str]) -> str:
    """A layout's digest: the same headings in the same order, ignoring case and punctuation."""
    return hashlib.sha256("\n".join(map(plain, headings)).encode()).hexdigest()[:32]


def questions_about(
    headings: Sequence[str], closing: Iterable[Column], ways: Iterable[Column], rows: Sequence[Sequence[str]]
) -> tuple[Question, ...]:
    """The questions that columns leave open: `closing` may close, and for `ways` it is not clear whom they reach."""
    asked: dict[str, list[int]] = {}
    for one in closing:
        asked.setdefault(CLOSES, []).append(one.index)
    for one in ways:
        about = "MOBILE" if one.what == "PHONE" else one.what
        if about in (*WAYS, "ADDRESS"):
            asked.setdefault(about, []).append(one.index)
    return tuple(Question(about, _candidates(headings, indexes, rows)) for about, indexes in asked.items())


def question_of(about: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Question:
    """The question which column is one that a roll needs."""
    named = [index for index, heading in enumerate(headings) if plain(heading)]
    return Question(about, _candidates(headings, named, rows))


_OURS = {"NAME": "ADULT_NAME", "FORENAME": "ADULT_FORENAME", "SURNAME": "ADULT_SURNAME"}
_KEPT_APART = frozenset(("ADULT_NAME", "ADULT_FORENAME", "ADULT_SURNAME"))


def columns_shown(
    headings: Sequence[str], columns: Iterable[Column], rows: Sequence[Sequence[str]]
) -> tuple[ColumnShown, ...]:
    """Every column that has a heading, with what it is taken for and its first values."""
    taken: dict[int, str] = {}
    for one in columns:
        guess = _guess(one)
        if guess not in ("", NOT_READ) or one.index not in taken:
            taken.setdefault(one.index, guess)
    named = [index for index, heading in enumerate(headings) if plain(heading)]
    return tuple(
        ColumnShown(one.heading, one.occurrence, one.values, taken.get(index, ""))
        for index, one in zip(named, _candidates(headings, named, rows), strict=True)
    )


def _guess(one: Column) -> str:
    whole = one.what.partition("/")[0]
    if one.what == UNKNOWN or (one.owner == NOBODYS and one.what != NOT_READ):
        return ""
    ours = _OURS.get(whole, whole)
    if one.owner == ROW:
        # A child's name is thrown away.
        return NOT_READ if ours in _KEPT_APART else ours
    return ours if one.owner == 1 else f"{ours}/{one.owner}"


def _candidates(
    headings: Sequence[str], indexes: Iterable[int], rows: Sequence[Sequence[str]]
) -> tuple[Candidate, ...]:
    found = []
    for index in indexes:
        name = plain(headings[index])
        occurrence = sum(plain(other) == name for other in headings[: index + 1])
        texts = dict.fromkeys(row[index] for row in rows if index < len(row) and row[index].strip())
        values = tuple(text[:_LONGEST_SHOWN] for text in list(texts)[:VALUES_SHOWN])
        found.append(Candidate(headings[index], occurrence, values))
    return tuple(found)
