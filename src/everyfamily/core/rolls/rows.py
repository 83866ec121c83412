"""From a sheet to a roll: each cell becomes a value or is set aside, in one way for every format."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.closing.deaths import Own, may_say_so, name_says_died, says_died
from everyfamily.core.rolls.closing.ways_to_close import with_ways_to_close
from everyfamily.core.rolls.closing.words_beside import (
    BESIDE_ANOTHER_CHILD,
    ELSEWHERE,
    WordsBeside,
    all_wait,
    all_wait_of_child,
    not_readable_at_least,
    waits,
)
from everyfamily.core.rolls.model import limits, row_messages
from everyfamily.core.rolls.model.question import CLOSES, once_each
from everyfamily.core.rolls.model.roll_rows import (
    CLOSED,
    NOT_SAID,
    Roll,
    RollOfOtherSchool,
    RollRow,
    SetAside,
    closes_shared_ways,
)
from everyfamily.core.rolls.model.sheet import OUR_SCHOOL, Line, Sheet
from everyfamily.core.rolls.rows_together import (
    Person,
    look_elsewhere,
    own_ids,
    persons_of,
    refuse_one_id_for_all,
    with_groups,
)
from everyfamily.core.rolls.values.cells import text_of
from everyfamily.core.rolls.values.homes import LINES, Homes
from everyfamily.core.rolls.values.restriction import Restrictions
from everyfamily.core.rolls.values.still_here import COLUMNS as ABOUT_LEAVING
from everyfamily.core.rolls.values.still_here import Gone, StillHere
from everyfamily.core.rolls.values.ways import Ways
from everyfamily.core.rolls.values.written_names import is_nobodys_name, name_alone, name_says_deleted
from everyfamily.core.rolls.words import words

_CONTACTS = ("EMAIL", "MOBILE", *LINES, "POSTCODE", "ADDRESS", "EMAIL_2", "MOBILE_2", "PHONE")
_NAME = ("ADULT_TITLE", "ADULT_FORENAME", "ADULT_SURNAME")
_WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+")
"""How a spreadsheet writes a whole number that it took for another kind of number."""
_YEAR = re.compile(r"(?:y|yr)\.?\s*([0-9]{1,2}|r)", re.IGNORECASE)
"""A year group in short form: "Yr 4", "YR"."""
_FOOTER = re.compile(
    r"(?:(?:grand |sub-?)?totals?|counts?|sum|printed|page|end of|generated|exported|produced|report|number of|records)"
    r"(?:[\s:].*)?",
    re.IGNORECASE,
)
"""No id of a child begins like this. Other lines of the report are recognised by the whole row (report_lines.py)."""
_URN = re.compile(r"[0-9]{6}")
_NAMED = 3
"""The most other schools that a message names."""
_SHORTENED_ID = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]+", re.IGNORECASE)


class RowSetAside(Exception):
    """A signal within this module: this row is not imported."""

    def __init__(self, code: str, message: str, *, child_stands: bool = True) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.child_stands = child_stands


def roll_of(
    sheet: Sheet, *, file: str, urn: int, former_urns: Collection[int] = (), demonstration: bool = False
) -> Roll:
    """Turn a sheet's cells into values. Raises RollOfOtherSchool if every row belongs to another school.

    Going through the sheet's lines may raise RollNotReadable.
    """
    parts = (sheet, *sheet.more)
    set_aside = [one for part in parts for one in part.set_aside]
    roll = Roll(
        set_aside=set_aside,
        read=sum(one.whole_row for one in set_aside),
        restriction_column=not all(part.columns.isdisjoint(("RESTRICTION", "COURT_ORDER")) for part in parts),
        format=sheet.format,
        whole=sheet.whole,
        ignored=tuple(dict.fromkeys(heading for part in parts for heading in part.ignored)),
    )
    urns, met = frozenset((*map(str, (urn, *former_urns)), OUR_SCHOOL)), _Met()
    rows, others, read, of_report = roll.rows, 0, 0, 0
    without_a_row: dict[int, str] = {}
    for part in parts:
        reader = _Reader(part, urns, roll.set_aside, demonstration, met)
        for line in reader.words.looked_at(part.lines):
            read += 1
            of_report += line.of_report
            row = reader.row_of(line)
            if row is not None:
                rows.append(row)
            else:
                others += reader.of_other_school(line)
                without_a_row[line.row] = line.cells.get("PUPIL_ID", "")
    if others and others == read - of_report:
        raise RollOfOtherSchool(
            f"Every row of the file is about another school: {_numbers_of(met.other_schools)}.",
            "Import it for that school, or check which file this is.",
            SourceLocation(file),
        )
    roll.read += read
    roll.layout, roll.questions = sheet.layout, once_each(one for part in parts for one in part.questions())
    refuse_one_id_for_all(rows, file)
    if met.died:
        roll.rows = [reader.without_adults(row) if row.pupil_id in met.died else row for row in rows]
    if sheet.more:
        roll.rows = with_groups(roll.rows)
    if met.closed:
        roll.rows = [reader.beside_another_child(row) for row in roll.rows]
    asks = look_elsewhere(sheet, roll, met.words_beside)
    if met.words_beside or met.dead:
        roll.rows = [reader.beside_words(row) if met.says_something_of(row) else row for row in roll.rows]
    if asks or any(one.about == CLOSES for one in roll.questions):
        # A column that nobody understands may hold the order, so "none" is not believed until a person has answered.
        roll.rows = [
            replace(row, restriction="unknown", restriction_reason=NOT_SAID) if row.restriction == "none" else row
            for row in roll.rows
        ]
    # A reader sets aside what it meets first. The report goes down the sheet.
    roll.set_aside.sort(key=lambda one: one.row)
    roll.child_of_row = own_ids(roll, without_a_row)
    return roll


@dataclass(slots=True)
class _Met:
    """What the lines of all sheets say: ids of children, and other schools' numbers as the file has them."""

    died: set[str] = field(default_factory=set)
    """A row says that they have died."""
    words_beside: set[str] = field(default_factory=set)
    """Words next to them may keep an adult away, and it is not clear which adult."""
    closed: set[Person] = field(default_factory=set)
    """Adults with words next to them that may keep them away."""
    other_schools: set[str] = field(default_factory=set)
    dead: set[tuple[str, str]] = field(default_factory=set)
    """(Id of the child, relationship) of an adult who has died according to another adult's row."""

    def says_something_of(self, row: RollRow) -> bool:
        """Whether another row says something that closes this one."""
        return row.pupil_id in self.words_beside or (row.pupil_id, row.relationship) in self.dead


class _Reader:
    """Reads lines of one sheet. What cannot be read goes to `aside` by itself and loses no family."""

    def __init__(
        self, sheet: Sheet, urns: frozenset[str], aside: list[SetAside], demonstration: bool, met: _Met
    ) -> None:
        self._urns = urns if "SCHOOL_URN" in sheet.columns else None
        self._aside = aside
        self._demonstration = demonstration
        self._row = 0
        self._cells: dict[str, str] = {}
        self._relationships = words.relationships()
        self._yes_no_unknown = words.yes_no_unknown()
        self._yes_no = words.yes_no()
        self._formats = words.formats()
        self._wishes = words.wishes()
        self._languages = words.languages()
        self._groups: dict[str, str] = {}
        self._relationship_is_known = True
        self._restrictions = Restrictions(sheet.columns, self._value_set_aside)
        self._homes = Homes(sheet.columns, self._value_set_aside)
        self._ways = Ways(sheet.columns, self._value_set_aside, demonstration=demonstration)
        self._still_here = None if sheet.columns.isdisjoint(ABOUT_LEAVING) else StillHere()
        self._met = met
        self._parts_of_name = not sheet.columns.isdisjoint(_NAME)
        self.words = WordsBeside(sheet)

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
        where = self.words.where(line)
        try:
            _check_is_a_row(line)
            self._check_whole(line)
            pupil_id = self._pupil_id()
            self._check_school()
            self._check_still_here(pupil_id)
            self._check_told()
            name, relationship = self._adult()
        except RowSetAside as problem:
            self._aside.append(SetAside(line.row, problem.code, problem.message))
            child = self._child_alone(line) if problem.child_stands else None
            if child is None:
                return child
            of_child = self.words.of_child(line)
            if problem.code == "ADULT_DIED":
                return self._beside(child, where or of_child)
            if problem.code in _OTHER_PEOPLE and self._relationship_is_known:
                # What is said about them is not about the child's other adults.
                return self._beside(child, of_child)
            return self._beside(child, where or of_child or self._column_that_closes(is_whole=line.whole))
        if not name:
            where = where or self.words.of_child(line) or self._column_that_closes()
            return self._beside(self._child(pupil_id), where)
        if self.words.others_died:
            self._met.dead |= {(pupil_id, relative) for relative in self.words.others_died}
        row = self._values(pupil_id, name, relationship)
        if where:
            row = self._closed(row, where)
            self._met.closed.update(persons_of(row))
        if of_child := self.words.of_child(line):
            self._met.words_beside.add(pupil_id)
            row = not_readable_at_least(row)
            self._value_set_aside("WORDS_THAT_CLOSE", all_wait_of_child(of_child))
        return with_ways_to_close(row, line.cells, demonstration=self._demonstration)

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

    def _closed(self, row: RollRow, where: str) -> RollRow:
        closed = not_readable_at_least(row)
        if closed is not row:
            self._value_set_aside("WORDS_THAT_CLOSE", waits(where))
        return closed

    def beside_another_child(self, row: RollRow) -> RollRow:
        """A row of an adult who has words that close next to them in another child's row."""
        if self._met.closed.isdisjoint(persons_of(row)):
            return row
        closed = not_readable_at_least(row)
        if closed is not row:
            self._aside.append(SetAside(row.row, "WORDS_THAT_CLOSE", BESIDE_ANOTHER_CHILD, whole_row=False))
        return closed

    def beside_words(self, row: RollRow) -> RollRow:
        """A row of a child for whom another row, without an adult, has words that close."""
        closed = not_readable_at_least(row) if row.adult_name else row
        if closed is not row:
            self._aside.append(SetAside(row.row, "WORDS_THAT_CLOSE", ELSEWHERE, whole_row=False))
        return closed

    # The row as a whole.

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

    def _pupil_id(self) -> str:
        raw = self._cells.get("PUPIL_ID", "")
        pupil_id = text_of(raw)
        if pupil_id is None:
            raise RowSetAside("FORMULA_IN_CELL", row_messages.formula("PUPIL_ID"), child_stands=False)
        if not pupil_id:
            message = "The row has no PUPIL_ID, so it cannot be tied to a child."
            raise RowSetAside("PUPIL_ID_MISSING", message, child_stands=False)
        if _FOOTER.fullmatch(pupil_id):
            raise RowSetAside("LINE_OF_THE_REPORT", row_messages.OF_THE_REPORT, child_stands=False)
        if "." in pupil_id and (number := _WHOLE_NUMBER.fullmatch(pupil_id)):
            pupil_id = number[1]
        if "+" in pupil_id and _SHORTENED_ID.fullmatch(pupil_id):
            message = "A spreadsheet has shortened PUPIL_ID: several children may have become one."
            raise RowSetAside("PUPIL_ID_SHORTENED", message, child_stands=False)
        if len(pupil_id) > limits.PUPIL_ID_CHARACTERS:
            message = f"PUPIL_ID is longer than {limits.PUPIL_ID_CHARACTERS} characters."
            raise RowSetAside("PUPIL_ID_TOO_LONG", message, child_stands=False)
        return pupil_id

    def _check_school(self) -> None:
        # A blank SCHOOL_URN is a slip in this school's own file. Another number is another school's child.
        if self._urns is not None and self._cells.get("SCHOOL_URN", "") not in self._urns:
            message = "SCHOOL_URN is not the school this roll was imported for."
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

    def without_adults(self, row: RollRow) -> RollRow:
        """A row of a child who, according to another row, has died: nobody is written to about them."""
        if row.adult_name:
            self._aside.append(SetAside(row.row, "CHILD_DIED", row_messages.DIED))
        return RollRow(row.row, row.pupil_id, row.year_group, row.class_name, in_care=row.in_care)

    def _adult_name(self) -> str:
        get = self._cells.get
        raw = get("ADULT_NAME", "")
        if not raw and self._parts_of_name:
            raw = " ".join(filter(None, (get(part, "") for part in _NAME)))
        text = text_of(raw)
        if text is None:
            raise RowSetAside("FORMULA_IN_CELL", row_messages.formula("ADULT_NAME"))
        name = " ".join(text.split())
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
            self._value_set_aside("RELATIONSHIP_NOT_KNOWN", row_messages.RELATIONSHIP)
        return word or (raw if words.is_code(raw) else "other")

    def _child_alone(self, line: Line) -> RollRow | None:
        """The child of a row that is not imported, if it is clear which child."""
        if self.of_other_school(line):
            return None
        try:
            pupil_id = self._pupil_id()
        except RowSetAside:
            return None
        return self._child(pupil_id)

    def _child(self, pupil_id: str) -> RollRow:
        year_group, class_name = self._group("YEAR_GROUP", 20), self._group("CLASS", 40)
        return RollRow(self._row, pupil_id, year_group, class_name, in_care=self._in_care())

    # Values.

    def _values(self, pupil_id: str, name: str, relationship: str) -> RollRow:
        restriction, reason = self._restrictions.of(self._cells)
        if restriction == "none" and not self._relationship_is_known:
            # What was not read there may be the order, so "none" is not believed.
            restriction, reason = "unknown", NOT_SAID
        email, mobile, also = self._ways.of(self._cells, name, relationship)
        return RollRow(
            row=self._row,
            pupil_id=pupil_id,
            year_group=self._group("YEAR_GROUP", 20),
            class_name=self._group("CLASS", 40),
            adult_name=name,
            relationship=relationship,
            parental_responsibility=self._word(
                "PARENTAL_RESPONSIBILITY", self._yes_no_unknown, "unknown", row_messages.ANSWERS
            ),
            has_care=self._word("HAS_CARE", self._yes_no_unknown, "unknown", row_messages.ANSWERS),
            priority=self._priority(),
            restriction=restriction,
            restriction_reason=reason,
            # Fail safe: there is something here that is not "no".
            objects=self._word("OBJECTS", self._yes_no, "no", "yes, no", unreadable="yes") == "yes",
            email=email,
            mobile=mobile,
            address=self._homes.of(self._cells, pupil_id, relationship),
            language=self._word("LANGUAGE", self._languages, "und", row_messages.LANGUAGES),
            format=self._word("FORMAT", self._formats, "", "standard, large print, easy read, audio, braille"),
            wishes=self._word("CHANNEL", self._wishes, "", "email, text, paper"),
            also=also,
            in_care=self._in_care(),
        )

    def _value_set_aside(self, code: str, message: str) -> None:
        self._aside.append(SetAside(self._row, code, message, whole_row=False))

    def _word(
        self, column: str, known: words.Words, blank: str, allowed: str, unreadable: str | None = None
    ) -> str:
        raw = self._cells.get(column)
        if not raw:
            return blank
        word = known[raw]
        if word is not None:
            return word
        self._value_set_aside(f"{column}_NOT_KNOWN", f"{column} is not one of: {allowed}.")
        return blank if unreadable is None else unreadable

    def _in_care(self) -> bool:
        # Fail safe: a child in care waits for a person.
        return self._word("IN_CARE", self._yes_no, "no", "yes, no", unreadable="yes") == "yes"

    def _group(self, column: str, longest: int) -> str:
        raw = self._cells.get(column)
        if not raw:
            return ""
        group = self._groups.get(column + raw)
        if group is None:
            text = text_of(raw)
            if text is None:
                self._value_set_aside("FORMULA_IN_CELL", row_messages.formula(column))
                return ""
            number = _WHOLE_NUMBER.fullmatch(text) or (_YEAR.fullmatch(text) if column == "YEAR_GROUP" else None)
            group = self._groups[column + raw] = number[1] if number else text
        return group[:longest]

    def _priority(self) -> int | None:
        value = self._cells.get("PRIORITY")
        if not value:
            return None
        if value.isascii() and value.isdigit() and len(value) <= 3:
            return int(value)
        self._value_set_aside("PRIORITY_NOT_A_NUMBER", "PRIORITY is not a whole number.")
        return None


def _numbers_of(schools: Collection[str]) -> str:
    """URNs that a message may name. Anything else under that heading may be anything."""
    urns = sorted(urn for urn in schools if _URN.fullmatch(urn))
    return f"SCHOOL_URN says {', '.join(urns)}" if urns else "SCHOOL_URN is not this school's"


def _check_is_a_row(line: Line) -> None:
    if line.of_report:
        raise RowSetAside("LINE_OF_THE_REPORT", row_messages.OF_THE_REPORT, child_stands=False)


_OTHER_PEOPLE = ("NOT_A_PARENT_OR_CARER", "LINK_ENDED", "NOT_A_PERSON")
"""Codes of rows whose adult is never written to."""
