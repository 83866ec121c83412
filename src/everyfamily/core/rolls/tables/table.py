"""From a table of text, from any source, to a sheet: find the header, then take each row under its columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.layout.header_row import HEADINGS_AT_LEAST, header_score, with_blocks
from everyfamily.core.rolls.layout.layout import Layout, layout_of
from everyfamily.core.rolls.layout.mapping import PUPIL_ID_FROM, Cell, ColumnMapping, shown
from everyfamily.core.rolls.layout.questions import KnownAnswers, columns_shown, layout_key, question_of
from everyfamily.core.rolls.layout.systems import (
    is_template,
    not_clear,
    recognise,
    template_headings,
    unread_that_close,
)
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import REQUIRED, RollNotReadable, SetAside
from everyfamily.core.rolls.model.sheet import CELL_NOTES, REPEATABLE, Line, Sheet
from everyfamily.core.rolls.tables.banners import Group, group_of
from everyfamily.core.rolls.tables.export_rows import ExportRows
from everyfamily.core.rolls.tables.namesakes import Namesakes, told_by_name
from everyfamily.core.rolls.tables.no_adults import report_to_run
from everyfamily.core.rolls.tables.report_lines import is_report_line
from everyfamily.core.rolls.values.made_id import made_id
from everyfamily.core.rolls.values.repeated import furthest

type Row = Sequence[str]

_SURELY_HEADINGS, _LOOKED_BELOW = 5, 8
"""With this many known headings a row is the header, unless one of this many rows below it has more."""
_OF_THE_ROW = REPEATABLE | {"SCHOOL_URN", "PUPIL_ID", PUPIL_ID_FROM, "YEAR_GROUP", "CLASS", "IN_CARE"}
"""Columns that apply to every adult of a row."""

_NOTES = re.compile(
    r"\b(?:notes?|comments?|remarks?|info|information|alerts?|warnings?|messages?|instructions?|memo)\b"
)
"""Headings of notes in a file whose columns somebody named, or in our own template."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header that was understood: the row it is in (from 1) and where each column is."""

    row: int
    name: str
    """The name of the system that has this header."""
    width: int
    cells: tuple[Cell, ...]
    ignored: tuple[str, ...]
    headings: tuple[str, ...] = ()
    export: ExportRows | None = None
    """For an export with a layout from its headings and values. Then `cells` is empty."""
    further: tuple[ExportRows, ...] = ()
    """The same for the second child of each row and so on, if several are side by side."""
    above: tuple[str, ...] = ()
    """The rows above it, each as one line."""

    def of_sheet(self, title: Group, namesakes: Namesakes) -> Header:
        """The same headings above another sheet's rows, with its own title."""
        assert self.export is not None
        further = tuple(one.of_sheet(title, namesakes) for one in self.further)
        return replace(self, export=self.export.of_sheet(title, namesakes), further=further)

    def joined_by(self, at: int) -> Header:
        """The same for a list of pupils whose ids are in one of its columns."""
        assert self.export is not None
        return replace(self, export=self.export.joined_by(at), further=())

    @property
    def adults_own(self) -> frozenset[int]:
        """Where the cells of adults are, from 0."""
        if self.export:
            return self.export.adults_own
        return frozenset(cell.index for cell in self.cells if cell.column not in _OF_THE_ROW)

    @property
    def columns_by_index(self) -> dict[int, str]:
        """Which column of ours is at which position, from 0. The first, if several adults have it."""
        if self.export:
            return self.export.columns_by_index
        return {cell.index: cell.column for cell in self.cells}

    @property
    def unread(self) -> tuple[tuple[int, str], ...]:
        """Positions of cells that no column has, from 0, and what a message calls them."""
        if self.export:
            return self.export.unread
        read = {cell.index for cell in self.cells if cell.column != PUPIL_ID_FROM}
        return tuple(
            (index, f"the column {shown(name)}" if name.strip() else "a column without a heading")
            for index, name in enumerate(self.headings)
            if index not in read
        )

    @property
    def needed(self) -> int:
        """A row with fewer cells than this has lost some."""
        if self.export:
            return self.export.needed
        return max(cell.index for cell in self.cells) + 1


def best_header(rows: Sequence[Row], mapping: ColumnMapping | None) -> tuple[int, int]:
    """The score and index of the row that looks most like a header, or the first of several.

    The headings that count are those named by the school's saved mapping, our template's, or those that read like an
    export's.
    """
    count = mapping.found_in if mapping else header_score
    best, found = -1, 0
    for at, row in enumerate(rows[: limits.HEADER_WITHIN]):
        if is_template(row):
            return template_headings(row), at
        score = count(row)
        if score > best:
            best, found = score, at
        elif best >= _SURELY_HEADINGS and at > found + _LOOKED_BELOW:
            break
    return max(best, 0), found


def understand(
    rows: Sequence[Row],
    at: int,
    file: str,
    mapping: ColumnMapping | None,
    answers: KnownAnswers | None = None,
    *,
    needs: Container[str] = REQUIRED,
) -> Header:
    """Find out what each heading of row `at` means. Raises RollNotReadable and its kinds (EF201, EF203, EF204).

    `rows` are the first of the sheet. Those below the header show what its columns contain. `needs`: what an export
    must have. A list of pupils beside other sheets needs no adults.
    """
    row, number = rows[at] if rows else (), at + 1
    place = SourceLocation(file, number)
    names = list(row)
    while names and not names[-1].strip():
        names.pop()
    if len(names) > limits.COLUMNS:
        raise RollNotReadable(
            f"The file has {len(names):,} columns, more than {limits.COLUMNS}.",
            "Export only the columns that docs/howto/import-a-roll.md names.",
            place,
        )
    above = tuple(" ".join(filter(None, map(str.strip, cells))) for cells in rows[:at])
    if is_template(names):
        cells = recognise(names, place).apply(names, place)
        return Header(number, "everyfamily template", len(names), cells, (), tuple(names), above=above)
    if mapping is not None:
        cells = unread_that_close(names, mapping).apply(names, place)
        return Header(number, "mapped by the school", len(names), cells, (), tuple(names), above=above)
    return replace(_of_export(rows, at, names, place, answers, needs), above=above)


def _of_export(
    rows: Sequence[Row],
    at: int,
    names: list[str],
    place: SourceLocation,
    answers: KnownAnswers | None,
    needs: Container[str],
) -> Header:
    headings = with_blocks(rows, at) if rows else []
    while headings and not headings[-1]:
        headings.pop()
    names = [*names, *[""] * (len(headings) - len(names))]
    key, below = layout_key(headings), rows[at + 1 :]
    known = answers.of(key) if answers else {}
    layout = layout_of(headings, below, known)
    if missing := [one for one in layout.missing if one in needs]:
        is_header = header_score(names) >= HEADINGS_AT_LEAST
        asked = tuple(question_of(one, headings, below) for one in missing) if is_header else ()
        instead = report_to_run(rows, names, is_header=is_header) if "ADULT_NAME" in missing else ""
        shown_columns = columns_shown(headings, layout.columns, below) if is_header else ()
        problem = not_clear(names, missing, place, is_header=is_header, instead=instead)
        raise problem.asking(key, asked, shown_columns)
    title = group_of(rows[:at])
    others = [layout_of(headings, below, known, child) for child in layout.children[1:]]
    return Header(
        at + 1,
        layout.name,
        len(names),
        (),
        _ignored(layout),
        tuple(headings),
        ExportRows(layout, headings, below, names, place.file, title),
        tuple(
            ExportRows(other, headings, below, names, place.file, title) for other in others if not other.missing
        ),
    )


def _ignored(layout: Layout) -> tuple[str, ...]:
    return tuple(shown(one.heading) for one in layout.not_read if one.heading.strip())


@dataclass(slots=True)
class _Picker:
    """Picks the cells of one adult of each row."""

    columns: tuple[str, ...]
    pick: Callable[[Row], Row]
    shared: int
    """How many of them, from the first, belong to the row and not to the adult."""

    def own(self, values: Row) -> Row:
        return self.pick(values)[self.shared :]

    def of(self, values: Row) -> dict[str, str]:
        return dict(zip(self.columns, self.pick(values), strict=True))


@dataclass(slots=True)
class Rows:
    """Makes lines from rows under a header that was understood."""

    header: Header
    _pickers: list[_Picker] = field(init=False)
    _made_of: list[int] = field(init=False)
    _repeated: list[tuple[str, list[int]]] = field(init=False)
    _id_first: bool = field(init=False)
    _needed: int = field(init=False)
    _adults_own: frozenset[int] = field(init=False)
    _has_unread: bool = field(init=False)
    notes: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """What is next to cells: by row and position in it."""

    def __post_init__(self) -> None:
        cells = self.header.cells
        self._needed = self.header.needed
        self._adults_own = self.header.adults_own
        self._has_unread = bool(self.header.unread)
        self._made_of = [cell.index for cell in cells if cell.column == PUPIL_ID_FROM]
        stands = [(name, [cell.index for cell in cells if cell.column == name]) for name in sorted(REPEATABLE)]
        self._repeated = [(name, indexes) for name, indexes in stands if len(indexes) > 1]
        shared = [cell for cell in cells if cell.column in _OF_THE_ROW and cell.column != PUPIL_ID_FROM]
        adults = sorted({cell.adult for cell in cells if cell.column not in _OF_THE_ROW})
        self._pickers = [_picker(shared, [cell for cell in cells if cell.adult == adult]) for adult in adults]
        # A stray comma shifts every cell after it, so only what comes before any free text is still in its place.
        ids = [cell.index for cell in cells if cell.column in ("SCHOOL_URN", "PUPIL_ID", PUPIL_ID_FROM)]
        self._id_first = max(ids) == len(ids) - 1

    @property
    def columns(self) -> frozenset[str]:
        """Columns of ours that the file has."""
        made = {"PUPIL_ID"} if self._made_of else set()
        return frozenset(name for picker in self._pickers for name in picker.columns) | made

    def all_lines(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Line]:
        """Lines from rows, with their own numbers. The values are trimmed and not all blank."""
        needed, width, adults_own = self._needed, self.header.width, self._adults_own
        if len(self._pickers) > 1 or self._made_of or self._repeated or self.notes:
            for number, values in rows:
                yield from self._lines(number, values)
            return
        (picker,) = self._pickers
        columns, pick, has_unread = picker.columns, picker.pick, self._has_unread
        for number, values in rows:
            if needed <= len(values) <= width and not is_report_line(values, adults_own):
                cells = dict(zip(columns, pick(values), strict=True))
                yield Line(number, cells, values=values if has_unread else ())
            else:
                yield from self._lines(number, values)

    def _lines(self, number: int, values: list[str]) -> Iterator[Line]:
        """One row's lines, one for each adult in it."""
        if is_report_line(values, self._adults_own):
            yield Line(number, {}, of_report=True, values=values)
            return
        width = self.header.width
        short = len(values) < self._needed
        long = len(values) > width and any(values[width:])
        if short:
            values = [*values, *[""] * (self._needed - len(values))]
        whole = not (short or long)
        stands = not long or self._id_first
        made = made_id(values[index] for index in self._made_of) if self._made_of else None
        found = [picker for picker in self._pickers if len(self._pickers) == 1 or any(picker.own(values))]
        for picker in found or self._pickers[:1]:
            cells = self._finished(picker.of(values), values, made)
            if number in self.notes:
                cells[CELL_NOTES] = "\n".join(self.notes[number].values())
            yield Line(number, cells, whole, stands, values=values if self._has_unread else ())

    def _finished(self, cells: dict[str, str], values: Row, made: str | None) -> dict[str, str]:
        if made is not None and not cells.get("PUPIL_ID"):
            cells["PUPIL_ID"] = made
        for column, indexes in self._repeated:
            # One of them counts for all: the first of those that close furthest.
            cells[column] = furthest(column, [values[index] for index in indexes])
        return cells


def _picker(shared: Sequence[Cell], cells: Sequence[Cell]) -> _Picker:
    of_row = {cell.column: cell.index for cell in shared}
    own = {cell.column: cell.index for cell in cells if cell.column not in _OF_THE_ROW}
    indexes = [*of_row.values(), *own.values()]
    return _Picker((*of_row, *own), _getter(indexes), len(of_row))


def _getter(indexes: list[int]) -> Callable[[Row], Row]:
    if len(indexes) == 1:
        only = indexes[0]
        return lambda values: (values[only],)
    return itemgetter(*indexes)


def sheet_of(
    header: Header,
    rows: Iterable[tuple[int, list[str]]],
    *,
    kind: str,
    set_aside: Sequence[SetAside] = (),
    notes: Mapping[int, Mapping[int, str]] | None = None,
) -> Sheet:
    """A sheet of the rows below a header, with their own numbers. `kind` is "CSV" or ".xlsx".

    `notes` are what a workbook says next to its cells, by row and position in it.
    """
    called = f"{header.name}, {kind}"
    if header.export is None:
        taker = Rows(header)
        taker.notes = notes or {}
        lines = taker.all_lines(rows)
        notes_at = tuple(one for one in header.unread if _NOTES.search(one[1].casefold()))
        return Sheet(
            called,
            taker.columns,
            lines,
            set_aside=tuple(set_aside),
            above=header.above,
            unread=header.unread,
            note_columns=notes_at,
        )
    by_name = (told_by_name(),) if header.export.by_name else ()
    first = _of_export_rows(header.export, called, rows if not header.further else (rows := list(rows)), notes)
    more = tuple(_of_export_rows(one, called, rows, notes) for one in header.further)
    return replace(first, set_aside=(*by_name, *set_aside), ignored=header.ignored, above=header.above, more=more)


def _of_export_rows(
    export: ExportRows,
    called: str,
    rows: Iterable[tuple[int, list[str]]],
    notes: Mapping[int, Mapping[int, str]] | None,
) -> Sheet:
    export.notes = notes or {}
    return Sheet(
        format=called,
        columns=export.columns,
        lines=export.all_lines(rows),
        unread=export.unread,
        of_child=export.of_child,
        note_columns=export.note_columns,
        layout=export.layout_key,
        questions=export.questions,
        rows_asked=export.rows_asked,
        rows_answered=export.rows_answered,
        shown=export.shown,
    )


def too_many_rows(place: SourceLocation) -> RollNotReadable:
    """The refusal of a file beyond `limits.ROWS`."""
    return RollNotReadable(
        f"The file has more than {limits.ROWS:,} rows.",
        "One file is one school's roll: check that the export is not of a whole trust.",
        place,
    )


def cell_too_long(place: SourceLocation) -> RollNotReadable:
    """The refusal of a file with a cell beyond `limits.CELL_CHARACTERS`: it may have swallowed whole rows."""
    return RollNotReadable(
        f"A cell is longer than {limits.CELL_CHARACTERS:,} characters: perhaps a quotation mark is never closed.",
        "Export it again from the records system and do not edit it by hand.",
        place,
    )


def no_rows(place: SourceLocation) -> RollNotReadable:
    """The refusal of a file that has a header alone."""
    return RollNotReadable("This file has headings and no rows.", "Export the whole roll again.", place)
