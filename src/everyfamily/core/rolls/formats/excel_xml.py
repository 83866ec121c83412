"""Excel's XML of 2003 as sheets of cells: some systems export it under the name .xls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from everyfamily.core.rolls.formats.held_sheets import (
    LAST_CELL,
    HeldSheet,
    Holder,
    RowNotes,
    TextStyles,
    day_of,
    number_of,
    text_of_lines,
    yes_of,
)
from everyfamily.core.rolls.formats.sheets import FORMULA, read_sheets
from everyfamily.core.rolls.formats.xml_pieces import Listener, in_pieces, read_xml
from everyfamily.core.rolls.layout.mapping import ColumnMapping, shown
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.sheet import Sheet

_AGAIN = "Open it in Excel and save it as .xlsx"
_MOST_SHEETS = 250
_PLACE = re.compile(r"[0-9]{1,8}")
_CROSS_OUT = frozenset(("s", "strike", "del"))


def read_excel_xml(
    data: bytes, file: str, mapping: ColumnMapping | None = None, answers: KnownAnswers | None = None
) -> Sheet:
    """Read a workbook that is one XML file. Raises RollNotReadable."""
    reader = _Reader(file)
    read_xml(reader, in_pieces(data), "workbook", _AGAIN)
    return read_sheets(reader.sheets, file, ".xml", mapping, answers)


@dataclass(slots=True)
class _Cell:
    """An open cell."""

    is_formula: bool
    kind: str = "String"
    text: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    crossed_out: bool = False

    def value(self) -> object:
        """Its value. A formula's result is not believed."""
        text = text_of_lines("".join(self.text).split("\n"))
        if self.is_formula or self.kind == "Error":
            self.beside.append(f"\n{text}")
            return FORMULA
        reads = {"Number": number_of, "DateTime": day_of, "Boolean": yes_of}.get(self.kind)
        return reads(text) if reads and text else text


class _Reader(Listener):
    """What the parser says about the file's elements. Only their local names count, because prefixes differ."""

    def __init__(self, file: str) -> None:
        super().__init__(file, _AGAIN)
        self.sheets: list[HeldSheet] = []
        self._styles = TextStyles()
        self._style = ""
        self._holder = Holder(file)
        self._row = self._more_rows = 0
        self._row_style = ""
        self._columns: dict[int, str] = {}
        self._column = 0
        self._at = 0
        self._merged = 0
        self._values: list[object] = []
        self._notes = RowNotes()
        self._cell: _Cell | None = None
        self._open: list[str] = []
        self._visible: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        name = _own(tag)
        self._open.append(name)
        given = {_own(key): value for key, value in attributes.items()}
        if self._cell:
            self._start_in_cell(self._cell, name, given)
        elif name == "Style":
            self._style = given.get("ID", "")
            if "Parent" in given:
                self._styles.parents[self._style] = given["Parent"]
        elif name == "Font" and "StrikeThrough" in given:
            self._styles.crosses_out[self._style] = given["StrikeThrough"] != "0"
        elif name == "Worksheet":
            self._start_sheet(given.get("Name", ""))
        elif self.sheets:
            self._start_in_sheet(name, given)

    def _start_sheet(self, title: str) -> None:
        if len(self.sheets) == _MOST_SHEETS:
            raise self.refused(f"The file has more than {_MOST_SHEETS} sheets.")
        self.sheets.append(HeldSheet(title, f"the sheet {shown(title)}"))
        self._row = self._column = 0
        self._columns = {}

    def _start_in_sheet(self, name: str, given: dict[str, str]) -> None:
        if name == "Column":
            self._column = self._number(given, "Index", self._column + 1)
            last = self._column + self._number(given, "Span", 0)
            if "StyleID" in given:
                columns = range(self._column, min(last, LAST_CELL + 1) + 1)
                self._columns |= dict.fromkeys(columns, given["StyleID"])
            self._column = last
        elif name == "Row":
            number = self._number(given, "Index", self._row + 1)
            if number <= self._row:
                raise self.refused("The file's rows are not in their order.")
            self._row = number
            self._row_style = given.get("StyleID", "")
            self._more_rows = self._number(given, "Span", 0)
            self._values, self._notes, self._at = [], RowNotes(), 0
        elif name == "Cell":
            at = self._number(given, "Index", self._at + 1)
            if at <= self._at:
                raise self.refused("The file's cells are not in their order.")
            self._at = at
            style = given.get("StyleID") or self._row_style or self._columns.get(at, "")
            self._cell = _Cell("Formula" in given, crossed_out=self._styles.is_crossed_out(style))
            self._cell.beside.append(given.get("HRefScreenTip", ""))
            # What follows a merged cell comes after all of it.
            self._merged = self._number(given, "MergeAcross", 0)

    def _start_in_cell(self, cell: _Cell, name: str, given: dict[str, str]) -> None:
        if name == "Data" and "Comment" not in self._open:
            cell.kind = given.get("Type", "String")
        elif name == "Comment":
            cell.beside.append("\n")

    def data(self, text: str) -> None:
        super().data(text)
        if self._open[-1:] == ["Visible"]:
            self._visible.append(text)
        if self._cell is None:
            return
        if "Comment" in self._open:
            self._cell.beside.append(text)
        elif "Data" in self._open:
            self._cell.text.append(text)
            if not text.isspace() and not _CROSS_OUT.isdisjoint(map(str.lower, self._open)):
                self._cell.crossed_out = True
        else:
            self._cell.beside.append(text)

    def end(self, tag: str) -> None:
        name = self._open.pop()
        if name == "Cell" and self._cell:
            self._end_cell(self._cell)
        elif name == "Row" and self.sheets and not self._cell:
            self._holder.hold(self.sheets[-1], self._row, self._values, self._notes.texts)
            self._row += self._more_rows
        elif name == "Visible" and self.sheets:
            self.sheets[-1].visible = "Hidden" not in "".join(self._visible)
            self._visible.clear()
        super().end(tag)

    def _end_cell(self, cell: _Cell) -> None:
        at, self._at = self._at - 1, self._at + self._merged
        self._cell = None
        if at > LAST_CELL:
            return
        value = cell.value()
        self._notes.add(at, "".join(cell.beside))
        if value != "":
            self._values += [None] * (at - len(self._values))
            self._values.append(value)
            if cell.crossed_out:
                self._notes.cross_out(at)

    def _number(self, given: dict[str, str], name: str, otherwise: int) -> int:
        said = given.get(name)
        if said is None:
            return otherwise
        if not _PLACE.fullmatch(said):
            raise self.refused("A row or a cell of the file has a place that is no number.")
        return min(int(said), 2 * limits.ROWS_OF_A_WORKBOOK)


def _own(name: str) -> str:
    return name.rpartition("}")[2]
