"""From the rows of an export with a known layout to lines: one for each adult with a child."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from everyfamily.core.rolls.closing.whom_words_mean import the_one_meant
from everyfamily.core.rolls.closing.workbook_notes import beside_adult, beside_child
from everyfamily.core.rolls.layout.address_parts import AddressParts
from everyfamily.core.rolls.layout.heading_parts import UNKNOWN
from everyfamily.core.rolls.layout.layout import Layout
from everyfamily.core.rolls.layout.layout_columns import NAMES, ROW, called
from everyfamily.core.rolls.layout.questions import columns_shown, layout_key, questions_about
from everyfamily.core.rolls.model.question import ColumnShown, Question
from everyfamily.core.rolls.model.sheet import ABOUT_ADULT, CELL_NOTES, CHILD_NOTES, OUR_SCHOOL, Line
from everyfamily.core.rolls.tables.adult_cells import CLOSING, AdultCells, Row, closing_of
from everyfamily.core.rolls.tables.banners import NOTHING as NO_GROUP
from everyfamily.core.rolls.tables.banners import Banners, Group
from everyfamily.core.rolls.tables.namesakes import Namesakes
from everyfamily.core.rolls.tables.nothing_said import NothingSaid, without_empty_places
from everyfamily.core.rolls.tables.report_lines import is_report_line
from everyfamily.core.rolls.tables.row_checks import NotUnderstood, Shifted
from everyfamily.core.rolls.values.adults_in_cells import (
    adults_of_cells,
    may_hold_several,
)
from everyfamily.core.rolls.values.made_id import made_id
from everyfamily.core.rolls.values.repeated import furthest
from everyfamily.core.rolls.values.written_names import is_nobodys_name
from everyfamily.core.rolls.words.closing_words import closes
from everyfamily.core.rolls.words.words import plain, relationships, yes_no

_MOST_ARE_OURS = 0.6
_CLASS_TOO = re.compile(r"\b(?:class|form|group)\b")
_YEAR_AND_CLASS = re.compile(
    r"(?P<year>(?:y|yr|year)?\.? ?\d{1,2}|r|reception|nursery)\s*[/,–-]\s*(?P<name>\S.{0,30})", re.IGNORECASE
)
_ANSWERS = yes_no()
_RELATIONSHIPS = relationships()


class ExportRows:
    """Makes lines from the rows under a layout."""

    def __init__(
        self,
        layout: Layout,
        headings: Sequence[str],
        rows: Sequence[Row],
        header: Row,
        file: str,
        title: Group = NO_GROUP,
    ) -> None:
        self._layout = layout
        self._headings = headings
        self._first_rows = rows
        self._file = file
        self._title = title
        self.notes: Mapping[int, Mapping[int, str]] = {}
        self._header = [cell.strip() for cell in header]
        self._width = len(headings)
        self._schools = _OurSchool(layout, rows)
        self._shifted = Shifted([one for one in layout.columns if one.owner >= ROW], rows, file)
        self._not_understood = NotUnderstood(
            [one for one in layout.columns if one.what == UNKNOWN],
            [one for one in layout.columns if one.is_answered],
            rows,
        )
        self.ids = [one.index for one in layout.of(ROW, "PUPIL_ID/upn", "PUPIL_ID/admission", "PUPIL_ID/other")]
        self._made_of = self._child_told_by()
        self._of_row = {
            what: one.index
            for what in ("YEAR_GROUP", "CLASS", "IN_CARE", "SCHOOL_URN")
            for one in layout.of(ROW, what)[:1]
        }
        self._row_closing = closing_of(layout, ROW, CLOSING)
        self._childs_address = AddressParts.of(layout, ROW)
        self._adults = [AdultCells.of(layout, number, rows) for number in range(1, layout.adults + 1)]
        self._adults = [one for one in self._adults if one.name or one.forename or one.surname]
        self._adults_own = frozenset(index for adult in self._adults for index in adult.own)
        self._childs = [one.index for one in layout.columns if one.owner == ROW]
        self._told_by = [
            one.index
            for one in layout.columns
            if one.owner == ROW and (one.what.startswith("PUPIL_ID") or one.what in (*NAMES, "BORN"))
        ]
        # What a line's cells do not contain unchanged is searched for words that close.
        read = {*self.ids[:1], *self._of_row.values(), *self._adults_own}
        read |= {index for _, indexes in self._row_closing for index in indexes}
        read |= {one.index for one in layout.of(ROW, "COURT_ORDER")}
        self.unread = tuple((one.index, called(one)) for one in layout.columns if one.index not in read)
        self.of_child = _said_of_child(layout)
        self.note_columns = tuple(
            {one.index: (one.index, called(one)) for one in layout.columns if one.what == "NOTES"}.values()
        )
        self._notes_of_row = [
            one.index
            for one in layout.columns
            if one.owner == ROW and one.what in ("NOTES", UNKNOWN, "-", "COURT_ORDER", "NOT_TO_WRITE")
        ]
        self.needed = max([*self.ids, *self._made_of, *self._of_row.values(), *self._adults_own], default=0) + 1
        self._names_of_child = [
            one.index for one in layout.of(ROW, "NAME")[:1] or layout.of(ROW, "FORENAME", "SURNAME")[:2]
        ]
        self._is_leaver = [one.index for one in layout.of(ROW, "LEAVING") if one.text.endswith("is leaver")]
        self._before: Row = ()
        self._is_further = layout.child > 0
        ids = [*self.ids, *(() if self.ids else self._made_of)]
        self._id_first = bool(ids) and max(ids) == len(ids) - 1
        childs_name = self._names_of_child[0] if len(self._names_of_child) == 1 and not self.ids else -1
        self._banners = Banners(self.ids, rows, title, childs_name)
        self._namesakes = Namesakes() if layout.by_name else None
        self._childs_order = [one.index for one in layout.of(ROW, "COURT_ORDER")]
        self._of_all = [
            *self._row_closing,
            *([("COURT_ORDER", tuple(self._childs_order))] if self._childs_order else ()),
        ]
        self._year_and_class = not self.has_class and any(
            one.what == "YEAR_GROUP" and _CLASS_TOO.search(one.text) for one in layout.of(ROW, "YEAR_GROUP")
        )
        self._nothing_said = NothingSaid(layout.columns)

    @property
    def by_name(self) -> bool:
        """Whether only their names show which child is which."""
        return self._layout.by_name

    @property
    def layout_key(self) -> str:
        """The digest of the headings."""
        return layout_key(self._headings)

    def questions(self) -> tuple[Question, ...]:
        """What a person must be asked. It is complete once all rows have been gone through."""
        found = sorted(self._not_understood.found, key=lambda one: one.index)
        return questions_about(self._headings, found, self._layout.not_certain, self._first_rows)

    def rows_asked(self) -> frozenset[int]:
        """Rows with something in a column that a person must be asked about."""
        return self._not_understood.rows_asked

    def rows_answered(self) -> frozenset[int]:
        """Rows with something in a column that a person answered about."""
        return self._not_understood.rows_answered

    def shown(self) -> tuple[ColumnShown, ...]:
        """What each column was taken for, with its first values."""
        return columns_shown(self._headings, self._layout.columns, self._first_rows)

    @property
    def has_class(self) -> bool:
        """Whether a column gives the class."""
        return "CLASS" in self._of_row

    def of_sheet(self, title: Group, namesakes: Namesakes) -> ExportRows:
        """The same for another sheet with these headings, with its own title. `namesakes` belong to the whole file."""
        other = ExportRows(self._layout, self._headings, self._first_rows, self._header, self._file, title)
        other._namesakes = namesakes if self._layout.by_name else None
        return other

    @property
    def tells_of_children(self) -> bool:
        """Whether a column gives children's names, a year or a class."""
        return bool(self._names_of_child or self._of_row.keys() & {"YEAR_GROUP", "CLASS"})

    def joined_by(self, at: int) -> ExportRows:
        """The same with the child's id from this column only."""
        columns = (
            one if one.index == at or not one.what.startswith("PUPIL_ID") else replace(one, what="-")
            for one in self._layout.columns
        )
        layout = replace(self._layout, columns=tuple(columns))
        return ExportRows(layout, self._headings, self._first_rows, self._header, self._file, self._title)

    def ids_of(self, rows: Iterable[tuple[int, Row]]) -> set[str]:
        """The children's ids in rows, each from the first of its columns that is filled."""
        return {next((row[at] for at in self.ids if row[at]), "") for _, row in rows} - {""}

    @property
    def adults_own(self) -> frozenset[int]:
        """Where the cells of adults are, from 0."""
        return self._adults_own

    @property
    def columns(self) -> frozenset[str]:
        """Columns of ours that the file has."""
        found = {
            "PUPIL_ID",
            *self._of_row,
            *(("CLASS", "YEAR_GROUP") if self._title != NO_GROUP else ()),
            *(("SCHOOL_URN",) if self._schools.column is not None else ()),
            *(what for what, _ in self._row_closing),
            *(["COURT_ORDER"] if self._childs_order else ()),
        }
        for adult in self._adults:
            found |= {what for what, _ in (*adult.plain, *adult.joined, *adult.closing)}
            found |= {"ADULT_NAME"}
            if adult.said:
                found.add("RELATIONSHIP")
            if adult.number in self._layout.in_cells:
                found |= {"RELATIONSHIP", "EMAIL", "PHONE"}
            if adult.forename or adult.surname:
                found |= {"ADULT_FORENAME", "ADULT_SURNAME"}
            if adult.address.indexes:
                found |= {"ADDRESS", "POSTCODE"}
        return frozenset(found)

    @property
    def columns_by_index(self) -> dict[int, str]:
        """Which column of ours is at which position, from 0. The parts of an address, a name and an id count as the
        whole."""
        names = {"NAME": "ADULT_NAME", "FORENAME": "ADULT_FORENAME", "SURNAME": "ADULT_SURNAME"}
        found = {}
        for one in self._layout.columns:
            what = one.what.partition("/")[0]
            if what != "-" and (one.owner > 0 or what == "PUPIL_ID" or what in self._of_row):
                found[one.index] = names.get(what, what)
        return found

    def all_lines(self, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Line]:
        """Lines from rows, with their own numbers. The values are trimmed and not all blank."""
        for number, values in rows:
            if self._is_further and not any(values[index] for index in self._told_by if index < len(values)):
                continue
            again = values[0] == self._header[0] and self._is_header(values)
            if again or is_report_line(values, self._adults_own) or self._banners.is_one(values):
                yield Line(number, {}, of_report=True, values=values)
            else:
                yield from self._lines(number, values)

    def _is_header(self, values: Row) -> bool:
        """The headings are repeated, perhaps with blank cells after them."""
        return all(text == (self._header[at] if at < len(self._header) else "") for at, text in enumerate(values))

    def _lines(self, number: int, values: list[str]) -> Iterator[Line]:
        short = len(values) < self.needed
        long = len(values) > self._width and any(
            text and not is_report_line([text], ()) for text in values[self._width :]
        )
        if len(values) < self._width:
            values = [*values, *[""] * (self._width - len(values))]
        whole, stands = not (short or long), not long or self._id_first
        # Only a name is not a child, if the row is not one of the sheet's.
        stands = stands and (whole or not self._layout.by_name)
        if whole and self._shifted.is_shifted(number, values):
            whole = stands = False
        self._not_understood.look(number, values)
        values = self._nothing_said.blanked(values)
        row = self._with_child(values)
        about = self._about_one(row) if len(self._adults) > 1 else {}
        if about:
            values = ["" if at in about else text for at, text in enumerate(values)]
            row = ["" if at in about else text for at, text in enumerate(row)]
        child = self._child(row)
        if number in self.notes:
            child[CHILD_NOTES] = beside_child(self.notes[number], self._adults_own)
        for cells in self._of_adults(number, row, about) or [{}]:
            for one in adults_of_cells(cells) if may_hold_several(cells) else (cells,):
                yield Line(
                    number, child | one, whole, stands, values=values if self.unread or self.note_columns else ()
                )

    def _about_one(self, row: Row) -> dict[int, tuple[int, str]]:
        """From notes next to the child, or next to nobody, those that keep away one adult of the row: by position, the
        adult's number and the note."""
        texts = {at: row[at] for at in self._notes_of_row if row[at] and closes(row[at])}
        if not texts:
            return {}
        here = [adult for adult in self._adults if any(row[index] for index in adult.alone)]
        who = [(_RELATIONSHIPS[adult.said_in(row)] or "", adult.name_in(row)) for adult in here]
        meant = {at: the_one_meant(text, who) for at, text in texts.items()}
        return {at: (here[one].number, texts[at]) for at, one in meant.items() if one is not None}

    def _of_adults(self, number: int, row: Row, about: Mapping[int, tuple[int, str]]) -> list[dict[str, str]]:
        """The cells of each adult in a row."""
        found = []
        for adult in self._adults:
            if len(self._adults) == 1 or any(row[index] for index in adult.alone):
                cells = adult.cells(row, self._childs_address)
                for what, indexes in self._of_all:
                    # What is said about the child counts together with what is said about the adult.
                    cells[what] = furthest(what, [cells.get(what, ""), *(row[index] for index in indexes)])
                own_notes = [text for whose, text in about.values() if whose == adult.number]
                if own_notes:
                    cells[ABOUT_ADULT] = "\n".join(own_notes)
                if number in self.notes:
                    others = self._adults_own.difference(adult.own)
                    cells[CELL_NOTES] = beside_adult(self.notes[number], adult.own, others)
                found.append(cells)
        return without_empty_places(found)

    def _with_child(self, values: list[str]) -> Row:
        """The row, with the child of the row above if it names an adult and no child, as with merged cells.

        One blank id by itself may be a slip, so id and name must both be blank.
        """
        if any(values[index] for index in self._told_by):
            self._before = values
            return values
        adult = any(values[index] for index in self._adults_own)
        if self._layout.children or not (adult and self._before and len(self._told_by) > 1):
            return values
        filled = list(values)
        for index in self._childs:
            filled[index] = filled[index] or self._before[index]
        return filled

    def _child(self, row: Row) -> dict[str, str]:
        cells = {what: row[index] for what, index in self._of_row.items()}
        cells |= {what: furthest(what, [row[index] for index in indexes]) for what, indexes in self._of_all}
        if self._year_and_class and (both := _YEAR_AND_CLASS.fullmatch(cells.get("YEAR_GROUP", ""))):
            cells |= {"YEAR_GROUP": both["year"], "CLASS": both["name"]}
        group = self._banners.group
        if group.name and not self.has_class:
            cells["CLASS"] = group.name
        if group.year and "YEAR_GROUP" not in self._of_row:
            cells["YEAR_GROUP"] = group.year
        if self._schools.column is not None:
            cells["SCHOOL_URN"] = self._schools.said(row)
        if self._names_of_child and is_nobodys_name(" ".join(row[index] for index in self._names_of_child)):
            cells["TEST_CHILD"] = "yes"
        if any(_ANSWERS[row[index]] == "yes" for index in self._is_leaver):
            cells["ON_ROLL"] = "left"
        cells["PUPIL_ID"] = next((row[index] for index in self.ids if row[index]), "") or made_id(
            row[index] for index in self._made_of
        )
        if self._namesakes and self._namesakes.is_another(cells):
            cells["CHILD_NOT_CLEAR"] = "yes"
        return cells

    def _child_told_by(self) -> list[int]:
        of = self._layout.of
        born = of(ROW, "BORN")[:1]
        forename = of(ROW, "FORENAME")[:1] or of(ROW, "FORENAME/preferred")[:1]
        surname = of(ROW, "SURNAME")[:1] or of(ROW, "SURNAME/preferred")[:1]
        name = [*forename, *surname] if forename and surname else of(ROW, "NAME")[:1] or [*forename, *surname]
        # If there are ids, it replaces a blank one, and only a name is not a child's.
        return [one.index for one in (*name, *born)] if name and (born or not self.ids) else []


class _OurSchool:
    """A column with the school's name or number, if the file has rows of more than one school. Most rows are ours."""

    def __init__(self, layout: Layout, rows: Sequence[Row]) -> None:
        self.column: int | None = None
        self._ours = ""
        if layout.of(ROW, "SCHOOL_URN"):
            return
        for one in layout.of(ROW, "SCHOOL_DFE", "SCHOOL_NAME"):
            said = Counter(
                plain(row[one.index]) for row in rows if one.index < len(row) and row[one.index].strip()
            )
            if said and said.most_common(1)[0][1] >= _MOST_ARE_OURS * said.total():
                self.column, self._ours = one.index, said.most_common(1)[0][0]
                return

    def said(self, row: Row) -> str:
        """The value under SCHOOL_URN: that it is ours, or what is there."""
        text = row[self.column] if self.column is not None else ""
        return OUR_SCHOOL if plain(text) in ("", self._ours) else text


def _said_of_child(layout: Layout) -> frozenset[int]:
    """Columns of notes about the child: their headings say so, or they come before those of any adult."""
    first = min((one.index for one in layout.columns if one.owner > 0), default=0)
    return frozenset(
        one.index
        for one in layout.columns
        if one.owner == ROW and one.what in ("NOTES", UNKNOWN, "-") and (not one.bare or one.index < first)
    )
