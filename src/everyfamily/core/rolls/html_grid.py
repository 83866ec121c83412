"""The rows of one HTML table, with cells that reach over several columns or rows: only the first has the value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from everyfamily.core.rolls.header_row import header_score
from everyfamily.core.rolls.held_sheets import LAST_CELL, OF_THE_ROW, RowNotes
from everyfamily.core.rolls.limits import HEADER_WITHIN
from everyfamily.core.rolls.sheets import FORMULA

_MOST_ROWS_DOWN = 65_534
"""As browsers have it."""
_HEADINGS_AT_LEAST = 3
"""A table within a cell with so many known headings is a table of its own; any other is the cell's text."""


@dataclass(slots=True)
class Cell:
    """An open cell, in its place of the row, from 0."""

    at: int
    is_formula: bool = False
    lines: list[str] = field(default_factory=list)
    crossed_out: bool = False


@dataclass(slots=True)
class Row:
    """A row: its cells' values by place, and what is said beside them."""

    cells: dict[int, str] = field(default_factory=dict)
    crossed_out: bool = False
    _notes: RowNotes | None = None

    @property
    def notes(self) -> RowNotes:
        """What is said beside its cells."""
        if self._notes is None:
            self._notes = RowNotes()
        return self._notes

    @property
    def said(self) -> dict[int, str]:
        """The same by place, where something is said."""
        return self._notes.texts if self._notes else {}

    @property
    def values(self) -> list[object]:
        """All its cells, blank ones too; a short page may say that there are many."""
        return [self.cells.get(at) for at in range(max(self.cells, default=-1) + 1)]

    def clear(self) -> None:
        """Make it blank."""
        self.cells, self._notes = {}, None

    def text(self) -> str:
        """Its cells as one line."""
        return " ".join(self.cells.values())


@dataclass(slots=True)
class Table:
    """A table that is being read. At most one row and one cell of it are open."""

    above: list[str]
    """The lines before it."""
    title: str
    visible: bool
    crossed_out: bool
    marks: int
    """So many elements outside it are crossed out."""
    rows: list[Row] = field(default_factory=list)
    row: Row | None = None
    cell: Cell | None = None
    is_layout: bool = False
    """A table with headings stands in it: its own texts are titles."""
    _next: int = 0
    _taken_until: dict[int, int] = field(default_factory=dict)
    """By column: the last row that a cell from above reaches down to."""

    def start_group(self) -> None:
        """No cell reaches from the head into the body."""
        self.end_row()
        self._taken_until.clear()

    def start_row(self, *, crossed_out: bool) -> Row:
        """Open a row, and end the one before."""
        self.end_row()
        self.row = Row(crossed_out=crossed_out)
        self._next = 0
        return self.row

    def start_cell(self, across: int, down: int, *, is_formula: bool, crossed_out: bool) -> Cell:
        """Open a cell in the next free place, and end the one before."""
        self.end_cell()
        if self.row is None:
            self.start_row(crossed_out=False)
        at, number = self._next, len(self.rows)
        while self._taken_until.get(at, -1) >= number:
            at += 1
        self._next = at + min(across, LAST_CELL + 1)
        if down > 1:
            last = number + min(down, _MOST_ROWS_DOWN) - 1
            self._taken_until |= dict.fromkeys(range(at, min(self._next, LAST_CELL + 1)), last)
        self.cell = Cell(at, is_formula, crossed_out=crossed_out)
        return self.cell

    def end_cell(self) -> None:
        """Put the open cell's value into its row."""
        cell, row = self.cell, self.row
        self.cell = None
        if cell is None or row is None or cell.at > LAST_CELL:
            return
        text = "\n".join(cell.lines)
        if cell.is_formula:
            row.notes.add(cell.at, text)
            text = FORMULA
        if not text:
            return
        row.cells[cell.at] = text
        if cell.crossed_out or row.crossed_out or self.crossed_out:
            row.notes.cross_out(cell.at)

    def end_row(self) -> None:
        """Put the open row to the others."""
        self.end_cell()
        if self.row is not None:
            self.rows.append(self.row)
        self.row = None

    def note(self, text: str) -> bool:
        """Keep what is said beside the open cell, or the open row; whether there is one."""
        if self.row is None:
            return False
        self.row.notes.add(self.cell.at if self.cell else OF_THE_ROW, text)
        return True

    def is_of_its_own(self) -> bool:
        """Whether a table within another's cell is one with headings and rows."""
        best = max((header_score(list(row.cells.values())) for row in self.rows[:HEADER_WITHIN]), default=0)
        return len(self.rows) > 1 and best >= _HEADINGS_AT_LEAST

    def texts(self) -> Iterator[str]:
        """What it says, line by line, comments too; afterwards it is blank."""
        rows = [*self.rows, *([self.row] if self.row else [])]
        for row in rows:
            yield from filter(None, (row.text(), *row.said.values()))
            row.clear()
        if self.cell:
            yield from self.cell.lines
            self.cell.lines = []
