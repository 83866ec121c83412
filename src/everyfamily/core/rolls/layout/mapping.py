"""What each heading of a file means: as the school has saved it, or a person wrote it.

A heading can occur twice. A mapping names it with its occurrence, from 1, so that the two can be distinguished.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.model.question import ColumnShown, Question
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.model.sheet import ALL_COLUMNS, REPEATABLE
from everyfamily.core.rolls.words.words import plain

NOT_READ = "-"
"""In place of a column: the heading is known, and its cells are never read."""
PUPIL_ID_FROM = "PUPIL_ID_FROM"
"""In place of a column: the child's id is made from this cell, together with the others of this kind."""
MOST_ADULTS = 9
"""Adults in one row of a wide file: "EMAIL/2" belongs to the second one."""
_TELLS_WHO = frozenset(("PUPIL_ID", PUPIL_ID_FROM, "ADULT_NAME", "ADULT_FORENAME", "ADULT_SURNAME"))
_HEADING_SHOWN = 40


class HeadingNotFound(RollNotReadable):
    """The school's saved mapping names a heading that is not in the file."""

    code = "EF203"


class ColumnsNotFound(RollNotReadable):
    """It is not clear which headings give the child's id and the adult's name."""

    code = "EF204"
    layout = ""
    questions: tuple[Question, ...] = ()
    """What a person who knows the file must be asked."""
    columns: tuple[ColumnShown, ...] = ()
    """What each column was taken for."""

    def asking(self, layout: str, questions: tuple[Question, ...], columns: tuple[ColumnShown, ...] = ()) -> Self:
        """The same error with the questions that would solve it."""
        self.layout, self.questions, self.columns = layout, questions, columns
        return self


class MappingNotGood(RollNotReadable):
    """A mapping that a school saved, or a person wrote, is not valid."""

    code = "EF206"


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a column's cells are: `index` from 0, `column` of ours, `adult` from 1 within the row."""

    index: int
    column: str
    adult: int


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Ordered (heading, occurrence from 1, column of ours, "COLUMN/2" or "-")."""

    entries: tuple[tuple[str, int, str], ...]

    def to_json(self) -> list[list[str | int]]:
        """In the form of people.RollMapping.columns."""
        return [list(entry) for entry in self.entries]

    @classmethod
    def from_json(cls, columns: object) -> Self:
        """The reverse. Raises MappingNotGood (EF206)."""
        if not isinstance(columns, list):
            raise _not_good("It is not a list.")
        mapping = cls(tuple(_entry(entry, at) for at, entry in enumerate(columns, start=1)))
        if fault := mapping._fault():
            raise _not_good(fault)
        return mapping

    @classmethod
    def answers_from_json(cls, columns: object) -> dict[tuple[str, int], str] | None:
        """Answers about single columns, if a list names neither a child's id nor an adult's name.

        By heading, in the form in which it is compared, and occurrence. Raises MappingNotGood (EF206).
        """
        if not isinstance(columns, list) or not columns:
            return None
        entries = [_entry(entry, at) for at, entry in enumerate(columns, start=1)]
        if not _TELLS_WHO.isdisjoint(column.partition("/")[0] for *_, column in entries):
            return None
        return {(plain(heading), occurrence): column for heading, occurrence, column in entries}

    def _fault(self) -> str:
        """What is wrong with it, in one sentence, or blank if nothing is."""
        headings = Counter((plain(heading), occurrence) for heading, occurrence, _ in self.entries)
        if any(count > 1 for count in headings.values()):
            return "One heading is given twice."
        columns = Counter(column for *_, column in self.entries if column not in (NOT_READ, PUPIL_ID_FROM))
        twice = [column for column, count in columns.items() if count > 1 and column not in REPEATABLE]
        if twice:
            return f"It gives the column {twice[0]} twice."
        if missing := missing_columns(columns.keys() | {column for *_, column in self.entries}):
            return f"It gives no {' and no '.join(missing)}."
        return ""

    def apply(self, header: Sequence[str], place: SourceLocation) -> tuple[Cell, ...]:
        """Where each column is under a file's header. Raises HeadingNotFound (EF203)."""
        stands = occurrences(header)
        cells = []
        for heading, occurrence, column in self.entries:
            index = stands.get((plain(heading), occurrence))
            if index is None:
                which = "" if occurrence == 1 else f" (number {occurrence} of that name)"
                raise HeadingNotFound(
                    f"The file has no heading {shown(heading)}{which}, which the school's saved mapping names.",
                    "Export the same columns as before, or save a new mapping.",
                    place,
                )
            name, _, adult = column.partition("/")
            if name != NOT_READ:
                cells.append(Cell(index, name, int(adult or 1)))
        return tuple(cells)

    def found_in(self, header: Sequence[str]) -> int:
        """How many of its headings a row has."""
        stands = occurrences(header)
        return sum((plain(heading), occurrence) in stands for heading, occurrence, _ in self.entries)


def occurrences(header: Sequence[str]) -> dict[tuple[str, int], int]:
    """Index by heading, in the form in which it is compared, and its occurrence."""
    seen: Counter[str] = Counter()
    stands = {}
    for index, heading in enumerate(header):
        if name := plain(heading):
            seen[name] += 1
            stands[name, seen[name]] = index
    return stands


def missing_columns(columns: Iterable[str]) -> list[str]:
    """Which of the columns that a roll needs are missing, by their names in the template."""
    have = set(columns)
    missing = []
    if have.isdisjoint(("PUPIL_ID", PUPIL_ID_FROM)):
        missing.append("PUPIL_ID")
    if have.isdisjoint(("ADULT_NAME", "ADULT_FORENAME", "ADULT_SURNAME")):
        missing.append("ADULT_NAME")
    return missing


def shown(heading: str) -> str:
    """A heading in the form that a message may show: no personal data, but perhaps long."""
    kept = "".join(letter for letter in " ".join(heading.split()) if letter.isprintable())
    return f'"{kept[:_HEADING_SHOWN]}"'


def _entry(entry: object, at: int) -> tuple[str, int, str]:
    match entry:
        case [str(heading), int(occurrence), str(column)] if plain(heading) and occurrence >= 1:
            name, slash, adult = column.partition("/")
            known = name in ALL_COLUMNS or column in (NOT_READ, PUPIL_ID_FROM)
            if known and (not slash or (adult.isascii() and adult.isdigit() and 1 <= int(adult) <= MOST_ADULTS)):
                return heading, occurrence, column
            raise _not_good(f"Number {at} of it names a column that there is not.")
    raise _not_good(f"Number {at} of it is not a heading, a number from 1 and a column.")


def _not_good(fault: str) -> MappingNotGood:
    return MappingNotGood(
        f"The mapping of columns cannot be used. {fault}",
        "docs/howto/import-a-roll.md shows one. Save it again.",
        SourceLocation("mapping"),
    )
