"""Rolls as workbooks (.xlsx), row by row. Nothing is calculated: a formula's cell is set aside, never believed."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl

from everyfamily.core.errors import Place
from everyfamily.core.rolls import limits
from everyfamily.core.rolls.banners import group_of, group_of_sheet
from everyfamily.core.rolls.header_row import HEADINGS_AT_LEAST
from everyfamily.core.rolls.mapping import ColumnMapping, shown
from everyfamily.core.rolls.namesakes import Namesakes
from everyfamily.core.rolls.questions import KnownAnswers
from everyfamily.core.rolls.roll_rows import RollNotReadable, SetAside
from everyfamily.core.rolls.sheet import ALL_COLUMNS, Sheet
from everyfamily.core.rolls.table import (
    Header,
    best_header,
    cell_too_long,
    no_rows,
    sheet_of,
    too_many_rows,
    understand,
)
from everyfamily.core.rolls.words import plain
from everyfamily.core.rolls.workbook_notes import (
    is_of_leavers,
    notes_of,
    of_rows_not_read,
    rows_that_close,
)

_LONGEST_ROW = 4_000_000
"""Bytes of one row or one shared text: beyond it the whole row would be built in memory at once."""
_ROW = re.compile(rb"row|si>")
_PIECE = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)
_LARGEST_PART = 8_000_000
"""Bytes of any other part, which the library builds in memory as a whole."""
_SHEET = re.compile(rb"<(?:\w+:)?sheet[\s/>]")
_MOST_SHEETS = 250
"""Each costs some 50 kB before it is looked at."""
_FREE = ALL_COLUMNS.difference(
    ("RELATIONSHIP", "PARENTAL_RESPONSIBILITY", "HAS_CARE", "PRIORITY", "RESTRICTION", "OBJECTS", "LANGUAGE"),
    ("FORMAT", "CHANNEL", "CORRESPONDENCE", "COURT_ORDER", "NOT_TO_WRITE", "IN_CARE"),
    ("LEAVING", "DECEASED", "ON_ROLL"),
)
"""Columns in which any text may stand."""


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
    """Read the sheet whose header is known best, and all others that name children and their adults.

    `archive` is the same file as `check_zip` gave it.

    Raises RollNotReadable.
    """
    with _opened(data, file, archive) as book:
        return _read(book, archive, file, mapping, answers)


@contextmanager
def _opened(data: bytes, file: str, archive: zipfile.ZipFile) -> Iterator[Any]:
    _refuse_giants(archive, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    except RollNotReadable:
        raise
    except Exception as problem:
        # The library lets through whatever its parsers raise on a damaged file, of a dozen unrelated kinds.
        raise RollNotReadable(
            "The workbook is damaged or is not what Excel writes.",
            "Open it in Excel, save it again as .xlsx, or save it as CSV UTF-8.",
            Place(file),
        ) from problem


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
            Place(file),
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
                        Place(file),
                    )
    except _DAMAGE as problem:
        raise _damaged(file) from problem


def _damaged(file: str) -> RollNotReadable:
    return RollNotReadable(
        "The workbook is damaged.", "Open it in Excel and save it again as .xlsx.", Place(file)
    )


def _read(
    book: Any,
    archive: zipfile.ZipFile,
    file: str,
    mapping: ColumnMapping | None,
    answers: KnownAnswers | None,
) -> Sheet:
    looked_at = [_look(sheet, mapping) for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not any(any(one.first) for one in looked_at):
        raise RollNotReadable("The workbook is empty.", "Export the roll again.", Place(file))
    best = max(looked_at, key=lambda one: one.score)
    header = understand(best.first, best.at, file, mapping, answers)
    read = [(best, header)] if header.export is None else _with_children(looked_at, best, header, file, answers)
    parts: list[Sheet] = []
    elsewhere: list[tuple[str, ...]] = []
    offset = taken = 0
    for one, its in read:
        # Rows of several sheets are numbered on, so that each has a number of its own.
        reader = _Reader(its, file, offset, taken)
        rows = list(reader.rows(one.sheet, one.at + 1))
        beside = {number + offset: notes for number, notes in notes_of(one.sheet, book, archive).items()}
        numbers = {number for number, _ in rows}
        parts.append(sheet_of(its, rows, kind=".xlsx", set_aside=reader.set_aside, notes=beside))
        elsewhere += of_rows_not_read(beside, numbers)
        offset, taken = rows[-1][0] if rows else offset, reader.taken
    if not taken:
        raise no_rows(Place(file, header.row))
    others = [one for one in book.worksheets if all(one is not other.sheet for other, _ in read)]
    others = [
        one
        for one in others
        if one.reset_dimensions() or any(map(any, one.iter_rows(max_row=50, values_only=True)))
    ]
    for one in others:
        elsewhere += rows_that_close(one, notes_of(one, book, archive))
    named = tuple(f"the sheet {shown(one.title)}" for one in others)
    first, *more = parts
    return replace(first, ignored=(*first.ignored, *named), elsewhere=tuple(elsewhere), more=tuple(more))


@dataclass(frozen=True, slots=True)
class _Looked:
    """A sheet's first rows as text, its header's index, and how much that looks like a header."""

    sheet: Any
    first: list[list[str]]
    at: int
    score: int


def _with_children(
    looked_at: Sequence[_Looked], best: _Looked, header: Header, file: str, answers: KnownAnswers | None
) -> list[tuple[_Looked, Header]]:
    """All sheets that name children and their adults, in the order of the workbook, each under its own headings."""
    key = header.export.layout_key if header.export else ""
    # The answers are kept by the first sheet's headings and count for all.
    answers = KnownAnswers(answers.by_layout, answers.of(key)) if answers else None
    found = []
    for one in looked_at:
        if one is best:
            found.append((one, header))
        elif one.score >= HEADINGS_AT_LEAST and not is_of_leavers(one.sheet.title):
            if _is_alike(best.first[best.at], one.first, one.at):
                found.append((one, header))
                continue
            try:
                found.append((one, understand(one.first, one.at, file, None, answers)))
            except RollNotReadable:
                continue
    found = [(one, its) for one, its in found if its.export]
    if len(found) == 1:
        return found
    namesakes = Namesakes()
    return [
        (one, its.of_sheet(group_of_sheet(one.sheet.title, group_of(one.first[: one.at])), namesakes))
        for one, its in found
    ]


def _look(sheet: Any, mapping: ColumnMapping | None) -> _Looked:
    # A sheet may claim any size.
    sheet.reset_dimensions()
    first = [
        _trimmed([_text(value) for value in row])
        for row in sheet.iter_rows(
            max_row=limits.HEADER_WITHIN + limits.LOOKED_AT, max_col=limits.COLUMNS + 1, values_only=True
        )
    ]
    score, at = best_header(first, mapping)
    return _Looked(sheet, first, at, score)


def _is_alike(headings: Sequence[str], first: list[list[str]], at: int) -> bool:
    """Whether a sheet has the same headings: one for each class."""
    return bool(first) and list(map(plain, first[at])) == list(map(plain, headings))


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


class _Reader:
    """Makes text of a sheet's values and keeps what it could not take at its word."""

    def __init__(self, header: Header, file: str, offset: int, taken: int) -> None:
        self._header = header
        self._file = file
        self._columns = header.columns_by_index
        self._offset = offset
        self.set_aside: list[SetAside] = []
        self.taken = taken

    def rows(self, sheet: Any, header_row: int) -> Iterator[tuple[int, list[str]]]:
        """The rows below a sheet's header, by their numbers."""
        last = limits.ROWS_OF_A_WORKBOOK
        # One column beyond the header: a value there has been moved.
        wide = self._header.width + 1
        for number, row in enumerate(sheet.iter_rows(max_row=last + 1, max_col=wide, values_only=True), start=1):
            if number > last:
                raise too_many_rows(Place(self._file, last))
            if number <= header_row or row.count(None) == len(row):
                continue
            values = self._texts(number, row)
            if not any(values):
                continue
            if max(map(len, values)) > limits.CELL_CHARACTERS:
                raise cell_too_long(Place(self._file, number))
            self.taken += 1
            if self.taken > limits.ROWS:
                raise too_many_rows(Place(self._file, number))
            yield number + self._offset, values

    def _texts(self, number: int, row: Sequence[object]) -> list[str]:
        texts = list(map(_text, row))
        for index, value in enumerate(row):
            # In a column of fixed words a date is a word that is not known, and counts as the most careful one.
            if isinstance(value, date | time | timedelta) and self._columns.get(index) in _FREE:
                column = self._columns[index]
                message = f"There is a date in {column}: a spreadsheet has changed the value."
                self.set_aside.append(SetAside(number + self._offset, "DATE_IN_CELL", message, whole_row=False))
                texts[index] = ""
        return texts


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time | timedelta):
        return str(value)
    return "="  # what is left is a formula in one of the library's own classes
