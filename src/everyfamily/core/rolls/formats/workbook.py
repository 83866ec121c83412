"""Rolls as workbooks (.xlsx), row by row."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import openpyxl
from openpyxl.comments.comment_sheet import CommentSheet
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.xml.functions import fromstring

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.closing.workbook_notes import CROSSED_OUT, Notes
from everyfamily.core.rolls.formats.sheets import read_sheets
from everyfamily.core.rolls.layout.mapping import ColumnMapping, shown
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import RollNotReadable
from everyfamily.core.rolls.model.sheet import Sheet

_LONGEST_ROW = 4_000_000
"""Bytes of one row or one shared text. Beyond this, the whole row would be built in memory at once."""
_ROW = re.compile(rb"row|si>")
_PIECE = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)
_LARGEST_PART = 8_000_000
"""Bytes of any other part, which the library builds in memory as a whole."""
_HIDDEN = re.compile(rb"<(?:\w{1,20}:)?(row|col)\s([^>]{0,400}\bhidden=[\"'](?:1|true)[\"'][^>]{0,400})>")
_NUMBERED = re.compile(rb"\b(r|min|max)=[\"'](\d{1,7})[\"']")
_FORMULA = re.compile(rb"<(?:\w{1,20}:)?f[\s/>]")
_SHEET = re.compile(rb"<(?:\w+:)?sheet[\s/>]")
_MOST_SHEETS = 250
"""Each takes about 50 kB before it is looked at."""


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Whether a zip file holds a workbook of Excel's newer kind."""
    return "xl/workbook.xml" in archive.namelist()


def read_workbook(
    data: bytes,
    file: str,
    archive: zipfile.ZipFile,
    mapping: ColumnMapping | None = None,
    answers: KnownAnswers | None = None,
) -> Sheet:
    """Read the sheet whose header is recognised best, and all others that name children and their adults.

    `archive` is the same file, from `check_zip`.

    Raises RollNotReadable.
    """
    with _opened(data, file, archive) as book:
        results = cache(lambda: _loaded(data, results=True))
        sheets = [_Sheet(sheet, book, archive, results) for sheet in book.worksheets]
        return read_sheets(sheets, file, ".xlsx", mapping, answers)


@contextmanager
def _opened(data: bytes, file: str, archive: zipfile.ZipFile) -> Iterator[Any]:
    _refuse_giants(archive, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield _loaded(data)
    except RollNotReadable:
        raise
    except Exception as problem:
        # The library passes on anything that its parsers raise for a damaged file, of a dozen unrelated kinds.
        raise RollNotReadable(
            "The workbook is damaged or is not what Excel writes.",
            "Open it in Excel, save it again as .xlsx, or save it as CSV UTF-8.",
            SourceLocation(file),
        ) from problem


def _loaded(data: bytes, *, results: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False, data_only=results)


def _refuse_giants(archive: zipfile.ZipFile, file: str) -> None:
    for entry in archive.infolist():
        if entry.filename.startswith(("xl/worksheets/", "xl/sharedStrings")):
            if entry.file_size > _LONGEST_ROW:
                _refuse_giant(archive, entry, file)
        elif entry.filename.endswith((".xml", ".rels")):
            _refuse_giant_part(archive, entry, file)


def _refuse_giant_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str) -> None:
    try:
        with archive.open(entry) as source:
            part = source.read(_LARGEST_PART + 1)
    except _DAMAGE as problem:
        raise _damaged(file) from problem
    if len(part) > _LARGEST_PART or len(_SHEET.findall(part)) > _MOST_SHEETS:
        raise RollNotReadable(
            f"The workbook has more than {_MOST_SHEETS} sheets, or far more in it than a roll.",
            "Copy the roll into a new workbook, or save its sheet as CSV UTF-8.",
            SourceLocation(file),
        )


def _refuse_giant(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: str) -> None:
    since, tail = 0, b""
    try:
        with archive.open(entry) as source:
            while piece := source.read(_PIECE):
                seen = tail + piece
                ends = [match.end() for match in _ROW.finditer(seen)]
                since = len(seen) - ends[-1] if ends else since + len(piece)
                tail = seen[-3:]
                if since > _LONGEST_ROW:
                    raise RollNotReadable(
                        "The workbook has a row that is far too long.",
                        "Export only the columns that docs/howto/import-a-roll.md names.",
                        SourceLocation(file),
                    )
    except _DAMAGE as problem:
        raise _damaged(file) from problem


def _damaged(file: str) -> RollNotReadable:
    return RollNotReadable(
        "The workbook is damaged.", "Open it in Excel and save it again as .xlsx.", SourceLocation(file)
    )


class _Sheet:
    """One sheet of a workbook, as the library reads it (sheets.py says what it must provide)."""

    def __init__(self, sheet: Any, book: Any, archive: zipfile.ZipFile, results: Callable[[], Any]) -> None:
        # A sheet may claim to have any size.
        sheet.reset_dimensions()
        self._results = results
        self._sheet = sheet
        self._book = book
        self._archive = archive
        self.title: str = sheet.title
        self.called = f"the sheet {shown(sheet.title)}"
        self.visible = sheet.sheet_state == "visible"

    def rows(self, last: int, wide: int) -> Iterator[tuple[int, Sequence[object]]]:
        return enumerate(self._sheet.iter_rows(max_row=last, max_col=wide, values_only=True), start=1)

    def notes(self) -> Notes:
        found: Notes = {}
        for row, at, text in (*self._comments(), *self._crossed_out(), *self._shown_by_formulas()):
            beside = found.setdefault(row, {})
            beside[at] = f"{beside[at]}\n{text}" if at in beside else text
        return found

    def hidden(self, wide: int) -> tuple[Collection[int], int]:
        rows: set[int] = set()
        columns: set[int] = set()
        with self._archive.open(self._sheet._worksheet_path) as part:
            tail = b""
            while piece := part.read(_PIECE):
                # A tag may be in two pieces.
                seen, _, tail = (tail + piece).rpartition(b"<")
                tail = b"<" + tail[-_PIECE:]
                for kind, about in _HIDDEN.findall(seen):
                    said = {name: int(number) for name, number in _NUMBERED.findall(about)}
                    if kind == b"row":
                        rows.add(said.get(b"r", 0))
                    else:
                        columns.update(range(said.get(b"min", 1), min(said.get(b"max", 0), wide) + 1))
        return rows, len(columns)

    def _comments(self) -> Iterator[tuple[int, int, str]]:
        path = self._sheet._worksheet_path
        names = set(self._archive.namelist())
        if get_rels_path(path).lstrip("/") not in names:
            return
        for relation in get_dependents(self._archive, get_rels_path(path).lstrip("/")):
            part = relation.target.lstrip("/")
            if relation.Type.endswith("/comments") and part in names:
                for ref, comment in CommentSheet.from_tree(fromstring(self._archive.read(part))).comments:
                    row, column = coordinate_to_tuple(ref)
                    yield row, column - 1, comment.text

    def _crossed_out(self) -> Iterator[tuple[int, int, str]]:
        fonts = self._book._fonts
        styles = {at for at, style in enumerate(self._book._cell_styles) if fonts[style.fontId].strike}
        if not styles:
            return
        for row in self._sheet.iter_rows(max_row=limits.ROWS_OF_A_WORKBOOK, max_col=limits.COLUMNS):
            for cell in row:
                if cell.value not in (None, "") and cell._style_id in styles:
                    yield cell.row, cell.column - 1, CROSSED_OUT

    def _shown_by_formulas(self) -> Iterator[tuple[int, int, str]]:
        """Their results are not believed, but may say that somebody must not be contacted."""
        with self._archive.open(self._sheet._worksheet_path) as part:
            tail = b""
            while piece := part.read(_PIECE):
                if _FORMULA.search(tail + piece):
                    break
                tail = piece[-30:]
            else:
                return
        shown = self._results()[self._sheet.title]
        shown.reset_dimensions()
        last = limits.ROWS_OF_A_WORKBOOK
        both = zip(
            self._sheet.iter_rows(max_row=last), shown.iter_rows(max_row=last, values_only=True), strict=False
        )
        for number, (cells, results) in enumerate(both, start=1):
            for at, (cell, result) in enumerate(zip(cells, results, strict=False)):
                if cell.data_type == "f" and result not in (None, ""):
                    yield number, at, str(result)
