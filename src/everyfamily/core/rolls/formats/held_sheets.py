"""Sheets that a reader fills while it goes through a file once, and that are then held in memory, within limits."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.closing.workbook_notes import CROSSED_OUT, Notes
from everyfamily.core.rolls.formats.sheets import FORMULA
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.tables.table import too_many_rows

LAST_CELL = limits.COLUMNS
"""The last position in a row that is held, from 0: one more than a roll may have, so that it is refused."""
OF_THE_ROW = -1
"""The position of a note about a whole row."""
_TEXTS_KNOWN, _SHORT = 100_000, 30
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,30}")
_NUMBER = re.compile(r"[+-]?[0-9]{0,30}\.?[0-9]{1,30}(?:[eE][+-]?[0-9]{1,3})?")
_DURATION = re.compile(r"PT([0-9]{1,4})H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]{1,12})?S")
_STEPS_TO_A_PARENT = 20
_DAY_FIRST = 10
"""Characters of a day ("2026-08-07"). A time may follow it."""


@dataclass(slots=True)
class HeldSheet:
    """A sheet in memory (sheets.py says what it must provide)."""

    title: str
    called: str
    visible: bool = True
    held: list[tuple[int, Sequence[object]]] = field(default_factory=list)
    """Rows that are not blank, by their numbers, in order."""
    beside: Notes = field(default_factory=dict)

    def rows(self, last: int, wide: int) -> Iterator[tuple[int, Sequence[object]]]:
        """As sheets.py says."""
        for number, row in self.held:
            if number > last:
                return
            yield number, row[:wide]

    def hidden(self, wide: int) -> tuple[Collection[int], int]:
        """Not looked for: only a workbook of Excel is asked."""
        return (), 0

    def notes(self) -> Notes:
        """As sheets.py says."""
        return self.beside


@dataclass(slots=True)
class TextStyles:
    """Which named styles cross out a text."""

    crosses_out: dict[str, bool] = field(default_factory=dict)
    """By name, if the style itself says so."""
    parents: dict[str, str] = field(default_factory=dict)

    def is_crossed_out(self, name: str) -> bool:
        """Whether a style, or the one it is made from, crosses out."""
        if not self.crosses_out:
            return False
        for _ in range(_STEPS_TO_A_PARENT):
            if name in self.crosses_out:
                return self.crosses_out[name]
            name = self.parents.get(name, "")
        return False


@dataclass(slots=True)
class RowNotes:
    """What is said next to the cells of one row."""

    texts: dict[int, str] = field(default_factory=dict)

    def add(self, at: int, text: str) -> None:
        """Keep what is said next to the cell in position `at`."""
        if text := text.strip():
            self.texts[at] = f"{self.texts[at]}\n{text}" if at in self.texts else text

    def cross_out(self, at: int) -> None:
        """Record that the cell in position `at` is crossed out."""
        self.add(at, CROSSED_OUT)


class Holder:
    """Counts what a file's sheets hold."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._cells = 0
        self._rows = 0
        self._texts: dict[str, str] = {}

    def hold(
        self, sheet: HeldSheet, number: int, row: list[object], notes: Mapping[int, str], times: int = 1
    ) -> None:
        """Add a row at `number` that is repeated this many times. Raises RollNotReadable beyond the limits.

        A blank row that is repeated costs nothing.
        """
        del row[LAST_CELL + 1 :]
        while row and row[-1] in (None, ""):
            row.pop()
        times = times if row else 1
        if row:
            self._count(number, len(row), times)
            held = tuple(self._once(value) if type(value) is str else value for value in row)
            sheet.held += ((at, held) for at in range(number, number + times))
        if notes:
            dict_of_row = dict(notes)
            # One dictionary for all repetitions.
            sheet.beside.update((at, dict_of_row) for at in range(number, number + times))

    def _count(self, number: int, cells: int, times: int) -> None:
        self._rows += times
        self._cells += cells
        if number + times - 1 > limits.ROWS_OF_A_WORKBOOK or self._rows > 2 * limits.ROWS:
            raise too_many_rows(SourceLocation(self._file, number))
        if self._cells > limits.CELLS:
            raise RollNotReadable(
                f"The file has more than {limits.CELLS:,} cells.",
                "Export only the columns that docs/howto/import-a-roll.md names.",
                SourceLocation(self._file, number),
            )

    def _once(self, text: str) -> str:
        """Equal short texts (classes, answers) are held once."""
        if len(text) > _SHORT or len(self._texts) > _TEXTS_KNOWN:
            return text
        return self._texts.setdefault(text, text)


def text_of_lines(lines: Iterable[str]) -> str:
    """Lines of a cell, as a reader sees them."""
    return "\n".join(text for line in lines if (text := " ".join(line.split())))


def number_of(text: str) -> object:
    """A number as XML writes it. Anything else counts as a formula."""
    text = text.strip()
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else FORMULA


def day_of(text: str) -> object:
    """A day as XML writes it, perhaps with a time. Anything else counts as a formula."""
    try:
        return date.fromisoformat(text.strip()[:_DAY_FIRST])
    except ValueError:
        return FORMULA


def time_of(text: str) -> object:
    """A time as XML writes it ("PT08H30M00S"). Anything else counts as a formula."""
    found = _DURATION.fullmatch(text.strip())
    if not found:
        return FORMULA
    return timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3]))


def yes_of(text: str) -> object:
    """An answer as XML writes it."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text.strip(), FORMULA)
