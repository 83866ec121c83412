"""One line of a sheet: its cells become a row of values, or only its child, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from everyfamily.core.rolls.closing.deaths import Own, may_say_so, name_says_died, says_died
from everyfamily.core.rolls.closing.ways_to_close import with_ways_to_close
from everyfamily.core.rolls.closing.whom_words_mean import Whom, cell_means_others_too
from everyfamily.core.rolls.closing.words_beside import (
    LONGEST_NOTE,
    WordsBeside,
    all_wait,
    all_wait_of_child,
    not_readable_at_least,
    waits,
)
from everyfamily.core.rolls.model import limits, row_messages
from everyfamily.core.rolls.model.roll_rows import (
    CLOSED,
    NOT_REPEATED,
    NOT_SAID,
    VALUE_NOT_READ,
    Note,
    RollRow,
    SetAside,
    closes_shared_ways,
)
from everyfamily.core.rolls.model.row_set_aside import RowSetAside
from everyfamily.core.rolls.model.sheet import Line, Sheet
from everyfamily.core.rolls.rows_together import Person, persons_of
from everyfamily.core.rolls.values.answers import Answers
from everyfamily.core.rolls.values.cells import text_of
from everyfamily.core.rolls.values.homes import LINES, Homes
from everyfamily.core.rolls.values.pupil_id import pupil_id_of
from everyfamily.core.rolls.values.restriction import Restrictions
from everyfamily.core.rolls.values.still_here import COLUMNS as ABOUT_LEAVING
from everyfamily.core.rolls.values.still_here import Gone, StillHere
from everyfamily.core.rolls.values.ways import Ways
from everyfamily.core.rolls.values.written_names import is_a_mark, is_nobodys_name, name_alone, name_says_deleted
from everyfamily.core.rolls.words import words
from everyfamily.core.rolls.words.closing_words import closes

_CONTACTS = ("EMAIL", "MOBILE", *LINES, "POSTCODE", "ADDRESS", "EMAIL_2", "MOBILE_2", "PHONE")
_NAME = ("ADULT_TITLE", "ADULT_FORENAME", "ADULT_SURNAME")
_NAMED = 3
"""The most other schools that a message names."""
_SHOWN = 60
"""The most characters of a cell that the school is shown."""
_COLUMNS_OF_ROWS = {
    **dict.fromkeys(("PUPIL_ID_MISSING", "PUPIL_ID_SHORTENED", "PUPIL_ID_TOO_LONG"), "PUPIL_ID"),
    **dict.fromkeys(("ADULT_NAME_MISSING", "NAME_TOO_LONG"), "ADULT_NAME"),
    "NOT_A_PARENT_OR_CARER": "RELATIONSHIP",
    "OTHER_SCHOOL": "SCHOOL_URN",
}
"""What a row was set aside for, if it is one cell."""
_OTHER_PEOPLE = ("NOT_A_PARENT_OR_CARER", "LINK_ENDED", "NOT_A_PERSON")
"""Codes of rows whose adult is never written to."""


@dataclass(slots=True)
class Met:
    """What the lines of all sheets say: ids of children, and other schools' numbers as the file has them."""

    died: set[str] = field(default_factory=set)
    """A row says that they have died."""
    words_beside: set[str] = field(default_factory=set)
    """Words next to them may keep an adult away, and it is not clear which adult."""
    notes: dict[str, list[Note]] = field(default_factory=dict)
    """By child: what the lead is shown."""
    beside_others: dict[str, set[tuple[int, str]]] = field(default_factory=dict)
    """Children with words in an adult's row that keep away another adult, and the (row, name) of those beside whom
    they are."""
    closed: set[Person] = field(default_factory=set)
    """Adults with words next to them that may keep them away."""
    other_schools: set[str] = field(default_factory=set)
    dead: set[tuple[str, str]] = field(default_factory=set)
    """(Id of the child, relationship) of an adult who has died according to another adult's row."""

    def says_something_of(self, row: RollRow) -> bool:
        """Whether another row says something that closes this one."""
        beside = self.beside_others.get(row.pupil_id)
        return (
            row.pupil_id in self.words_beside
            or (row.pupil_id, row.relationship) in self.dead
            or (beside is not None and (row.row, row.adult_name) not in beside)
        )


class LineReader:
    """Reads lines of one sheet. What cannot be read goes to `aside` by itself and loses no family."""

    def __init__(
        self, sheet: Sheet, urns: frozenset[str], aside: list[SetAside], demonstration: bool, met: Met
    ) -> None:
        self._urns = urns if "SCHOOL_URN" in sheet.columns else None
        self._aside = aside
        self._demonstration = demonstration
        self._row = 0
        self._where = ""
        self._cells: dict[str, str] = {}
        self._relationships = words.relationships()
        self._answers = Answers(self._value_set_aside)
        self._relationship_is_known = True
        self._restrictions = Restrictions(sheet.columns, self._value_set_aside)
        self._homes = Homes(sheet.columns, self._value_set_aside)
        self._ways = Ways(sheet.columns, self._value_set_aside, demonstration=demonstration)
        self._still_here = None if sheet.columns.isdisjoint(ABOUT_LEAVING) else StillHere()
        self._met = met
        self._parts_of_name = not sheet.columns.isdisjoint(_NAME)
        self.words = WordsBeside(sheet)
        self._shown = sheet.shown
        self._headings: dict[str, str] | None = None

    def of_other_school(self, line: Line) -> bool:
        """The line says that it is about a school other than the one imported for."""
        said = line.cells.get("SCHOOL_URN", "")
        is_other = self._urns is not None and said not in ("", *self._urns)
        if is_other and len(self._met.other_schools) < _NAMED:
            self._met.other_schools.add(said)
        return is_other

    def row_of(self, line: Line) -> RollRow | None:
        """One line's values, or only its child, or nothing."""
        self._row, self._cells = line.row, line.cells
        self._relationship_is_known = True
        pupil_id = ""
        where = self._where = self.words.where(line)
        try:
            _check_is_a_row(line)
            self._check_whole(line)
            pupil_id = pupil_id_of(self._cells)
            self._check_school()
            self._check_still_here(pupil_id)
            self._check_told()
            name, relationship = self._adult()
        except RowSetAside as problem:
            self._aside.append(self._row_set_aside(problem))
            child = self._child_alone(line) if problem.child_stands else None
            if child is None:
                return child
            self._keep_notes(child.pupil_id, line)
            of_child = self.words.of_child(line)
            if problem.code == "ADULT_DIED":
                return self._beside(child, where or of_child)
            if problem.code in _OTHER_PEOPLE and self._relationship_is_known:
                # What is said about them is not about the child's other adults.
                return self._beside(child, of_child)
            return self._beside(child, where or of_child or self._column_that_closes(is_whole=line.whole))
        self._keep_notes(pupil_id, line)
        if not name:
            where = where or self.words.of_child(line) or self._column_that_closes()
            return self._beside(self._child(pupil_id), where)
        if self.words.others_died:
            self._met.dead |= {(pupil_id, relative) for relative in self.words.others_died}
        row = self._values(pupil_id, name, relationship)
        if where:
            row = self._with_words(row, where)
        row = self._with_answers(row)
        if of_child := self.words.of_child(line):
            self._met.words_beside.add(pupil_id)
            row = not_readable_at_least(row)
            self._value_set_aside("WORDS_THAT_CLOSE", all_wait_of_child(of_child))
        return with_ways_to_close(row, line.cells, demonstration=self._demonstration)

    def _with_answers(self, row: RollRow) -> RollRow:
        """The row with what a column about who may have the letter has and is no answer. It may mean others of the
        child too. Otherwise the lead reads it."""
        said = self._restrictions.no_answers(self._cells)
        if any(cell_means_others_too(text, row.relationship, row.adult_name) for text in said):
            self._met.words_beside.add(row.pupil_id)
            return not_readable_at_least(row)
        if row.restriction_reason == VALUE_NOT_READ:
            for column, text in self._restrictions.not_read:
                self._keep_note(row.pupil_id, Note(self._called(column), text[:LONGEST_NOTE], False, row.row))
        return row

    def _adult(self) -> tuple[str, str]:
        """The name, or blank if the row has none, and the relationship."""
        name = self._adult_name()
        if name_says_deleted(name):
            raise RowSetAside("LINK_ENDED", row_messages.LINK_ENDED)
        if is_nobodys_name(name):
            raise RowSetAside("NOT_A_PERSON", row_messages.NOT_A_PERSON)
        if self.words.died or self._says_at_rest(name):
            raise RowSetAside("ADULT_DIED", row_messages.ADULT_DIED)
        name = name_alone(name)
        return name, self._relationship(name)

    def _says_at_rest(self, name: str) -> bool:
        """ "RIP" after a name or a relationship. Longer words are among those that are looked for in every cell."""
        raw = self._cells.get("RELATIONSHIP", "")
        behind_it = self._relationships[raw] is None and may_say_so(raw) and says_died(raw, Own.of(self._cells))
        return behind_it or (("RIP" in name or "R.I.P" in name) and name_says_died(name))

    def _column_that_closes(self, *, is_whole: bool = True) -> str:
        """For a row whose adult cannot be read, so that its restriction is not lost with the adult."""
        if not is_whole:
            # Any text may be under RESTRICTION, and only its plain words say something.
            said = {" ".join(text.split()).casefold() for text in self._cells.values()}
            return "RESTRICTION" if said & set(CLOSED) else ""
        restriction, reason = self._restrictions.of(self._cells)
        return "RESTRICTION" if closes_shared_ways(restriction, reason) else ""

    def _beside(self, child: RollRow, where: str) -> RollRow:
        """A child's row without an adult: what it says about an adult applies to all of the child's adults."""
        if where:
            self._met.words_beside.add(child.pupil_id)
            self._value_set_aside("WORDS_THAT_CLOSE", all_wait(where))
        return child

    def _keep_notes(self, pupil_id: str, line: Line) -> None:
        for note in self.words.notes(line):
            self._keep_note(pupil_id, note)

    def _keep_note(self, pupil_id: str, note: Note) -> None:
        kept = self._met.notes.setdefault(pupil_id, [])
        if note not in kept:
            kept.append(note)

    def _called(self, column: str) -> str:
        """A column of ours by the sheet's own heading, if it is a sheet with others."""
        if self._headings is None:
            self._headings = {one.guess.partition("/")[0]: one.heading for one in reversed(self._shown())}
        return self._headings.get(column, column.replace("_", " ").lower())

    def _with_words(self, row: RollRow, where: str) -> RollRow:
        """The row of an adult with such words in it, and the child's other adults if they may mean them."""
        whom = self.words.whom(row)
        if whom is Whom.OTHERS:
            self._met.beside_others.setdefault(row.pupil_id, set()).add((row.row, row.adult_name))
            return row
        if whom is Whom.ALL:
            self._met.words_beside.add(row.pupil_id)
        row = self._closed(row, where)
        self._met.closed.update(persons_of(row))
        return row

    def _closed(self, row: RollRow, where: str) -> RollRow:
        closed = not_readable_at_least(row)
        if closed is not row:
            self._value_set_aside("WORDS_THAT_CLOSE", waits(where))
        return closed

    def _check_whole(self, line: Line) -> None:
        if not line.whole:
            message = "The row has fewer or more cells than the header: a value may be in the wrong column."
            raise RowSetAside("ROW_NOT_WHOLE", message, child_stands=line.child_stands)

    def _check_told(self) -> None:
        """What the format's reader itself found about the row."""
        if "TEST_CHILD" in self._cells:
            raise RowSetAside("NOT_A_PERSON", row_messages.NOT_A_PERSON, child_stands=False)
        if "CHILD_NOT_CLEAR" in self._cells:
            raise RowSetAside("CHILD_NOT_CLEAR", row_messages.NAMESAKES)
        if "LINK_ENDED" in self._cells:
            raise RowSetAside("LINK_ENDED", row_messages.LINK_ENDED)

    def _check_school(self) -> None:
        # A blank SCHOOL_URN is a slip in this school's own file. Another number is another school's child.
        if self._urns is not None and self._cells.get("SCHOOL_URN", "") not in self._urns:
            message = "SCHOOL_URN is the number of another school."
            raise RowSetAside("OTHER_SCHOOL", message)

    def _check_still_here(self, pupil_id: str) -> None:
        gone = self._still_here.of(self._cells) if self._still_here else Gone.NO
        if gone is Gone.DIED:
            self._met.died.add(pupil_id)
            raise RowSetAside("CHILD_DIED", row_messages.DIED)
        if gone is Gone.NOT_ON_ROLL:
            message = "The row says that the child is not on the roll."
            raise RowSetAside("CHILD_NOT_ON_ROLL", message, child_stands=False)
        if gone is Gone.LEAVING:
            message = "The row has a day or a reason of leaving: no adult of the child is taken from it."
            raise RowSetAside("CHILD_LEAVING", message)

    def _adult_name(self) -> str:
        get = self._cells.get
        raw = get("ADULT_NAME", "")
        if not raw and self._parts_of_name:
            raw = " ".join(filter(None, (get(part, "") for part in _NAME)))
        text = text_of(raw)
        if text is None:
            raise RowSetAside("FORMULA_IN_CELL", row_messages.formula("ADULT_NAME"))
        name = " ".join(text.split())
        if is_a_mark(name) and not (self._where or self._column_that_closes()):
            # A cross that is closed still closes what it shares.
            name = ""
        if not name and any(get(column) for column in _CONTACTS):
            message = "The row has contact values and no ADULT_NAME, so they cannot be tied to an adult."
            raise RowSetAside("ADULT_NAME_MISSING", message)
        if len(name) > limits.NAME_CHARACTERS:
            message = f"ADULT_NAME is longer than {limits.NAME_CHARACTERS} characters: there is more than a name."
            raise RowSetAside("NAME_TOO_LONG", message)
        return name

    def _relationship(self, name: str) -> str:
        raw = self._cells.get("RELATIONSHIP", "")
        if not raw:
            return "other"
        word = self._relationships[raw]
        if word is None and (said := words.relationship_in(raw, name.casefold().split())):
            word, self._relationship_is_known = said.kept, said.understood
        else:
            self._relationship_is_known = word is not None
        if word == words.NOT_A_PARENT_OR_CARER:
            message = "RELATIONSHIP is of somebody who is not a parent or carer: they are not written to."
            raise RowSetAside("NOT_A_PARENT_OR_CARER", message)
        if not self._relationship_is_known:
            self._value_set_aside("RELATIONSHIP_NOT_KNOWN", row_messages.RELATIONSHIP, "RELATIONSHIP")
        return word or (raw if words.is_code(raw) else "other")

    def _child_alone(self, line: Line) -> RollRow | None:
        """The child of a row that is not imported, if it is clear which child."""
        if self.of_other_school(line):
            return None
        try:
            pupil_id = pupil_id_of(self._cells)
        except RowSetAside:
            return None
        return self._child(pupil_id)

    def _child(self, pupil_id: str) -> RollRow:
        year_group, class_name = self._answers.groups(self._cells)
        return RollRow(self._row, pupil_id, year_group, class_name, in_care=self._answers.in_care(self._cells))

    def _values(self, pupil_id: str, name: str, relationship: str) -> RollRow:
        restriction, reason = self._restrictions.of(self._cells)
        if restriction == "none" and not self._relationship_is_known:
            # What was not read there may be the order, so "none" is not believed.
            restriction, reason = "unknown", NOT_SAID
        year_group, class_name = self._answers.groups(self._cells)
        email, mobile, also = self._ways.of(self._cells, name, relationship)
        return RollRow(
            row=self._row,
            pupil_id=pupil_id,
            year_group=year_group,
            class_name=class_name,
            adult_name=name,
            relationship=relationship,
            parental_responsibility=self._answers.has(self._cells, "PARENTAL_RESPONSIBILITY"),
            has_care=self._answers.has(self._cells, "HAS_CARE"),
            priority=self._answers.priority(self._cells),
            restriction=restriction,
            restriction_reason=reason,
            objects=self._answers.objects(self._cells),
            email=email,
            mobile=mobile,
            address=self._homes.of(self._cells, pupil_id, relationship),
            language=self._answers.language(self._cells),
            format=self._answers.format(self._cells),
            wishes=self._answers.wishes(self._cells),
            also=also,
            in_care=self._answers.in_care(self._cells),
        )

    def _value_set_aside(self, code: str, message: str, column: str = "") -> None:
        value = self._shown_of(column)
        self._aside.append(SetAside(self._row, code, message, whole_row=False, column=column, value=value))

    def _row_set_aside(self, problem: RowSetAside) -> SetAside:
        column = _COLUMNS_OF_ROWS.get(problem.code, "")
        if problem.code == "FORMULA_IN_CELL":
            column = "PUPIL_ID" if "PUPIL_ID" in problem.message else "ADULT_NAME"
        return SetAside(self._row, problem.code, problem.message, column=column, value=self._shown_of(column))

    def _shown_of(self, column: str) -> str:
        """The beginning of a cell, for the school that the file belongs to."""
        if column.startswith("ADULT_"):
            return ""
        shown = " ".join(self._cells.get(column, "")[: 2 * _SHOWN].split())
        return NOT_REPEATED if closes(shown) else shown[:_SHOWN]


def _check_is_a_row(line: Line) -> None:
    if line.of_report:
        raise RowSetAside("LINE_OF_THE_REPORT", row_messages.OF_THE_REPORT, child_stands=False)
