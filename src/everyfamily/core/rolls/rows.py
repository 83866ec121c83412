"""From a sheet to a roll: each cell becomes a value or is set aside, in one way for every format."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.closing.words_beside import BESIDE_ANOTHER_CHILD, ELSEWHERE, not_readable_at_least
from everyfamily.core.rolls.line_reader import LineReader, Met
from everyfamily.core.rolls.model import row_messages
from everyfamily.core.rolls.model.file_dates import dates_said
from everyfamily.core.rolls.model.question import CLOSES, once_each
from everyfamily.core.rolls.model.roll_rows import (
    NOT_ASKED,
    NOT_SAID,
    NOTE_NOT_READ,
    VALUE_NOT_READ,
    Roll,
    RollOfOtherSchool,
    RollRow,
    SetAside,
)
from everyfamily.core.rolls.model.sheet import OUR_SCHOOL, Line, Sheet
from everyfamily.core.rolls.rows_together import (
    look_elsewhere,
    own_ids,
    persons_of,
    refuse_one_id_for_all,
    with_groups,
)
from everyfamily.core.rolls.tables.lists_of_pupils import set_aside_contacts_of_nobody

_URN = re.compile(r"[0-9]{6}")


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
        every_adult=sheet.every_adult,
        ignored=tuple(dict.fromkeys(heading for part in parts for heading in part.ignored)),
    )
    urns, met = frozenset((*map(str, (urn, *former_urns)), OUR_SCHOOL)), Met()
    rows, others, read = roll.rows, 0, 0
    of_report, ends = list[Line](), list[int]()
    without_a_row: dict[int, str] = {}
    for part in parts:
        reader = LineReader(part, urns, roll.set_aside, demonstration, met)
        for line in reader.words.looked_at(part.lines):
            read += 1
            of_report += [line] * line.of_report
            row = reader.row_of(line)
            if row is not None:
                rows.append(row)
            else:
                others += reader.of_other_school(line)
                without_a_row[line.row] = line.cells.get("PUPIL_ID", "")
        ends.append(len(rows))
    if others and others == read - len(of_report):
        raise RollOfOtherSchool(
            f"Every row of the file is about another school: {_numbers_of(met.other_schools)}.",
            "Import it for that school, or check which file this is.",
            SourceLocation(file),
        )
    roll.read, roll.dates = roll.read + read, dates_said(_outside(parts, of_report))
    roll.layout, roll.questions = sheet.layout, once_each(one for part in parts for one in part.questions())
    roll.columns, roll.not_read, roll.hidden = sheet.shown(), sheet.not_read, sheet.hidden
    without_a_row |= set_aside_contacts_of_nobody(roll, parts, ends)
    refuse_one_id_for_all(roll.rows, file)
    if met.died:
        roll.rows = [_without_adults(row, roll) if row.pupil_id in met.died else row for row in roll.rows]
    if sheet.more:
        roll.rows = with_groups(roll.rows)
    if met.closed:
        roll.rows = [_beside_another_child(row, roll, met) for row in roll.rows]
    asks = look_elsewhere(sheet, roll, met.words_beside)
    if met.words_beside or met.dead or met.beside_others:
        roll.rows = [_beside_words(row, roll) if met.says_something_of(row) else row for row in roll.rows]
    if asks or any(one.about == CLOSES for one in roll.questions):
        # A column that nobody understands may hold the order, so "none" is not believed until a person has answered.
        roll.rows = [
            replace(row, restriction="unknown", restriction_reason=NOT_SAID) if row.restriction == "none" else row
            for row in roll.rows
        ]
    _wait_for_answers(roll, parts)
    roll.notes = met.notes
    # A reader sets aside what it meets first. The report goes down the sheet.
    roll.set_aside.sort(key=lambda one: one.row)
    roll.child_of_row = own_ids(roll, without_a_row)
    return roll


def _outside(parts: Iterable[Sheet], of_report: Iterable[Line]) -> Iterator[str]:
    """The lines above the headings and those of the report itself."""
    for part in parts:
        yield from part.above
    for line in of_report:
        yield " ".join(filter(None, line.values))


def _wait_for_answers(roll: Roll, parts: Iterable[Sheet]) -> None:
    """Children with something in a column that nobody has answered about wait; those with something in one that a
    person answered about are remembered."""
    parts = list(parts)
    asked = {number for part in parts for number in part.rows_asked()}
    answered = {number for part in parts for number in part.rows_answered()}
    waits = {row.pupil_id for row in roll.rows if row.row in asked}
    if waits:
        roll.rows = [_not_asked(row) if row.pupil_id in waits else row for row in roll.rows]
    if answered:
        roll.answered = frozenset(row.pupil_id for row in roll.rows if row.row in answered)


def _not_asked(row: RollRow) -> RollRow:
    """A row of a child with something in a column that nobody has answered about: it may be about any of
    the child's adults."""
    if row.adult_name and (row.restriction, row.restriction_reason) in (("none", ""), ("unknown", NOT_SAID)):
        return replace(row, restriction="unknown", restriction_reason=NOT_ASKED)
    return row


def hold_for_notes(rows: Iterable[RollRow], children: Collection[str]) -> list[RollRow]:
    """The rows, with every adult of these children held until the lead has read the notes beside them."""
    return [_note_not_read(row) if row.pupil_id in children else row for row in rows]


def lift_values(rows: Iterable[RollRow], read: Collection[tuple[str, int]]) -> list[RollRow]:
    """The rows, without the words in columns about who may have the letter that the lead has read, by child and row."""
    return [
        replace(row, restriction_reason=NOT_SAID)
        if row.restriction_reason == VALUE_NOT_READ and (row.pupil_id, row.row) in read
        else row
        for row in rows
    ]


def _note_not_read(row: RollRow) -> RollRow:
    if row.adult_name and (row.restriction, row.restriction_reason) in (("none", ""), ("unknown", NOT_SAID)):
        return replace(row, restriction="unknown", restriction_reason=NOTE_NOT_READ)
    return row


def _beside_another_child(row: RollRow, roll: Roll, met: Met) -> RollRow:
    """A row of an adult who has words that close next to them in another child's row."""
    if met.closed.isdisjoint(persons_of(row)):
        return row
    closed = not_readable_at_least(row)
    if closed is not row:
        roll.set_aside.append(SetAside(row.row, "WORDS_THAT_CLOSE", BESIDE_ANOTHER_CHILD, whole_row=False))
    return closed


def _beside_words(row: RollRow, roll: Roll) -> RollRow:
    """A row of a child for whom another row, without an adult, has words that close."""
    closed = not_readable_at_least(row) if row.adult_name else row
    if closed is not row:
        roll.set_aside.append(SetAside(row.row, "WORDS_THAT_CLOSE", ELSEWHERE, whole_row=False))
    return closed


def _without_adults(row: RollRow, roll: Roll) -> RollRow:
    """A row of a child who, according to another row, has died: nobody is written to about them."""
    if row.adult_name:
        roll.set_aside.append(SetAside(row.row, "CHILD_DIED", row_messages.DIED))
    return RollRow(row.row, row.pupil_id, row.year_group, row.class_name, in_care=row.in_care)


def _numbers_of(schools: Collection[str]) -> str:
    """URNs that a message may name. Anything else under that heading may be anything."""
    urns = sorted(urn for urn in schools if _URN.fullmatch(urn))
    return f"SCHOOL_URN says {', '.join(urns)}" if urns else "SCHOOL_URN is not this school's"
