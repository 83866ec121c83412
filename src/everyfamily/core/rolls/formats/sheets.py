"""Files with several sheets of cells: workbooks, OpenDocument, tables of a web page. What they share is here.

A format's own reader only finds the sheets, their cells and what is said next to the cells. Nothing is calculated. A
formula's cell is set aside, never believed.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Protocol

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.closing.workbook_notes import Notes, is_of_leavers, of_rows_not_read, rows_that_close
from everyfamily.core.rolls.layout.header_row import HEADINGS_AT_LEAST
from everyfamily.core.rolls.layout.mapping import ColumnMapping, ColumnsNotFound
from everyfamily.core.rolls.layout.questions import KnownAnswers
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import REQUIRED, RollNotReadable, SetAside
from everyfamily.core.rolls.model.sheet import ALL_COLUMNS, Sheet
from everyfamily.core.rolls.tables.banners import NOTHING, Group, group_of, group_of_sheet
from everyfamily.core.rolls.tables.lists_of_pupils import lists_of_pupils
from everyfamily.core.rolls.tables.namesakes import Namesakes
from everyfamily.core.rolls.tables.table import (
    Header,
    best_header,
    cell_too_long,
    no_rows,
    sheet_of,
    too_many_rows,
    understand,
)
from everyfamily.core.rolls.words.closing_words import closes
from everyfamily.core.rolls.words.words import plain

FORMULA = "="
"""A cell whose value is not believed: a formula, or something that no sheet holds."""
_FREE = ALL_COLUMNS.difference(
    ("RELATIONSHIP", "PARENTAL_RESPONSIBILITY", "HAS_CARE", "PRIORITY", "RESTRICTION", "OBJECTS", "LANGUAGE"),
    ("FORMAT", "CHANNEL", "CORRESPONDENCE", "COURT_ORDER", "NOT_TO_WRITE", "IN_CARE"),
    ("LEAVING", "DECEASED", "ON_ROLL"),
)
"""Columns that may contain any text."""
_LOOKED_AT_BESIDE = 40
"""Columns to the right of the header's in which somebody may have written a note."""
_ROWS_LOOKED_AT, _CELLS_LOOKED_AT = 5_000, 60
"""For a sheet that is not read."""


class CellSheet(Protocol):
    """One sheet of a file. Its rows can be gone through several times."""

    @property
    def title(self) -> str:
        """Its name, which may be a class's."""

    @property
    def called(self) -> str:
        """Its name in a message."""

    @property
    def visible(self) -> bool:
        """Whether it is shown when the file is opened."""

    def rows(self, last: int, wide: int) -> Iterator[tuple[int, Sequence[object]]]:
        """Rows by their numbers, from 1, up to number `last`. Blank ones may be missing.

        For each, at least the first `wide` cells, as far as there are any: text, None, a number, a date or a time.
        Anything else counts as a formula.
        """

    def notes(self) -> Notes:
        """Comments, and which cells are crossed out."""

    def hidden(self, wide: int) -> tuple[Collection[int], int]:
        """Numbers of rows that are not shown, and how many of the first `wide` columns are not."""


def read_sheets(
    sheets: Sequence[CellSheet],
    file: str,
    kind: str,
    mapping: ColumnMapping | None,
    answers: KnownAnswers | None,
    elsewhere: Sequence[tuple[str, ...]] = (),
) -> Sheet:
    """Read the sheet whose header is recognised best, and all others that name children and their adults. Sheets of the
    same children without adults are joined by id.

    `elsewhere` is what is in no sheet and may keep an adult away. Raises RollNotReadable.
    """
    looked_at = [_look(sheet, mapping) for sheet in sheets if sheet.visible]
    if not any(any(one.first) for one in looked_at):
        raise RollNotReadable("The workbook is empty.", "Export the roll again.", SourceLocation(file))
    best, header, problem = _best(looked_at, file, mapping, answers)
    read = [(best, header)] if header.export is None else _with_children(looked_at, best, header, file, answers)
    book = _Book(file, kind)
    ids: set[str] = set()
    for one, its in read:
        rows = book.take(one, its)
        ids |= its.export.ids_of(rows) if its.export else set()
    if not book.taken:
        raise no_rows(SourceLocation(file, header.row))
    rest = [one for one in looked_at if header.export and all(one is not other for other, _ in read)]
    lists = lists_of_pupils(rest, ids, partial(_list_of_pupils, file=file, answers=answers))
    if problem is not None and not lists:
        raise problem
    for one, its in lists:
        book.take(one, its, lists_pupils=True)
    named = []
    for sheet in sheets:
        if all(sheet is not other.sheet for other, _ in read):
            # The words in a list of pupils close too, above its headings as well.
            rows_of_it = _texts_of(sheet)
            book.not_read += rows_that_close(sheet.title, rows_of_it)
            if rows_of_it and all(sheet is not other.sheet for other, _ in lists):
                named.append((sheet.called, len(rows_of_it)))
    first, *more = book.parts
    ignored = (*first.ignored, *(called for called, _ in named))
    return replace(
        first,
        ignored=ignored,
        elsewhere=(*book.not_read, *elsewhere),
        not_read=tuple(named),
        hidden=(book.hidden[0], book.hidden[1]),
        more=tuple(more),
    )


class _Book:
    """Takes one sheet of a workbook after the other. Row numbers continue from sheet to sheet, so that each row has its
    own number."""

    def __init__(self, file: str, kind: str) -> None:
        self._file = file
        self._kind = kind
        self._offset = self.taken = 0
        self.parts: list[Sheet] = []
        self.not_read: list[tuple[str, ...]] = []
        self.hidden = [0, 0]
        """Rows and columns that were read although they are not shown."""

    def take(self, one: Looked, its: Header, *, lists_pupils: bool = False) -> list[tuple[int, list[str]]]:
        """Take a sheet's rows. Returns them too."""
        reader = _Reader(its, self._file, self._offset, self.taken)
        rows = list(reader.rows(one.sheet, one.at + 1))
        hidden, columns = one.sheet.hidden(its.width)
        self.hidden[0] += sum(number - self._offset in hidden for number, _ in rows)
        self.hidden[1] += columns
        notes = _joined(reader.beside, one.sheet.notes())
        beside = {number + self._offset: texts for number, texts in notes.items()}
        part = sheet_of(its, rows, kind=self._kind, set_aside=reader.set_aside, notes=beside)
        self.parts += [replace(part, lists_pupils=lists_pupils, more=()), *part.more]
        self.not_read += of_rows_not_read(beside, {number for number, _ in rows})
        self._offset, self.taken = rows[-1][0] if rows else self._offset, reader.taken
        return rows


def _best(
    looked_at: Sequence[Looked], file: str, mapping: ColumnMapping | None, answers: KnownAnswers | None
) -> tuple[Looked, Header, ColumnsNotFound | None]:
    """The sheet whose header is recognised best. If it has no adults, the next that has, and why not the first."""
    ranked = sorted(looked_at, key=lambda one: one.score, reverse=True)
    try:
        return ranked[0], understand(ranked[0].first, ranked[0].at, file, mapping, answers), None
    except ColumnsNotFound as problem:
        for one in ranked[1:]:
            its = None if mapping or not _may_be_read(one) else _understood(one, file, answers)
            if its is not None and its.export:
                return one, its, problem
        raise


def _may_be_read(one: Looked) -> bool:
    return one.score >= HEADINGS_AT_LEAST and not is_of_leavers(one.sheet.title)


def _understood(
    one: Looked, file: str, answers: KnownAnswers | None, *, needs: Container[str] = REQUIRED
) -> Header | None:
    try:
        return understand(one.first, one.at, file, None, answers, needs=needs)
    except RollNotReadable:
        return None


def _list_of_pupils(
    one: Looked, *, file: str, answers: KnownAnswers | None
) -> tuple[Header, list[tuple[int, list[str]]]] | None:
    """The headings and rows of a sheet of children without adults. A sheet of those not to be contacted is none."""
    if not _may_be_read(one) or closes(one.sheet.title):
        return None
    its = _understood(one, file, answers, needs=("PUPIL_ID",))
    if not (its and its.export and its.export.tells_of_children) or "ADULT_NAME" in its.export.columns:
        return None
    try:
        return its, list(_Reader(its, file, 0, 0).rows(one.sheet, one.at + 1))
    except RollNotReadable:
        return None


def looks_like_a_roll(sheets: Sequence[CellSheet]) -> bool:
    """Whether any sheet has a row that looks like an export's headings."""
    return any(_look(sheet, None).score >= HEADINGS_AT_LEAST for sheet in sheets if sheet.visible)


@dataclass(frozen=True, slots=True)
class Looked:
    """A sheet's first rows as text, its header's index, and how much that looks like a header."""

    sheet: CellSheet
    first: list[list[str]]
    at: int
    score: int


def _with_children(
    looked_at: Sequence[Looked], best: Looked, header: Header, file: str, answers: KnownAnswers | None
) -> list[tuple[Looked, Header]]:
    """All sheets that name children and their adults, in the order of the workbook, each with its own headings."""
    key = header.export.layout_key if header.export else ""
    # The answers are kept under the first sheet's headings and count for all.
    answers = KnownAnswers(answers.by_layout, answers.of(key)) if answers else None
    found: list[tuple[Looked, Header]] = []
    for one in looked_at:
        if one is best:
            found.append((one, header))
        elif _may_be_read(one):
            alike = _is_alike(best.first[best.at], one.first, one.at)
            its = header if alike else _understood(one, file, answers)
            found += [(one, its)] if its else []
    found = [(one, its) for one, its in found if its.export]
    if len(found) == 1:
        return found
    # If one sheet has a column for the class, the others are not classes.
    are_classes = not (header.export and header.export.has_class)
    namesakes = Namesakes()
    return [(one, its.of_sheet(_group_of(one) if are_classes else NOTHING, namesakes)) for one, its in found]


def _group_of(one: Looked) -> Group:
    return group_of_sheet(one.sheet.title, group_of(one.first[: one.at]))


def _look(sheet: CellSheet, mapping: ColumnMapping | None) -> Looked:
    first: list[list[str]] = []
    for number, row in sheet.rows(limits.HEADER_WITHIN + limits.LOOKED_AT, limits.COLUMNS + 1):
        first += ([] for _ in range(len(first) + 1, number))
        first.append(_trimmed(list(map(_text, row))))
    score, at = best_header(first, mapping)
    return Looked(sheet, first, at, score)


def _is_alike(headings: Sequence[str], first: list[list[str]], at: int) -> bool:
    """Whether a sheet has the same headings: one for each class."""
    return bool(first) and list(map(plain, first[at])) == list(map(plain, headings))


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row


class _Reader:
    """Turns a sheet's values into text and keeps what it could not take literally."""

    def __init__(self, header: Header, file: str, offset: int, taken: int) -> None:
        self._header = header
        self._file = file
        self._columns = header.columns_by_index
        self._offset = offset
        self.set_aside: list[SetAside] = []
        self.beside: Notes = {}
        """What is to the right of the header's columns, by the sheet's own numbers: nobody's value, but perhaps a
        note."""
        self.taken = taken

    def rows(self, sheet: CellSheet, header_row: int) -> Iterator[tuple[int, list[str]]]:
        """The rows below a sheet's header, by their numbers."""
        last = limits.ROWS_OF_A_WORKBOOK
        # One column beyond the header: a value there has shifted.
        wide = self._header.width + 1
        for number, row in sheet.rows(last + 1, wide + _LOOKED_AT_BESIDE):
            if number > last:
                raise too_many_rows(SourceLocation(self._file, last))
            if number <= header_row or row.count(None) == len(row):
                continue
            values = self._texts(number, row[:wide])
            values += [""] * (wide - len(values))
            if len(row) > wide and (behind := _behind(row, wide)):
                self.beside[number] = behind
            if not any(values):
                continue
            if max(map(len, values)) > limits.CELL_CHARACTERS:
                raise cell_too_long(SourceLocation(self._file, number))
            self.taken += 1
            if self.taken > limits.ROWS:
                raise too_many_rows(SourceLocation(self._file, number))
            yield number + self._offset, values

    def _texts(self, number: int, row: Sequence[object]) -> list[str]:
        texts = list(map(_text, row))
        for index, value in enumerate(row):
            # In a column of fixed words, a date is an unknown word, and counts as the most careful one.
            if isinstance(value, date | time | timedelta) and self._columns.get(index) in _FREE:
                column = self._columns[index]
                message = f"There is a date in {column}: a spreadsheet has changed the value."
                aside = SetAside(number + self._offset, "DATE_IN_CELL", message, whole_row=False, column=column)
                self.set_aside.append(aside)
                texts[index] = ""
        return texts


def _behind(row: Sequence[object], wide: int) -> dict[int, str]:
    return {at: text for at, value in enumerate(row[wide:], start=wide) if (text := _text(value))}


def _joined(behind: Notes, notes: Notes) -> Notes:
    joined = dict(notes)
    for number, beside in behind.items():
        known = joined[number] = dict(notes.get(number, {}))
        for at, text in beside.items():
            known[at] = f"{known[at]}\n{text}" if at in known else text
    return joined


def _texts_of(sheet: CellSheet) -> list[tuple[str, ...]]:
    """The rows of a sheet that is not read, each with what is said next to it."""
    notes = sheet.notes()
    found = []
    for number, row in sheet.rows(_ROWS_LOOKED_AT, _CELLS_LOOKED_AT):
        texts = [text for value in row if (text := _text(value))]
        texts += notes.get(number, {}).values()
        if texts:
            found.append(tuple(texts))
    return found


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
    return FORMULA  # what is left is a formula in one of a library's own classes
