"""What is known of an uploaded file, as one encrypted note: its name, what its columns are, and what it would do.

It has children's own ids and the first values of columns, so it is encrypted under the school's key. It is cleared
with the file, or by the same hour if the file has gone in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import read_json
from everyfamily.core.rolls.model.question import Candidate, ColumnShown, Question
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.people.actions.rolls.roll_changes import Change, ChildChange
from everyfamily.people.actions.rolls.roll_report import report_as_json
from everyfamily.people.actions.rolls.rolls import ImportReport

PLACE = "roll upload"
"""What the place of its ciphertext is called."""


_OF_ROWS = ("rows", "accepted", "children", "joined", "left_proposed", "changed", "adults_missing", "held")


@dataclass(frozen=True, slots=True)
class Review:
    """What a file would do, or did. `counts` is what `everyfamily import roll --json` prints."""

    counts: Mapping[str, Any]
    set_aside: tuple[SetAside, ...]
    child_of_row: Mapping[int, str] = field(repr=False)
    changes: tuple[ChildChange, ...] = field(repr=False)
    on_roll: int
    matching: int

    @classmethod
    def of(cls, report: ImportReport) -> Self:
        """From an import's report."""
        return cls(
            report_as_json(report),
            report.set_aside,
            report.child_of_row,
            report.changes,
            report.on_roll,
            report.matching,
        )

    def shows_the_rows_of(self, report: ImportReport) -> bool:
        """Whether a later report says the same of each child and each row. How many adults wait is not a row: it
        follows every decision of the lead, and the page says it again once the file is in."""
        other = Review.of(report)
        return (
            all(self.counts[name] == other.counts[name] for name in _OF_ROWS)
            and (self.set_aside, self.on_roll, self.matching) == (other.set_aside, other.on_roll, other.matching)
            and set(self.changes) == set(other.changes)
        )

    def children(self, what: Change) -> list[ChildChange]:
        """Those to whom it happens."""
        return [one for one in self.changes if one.what is what]


@dataclass(frozen=True, slots=True)
class Note:
    """Everything about one upload that is the school's own."""

    name: str
    """What the file is called."""
    layout: str = ""
    columns: tuple[ColumnShown, ...] = field(default=(), repr=False)
    questions: tuple[Question, ...] = field(default=(), repr=False)
    review: Review | None = None
    before: Mapping[str, Any] | None = None
    """The counts of the review before, if something changed since somebody looked at it."""
    fact: str = ""
    fix: str = ""
    row: int = 0
    """Why it failed, and the row of the sheet, or 0."""

    def failed_by(self, problem: EveryfamilyError) -> Note:
        """What is left once it failed."""
        row = problem.place.line if problem.place is not None and problem.place.line > 1 else 0
        return Note(self.name, fact=problem.fact, fix=problem.fix, row=row)

    def without_values(self) -> Note:
        """The same without any value of a column, for a file that is in."""
        columns = tuple(replace(one, values=()) for one in self.columns)
        return replace(self, columns=columns, questions=())

    def as_values(self) -> dict[str, Any]:
        """For JSON."""
        values = asdict(self)
        if self.review is not None:
            values["review"]["child_of_row"] = list(self.review.child_of_row.items())
        return values

    @classmethod
    def from_text(cls, text: str) -> Note:
        """The reverse. We wrote it ourselves, under the school's key."""
        values: Any = read_json(text.encode())
        review = values.pop("review")
        return cls(
            columns=tuple(ColumnShown(**_with_values(one)) for one in values.pop("columns")),
            questions=tuple(_question(one) for one in values.pop("questions")),
            review=None if review is None else _review(review),
            **values,
        )


def _with_values(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "values": tuple(one["values"])}


def _question(one: Mapping[str, Any]) -> Question:
    return Question(one["about"], tuple(Candidate(**_with_values(each)) for each in one["candidates"]))


def _review(values: Mapping[str, Any]) -> Review:
    changes: Sequence[Mapping[str, Any]] = values["changes"]
    return Review(
        values["counts"],
        tuple(SetAside(**one) for one in values["set_aside"]),
        dict(values["child_of_row"]),
        tuple(
            ChildChange(
                **{**one, "what": Change(one["what"]), "details": tuple(map(tuple, one.get("details", ())))}
            )
            for one in changes
        ),
        values["on_roll"],
        values["matching"],
    )
