"""The rows of one HTML table. If a cell spans several columns or rows, only the first has its value."""

from __future__ import annotations

from dataclasses import dataclass, field

from everyfamily.core.rolls.formats.held_sheets import LAST_CELL, OF_THE_ROW, RowNotes
from everyfamily.core.rolls.formats.sheets import FORMULA
from everyfamily.core.rolls.layout.header_row import HEADINGS_AT_LEAST, header_score
from everyfamily.core.rolls.model.limits import HEADER_WITHIN

_MOST_ROWS_DOWN = 65_534
"""As in browsers."""
_LOOKED_AT = 5
"""Rows that may be headings."""
_HEADINGS_AT_LEAST = 3
"""A table within a cell with this many known headings is a separate table. Any other is the cell's text."""
_LONGEST_HEAD = 10
"""The most rows of a table that may be a report's head."""


@dataclass(slots=True)
class Cell:
    """An open cell, at its position in the row, from 0."""

    at: int
    is_formula: bool = False
    lines: list[str] = field(default_factory=list)
    crossed_out: bool = False


@dataclass(slots=True)
class Row:
    """A row: its cells' values by position, and what is said next to them."""

    cells: dict[int, str] = field(default_factory=dict)
    crossed_out: bool = False
    _notes: RowNotes | None = None

    @property
    def notes(self) -> RowNotes:
        """What is said next to its cells."""
        if self._notes is None:
            self._notes = RowNotes()
        return self._notes

    @property
    def said(self) -> dict[int, str]:
        """The same by position, if something is said."""
        return self._notes.texts if self._notes else {}

    @property
    def values(self) -> list[object]:
        """All its cells, including blank ones. A short page may say that there are many."""
        return [self.cells.get(at) for at in range(max(self.cells, default=-1) + 1)]

    def clear(self) -> None:
        """Make it blank."""
        self.cells, self._notes = {}, None

    def text(self) -> str:
        """Its cells as one line."""
        return " ".join(self.cells.values())


@dataclass(slots=True)
class Table:
    """A table that is being read. At most one of its rows and one of its cells are open."""

    above: list[str]
    """The lines before it."""
    title: str
    visible: bool
    crossed_out: bool
    marks: int
    """How many elements outside it are crossed out."""
    rows: list[Row] = field(default_factory=list)
    row: Row | None = None
    cell: Cell | None = None
    is_layout: bool = False
    """A table with headings is inside it, so its own texts are titles."""
    wide: int = 0
    """Its columns."""
    _next: int = 0
    _taken_until: dict[int, int] = field(default_factory=dict)
    """By column: the last row that a cell from above reaches."""

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
        """Open a cell at the next free position, and end the one before."""
        self.end_cell()
        if self.row is None:
            self.start_row(crossed_out=False)
        at, number = self._next, len(self.rows)
        while self._taken_until.get(at, -1) >= number:
            at += 1
        self._next = at + min(across, LAST_CELL + 1)
        self.wide = max(self.wide, self._next)
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
        """Put the open row with the others."""
        self.end_cell()
        if self.row is not None:
            self.rows.append(self.row)
        self.row = None

    def note(self, text: str) -> bool:
        """Keep what is said next to the open cell, or the open row. Returns whether there is one."""
        if self.row is None:
            return False
        self.row.notes.add(self.cell.at if self.cell else OF_THE_ROW, text)
        return True

    def headings(self, rows: int = HEADER_WITHIN) -> int:
        """How many known headings one of its first rows has."""
        return max((header_score(list(row.cells.values())) for row in self.rows[:rows]), default=0)

    def is_of_its_own(self) -> bool:
        """Whether a table within another's cell is a separate one, with headings and rows."""
        return len(self.rows) > 1 and self.headings() >= _HEADINGS_AT_LEAST

    def is_head(self) -> bool:
        """Whether it may say something about the next table: its class, who printed it."""
        return len(self.rows) <= _LONGEST_HEAD and self.headings() < HEADINGS_AT_LEAST

    def goes_on_from(self, before: Table) -> bool:
        """Whether it has no headings of its own and directly follows a table with the same number of columns."""
        return (
            not self.above
            and self.visible == before.visible
            and self.wide == before.wide
            and self.headings(_LOOKED_AT) < HEADINGS_AT_LEAST
            and before.headings() >= _HEADINGS_AT_LEAST
        )

    def take(self) -> tuple[list[str], list[str]]:
        """What it says line by line, and what is said next to its cells. Afterwards it is blank."""
        lines: list[str] = []
        beside: list[str] = []
        for row in (*self.rows, *([self.row] if self.row else [])):
            lines += filter(None, [row.text()])
            beside += row.said.values()
            row.clear()
        if self.cell:
            lines += self.cell.lines
            self.cell.lines = []
        return lines, beside
