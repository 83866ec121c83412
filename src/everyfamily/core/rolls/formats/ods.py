"""OpenDocument spreadsheets (.ods) as sheets of cells, read as a stream.

Formulas count as formulas, and their results are only searched for words. What a merged cell hides, comments and text
boxes are searched too (workbook_notes.py), and are nobody's values.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.zips import entry_in_pieces, read_entry
from everyfamily.core.rolls.formats.held_sheets import (
    LAST_CELL,
    HeldSheet,
    Holder,
    RowNotes,
    TextStyles,
    day_of,
    number_of,
    text_of_lines,
    time_of,
    yes_of,
)
from everyfamily.core.rolls.formats.sheets import FORMULA, read_sheets
from everyfamily.core.rolls.formats.xml_pieces import Listener, in_pieces, read_xml
from everyfamily.core.rolls.layout.mapping import ColumnMapping, shown
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.model.sheet import Sheet

_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_PACKAGE = "encrypted-package"
_KIND, _AGAIN = "spreadsheet", "Open it, save it again as .ods or .xlsx"
_MOST_SHEETS = 250
_OFFICE, _TABLE, _TEXT, _STYLE, _DRAW = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("office", "table", "text", "style", "drawing")
)
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_PARAGRAPHS = (f"{_TEXT}p", f"{_TEXT}h")
_REPEATED = re.compile(r"[0-9]{1,8}")


def is_open_document(archive: zipfile.ZipFile) -> bool:
    """Whether a zip file holds an OpenDocument file of any kind."""
    return not {_CONTENT, _PACKAGE}.isdisjoint(archive.namelist())


def read_ods(
    archive: zipfile.ZipFile,
    file: str,
    mapping: ColumnMapping | None = None,
    answers: KnownAnswers | None = None,
) -> Sheet:
    """Read the spreadsheet in a zip file from `check_zip`. Raises RollNotReadable or ZipRefused."""
    names = archive.namelist()
    manifest = read_entry(archive, _MANIFEST) if _MANIFEST in names else b""
    if _PACKAGE in names or b"encryption-data" in manifest:
        raise RollNotReadable(
            "The spreadsheet is protected by a password.",
            "Save it without a password, import it, and delete that copy.",
            SourceLocation(file),
        )
    reader = _Reader(file)
    for part in (_STYLES, _CONTENT):
        if part in names:
            read_xml(reader, entry_in_pieces(archive, part), _KIND, _AGAIN)
    return _sheet_of(reader, mapping, answers)


def read_flat_ods(
    data: bytes, file: str, mapping: ColumnMapping | None = None, answers: KnownAnswers | None = None
) -> Sheet:
    """Read a spreadsheet that was saved as one XML file (.fods). Raises RollNotReadable."""
    reader = _Reader(file)
    read_xml(reader, in_pieces(data), _KIND, _AGAIN)
    return _sheet_of(reader, mapping, answers)


def _sheet_of(reader: _Reader, mapping: ColumnMapping | None, answers: KnownAnswers | None) -> Sheet:
    if not reader.is_spreadsheet:
        raise RollNotReadable(
            "The file is an OpenDocument file and no spreadsheet.",
            "Export the roll as CSV, .xlsx or .ods.",
            reader.place(),
        )
    return read_sheets(reader.sheets, reader.file, ".ods", mapping, answers)


@dataclass(slots=True)
class _Cell:
    """An open cell."""

    attributes: dict[str, str]
    covered: bool
    times: int
    lines: list[list[str]] = field(default_factory=list)
    beside: list[list[str]] = field(default_factory=list)
    crossed_out: bool = False

    @property
    def text(self) -> str:
        return _joined(self.lines)

    def value(self) -> object:
        """Its value. A formula's result is not believed."""
        get = self.attributes.get
        if f"{_TABLE}formula" in self.attributes:
            return FORMULA
        kind = get(f"{_OFFICE}value-type", "string")
        if kind in ("float", "currency", "percentage"):
            return number_of(get(f"{_OFFICE}value", ""))
        if kind == "date":
            return day_of(get(f"{_OFFICE}date-value", ""))
        if kind == "time":
            return time_of(get(f"{_OFFICE}time-value", ""))
        if kind == "boolean":
            return yes_of(get(f"{_OFFICE}boolean-value", ""))
        return self.text or get(f"{_OFFICE}string-value", "").strip()

    def said_beside(self, value: object) -> str:
        """Comments, and what is shown or meant but is not the value."""
        texts = [_joined(self.beside)]
        texts += [
            text
            for text in (self.text, self.attributes.get(f"{_OFFICE}string-value", "").strip())
            if text and (self.covered or (text != value and isinstance(value, str)))
        ]
        return "\n".join(filter(None, texts))


class _Reader(Listener):
    """What the parser says about the file's elements."""

    def __init__(self, file: str) -> None:
        super().__init__(file, _AGAIN)
        self.sheets: list[HeldSheet] = []
        self.is_spreadsheet = False
        self._styles = TextStyles()
        """By family and name."""
        self._style = self._style_name = ""
        self._hiding: set[str] = set()
        self._holder = Holder(file)
        self._sheet: HeldSheet | None = None
        self._row = 0
        self._rows_times = 1
        self._values: list[object] = []
        self._notes = RowNotes()
        self._at = 0
        self._row_style = ""
        self._column_styles: list[str] = []
        self._cell: _Cell | None = None
        self._aside = 0
        """The depth of a comment, drawing or table within a cell. What it says is not the cell's value."""
        self._shapes: list[list[str]] = []
        self._paragraphs = 0
        self._crossed_out: list[int] = []
        """The depths of texts that are crossed out."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        super().start(tag, attributes)
        if tag.startswith(_STYLE):
            self._start_style(tag.removeprefix(_STYLE), attributes)
        elif tag.startswith(_TEXT):
            self._start_text(tag, attributes)
        elif self._cell is not None:
            if not self._aside and (tag == f"{_OFFICE}annotation" or tag.startswith((_DRAW, _TABLE))):
                self._aside = self.depth
        elif tag.startswith(_TABLE):
            self._start_table(tag.removeprefix(_TABLE), attributes)
        elif tag == f"{_OFFICE}spreadsheet":
            self.is_spreadsheet = True

    def _start_style(self, name: str, attributes: dict[str, str]) -> None:
        if name == "style":
            family, self._style_name = attributes.get(f"{_STYLE}family", ""), attributes.get(f"{_STYLE}name", "")
            self._style = f"{family}/{self._style_name}"
            if parent := attributes.get(f"{_STYLE}parent-style-name"):
                self._styles.parents[self._style] = f"{family}/{parent}"
        elif name == "text-properties":
            said = [attributes.get(f"{_STYLE}text-line-through-{what}", "") for what in ("style", "type")]
            if any(said):
                self._styles.crosses_out[self._style] = any(one not in ("", "none") for one in said)
        elif name == "table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self._hiding.add(self._style_name)

    def _start_table(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._start_sheet(attributes)
        elif self._sheet is None:
            return
        elif name == "table-column":
            times = self._times(attributes, "columns")
            style = attributes.get(f"{_TABLE}default-cell-style-name", "")
            self._column_styles += [style] * min(times, LAST_CELL + 1 - len(self._column_styles))
        elif name == "table-row":
            self._rows_times = self._times(attributes, "rows")
            self._row_style = attributes.get(f"{_TABLE}default-cell-style-name", "")
            self._values, self._notes, self._at = [], RowNotes(), 0
        elif name in ("table-cell", "covered-table-cell"):
            self._cell = _Cell(attributes, name.startswith("covered"), self._times(attributes, "columns"))

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        title = attributes.get(f"{_TABLE}name", "")
        if len(self.sheets) == _MOST_SHEETS:
            raise self.refused(f"The file has more than {_MOST_SHEETS} sheets.")
        visible = attributes.get(f"{_TABLE}style-name", "") not in self._hiding
        self._sheet = HeldSheet(title, f"the sheet {shown(title)}", visible)
        self.sheets.append(self._sheet)
        self._row, self._column_styles, self._shapes = 1, [], []

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        lines = self._lines()
        if lines is None:
            return
        if tag in _PARAGRAPHS:
            self._paragraphs += 1
            lines.append([])
        elif self._paragraphs and tag in (f"{_TEXT}s", f"{_TEXT}tab"):
            self.data(" ")
        elif self._paragraphs and tag == f"{_TEXT}line-break":
            lines.append([])
        family = "paragraph" if tag in _PARAGRAPHS else "text"
        if self._styles.is_crossed_out(f"{family}/{attributes.get(f'{_TEXT}style-name')}"):
            self._crossed_out.append(self.depth)

    def _lines(self) -> list[list[str]] | None:
        if self._cell is not None:
            return self._cell.beside if self._aside else self._cell.lines
        return None if self._sheet is None else self._shapes

    def data(self, text: str) -> None:
        super().data(text)
        lines = self._lines() if self._paragraphs else None
        if lines:
            lines[-1].append(text)
            if self._crossed_out and self._cell is not None and not self._aside and not text.isspace():
                self._cell.crossed_out = True

    def end(self, tag: str) -> None:
        if self._crossed_out and self._crossed_out[-1] == self.depth:
            self._crossed_out.pop()
        if self._aside == self.depth:
            self._aside = 0
        elif tag in _PARAGRAPHS:
            self._paragraphs = max(0, self._paragraphs - 1)
        elif not self._aside and tag.startswith(_TABLE):
            self._end_table(tag)
        super().end(tag)

    def _end_table(self, tag: str) -> None:
        if self._cell is not None and tag in _CELLS:
            self._end_cell(self._cell)
            self._cell = None
        elif self._sheet is None:
            return
        elif tag == f"{_TABLE}table-row":
            self._holder.hold(self._sheet, self._row, self._values, self._notes.texts, self._rows_times)
            self._row += self._rows_times
        elif tag == f"{_TABLE}table":
            if text := _joined(self._shapes):
                self._sheet.beside.setdefault(0, {})[0] = text
            self._sheet = None

    def _end_cell(self, cell: _Cell) -> None:
        at, self._at = self._at, self._at + cell.times
        if at > LAST_CELL:
            return
        value = cell.value()
        if beside := cell.said_beside(value):
            self._notes.add(at, beside)
        if cell.covered or value == "":
            return
        self._values += [None] * (at - len(self._values))
        times = min(cell.times, LAST_CELL + 1 - at)
        self._values += [value] * times
        own = cell.attributes.get(f"{_TABLE}style-name") or self._row_style
        for place in range(at, at + times):
            style = own or (self._column_styles[place] if place < len(self._column_styles) else "")
            if cell.crossed_out or self._styles.is_crossed_out(f"table-cell/{style}"):
                self._notes.cross_out(place)

    def _times(self, attributes: dict[str, str], what: str) -> int:
        said = attributes.get(f"{_TABLE}number-{what}-repeated", "1")
        if not _REPEATED.fullmatch(said):
            raise self.refused("The file repeats a row or a cell a number of times that is no number.")
        return max(1, int(said))


def _joined(lines: Sequence[Sequence[str]]) -> str:
    return text_of_lines("".join(line) for line in lines)
