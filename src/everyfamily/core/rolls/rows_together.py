"""What rows of one file say together: about a child who is on two sheets, and about an adult with two children."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.model import limits, row_messages
from everyfamily.core.rolls.model.roll_rows import Roll, RollNotReadable, RollRow, SetAside
from everyfamily.core.rolls.model.sheet import MADE_ID, Sheet
from everyfamily.core.rolls.words.words import plain

type Person = tuple[str, str]
"""A name and a way to reach it. Somebody who has both is the same adult."""


def with_groups(rows: Sequence[RollRow]) -> list[RollRow]:
    """The rows. If the year or class is blank, it comes from another row of the same child."""
    years: dict[str, str] = {}
    classes: dict[str, str] = {}
    for row in rows:
        if row.year_group:
            years.setdefault(row.pupil_id, row.year_group)
        if row.class_name:
            classes.setdefault(row.pupil_id, row.class_name)
    return [
        replace(
            row,
            year_group=row.year_group or years.get(row.pupil_id, ""),
            class_name=row.class_name or classes.get(row.pupil_id, ""),
        )
        for row in rows
    ]


def persons_of(row: RollRow) -> Iterator[Person]:
    """The adult of a row, by each of their ways."""
    ways = (row.email, row.mobile, *(value for channel, value in row.also if channel != "post"))
    return ((plain(row.adult_name), way) for way in ways if way and row.adult_name)


def look_elsewhere(sheet: Sheet, roll: Roll, beside: set[str]) -> bool:
    """Add to `beside` the children whose ids are next to words that close in what is not read. Returns whether some of
    those words name no child.

    Then they may be about anybody, and "none" is not believed for anybody.
    """
    ids = {row.pupil_id for row in roll.rows}
    asks = False
    for cells in sheet.elsewhere:
        found = ids.intersection(cells)
        beside |= found
        asks = asks or not found
    if sheet.elsewhere:
        roll.set_aside.append(SetAside(1, "WORDS_ELSEWHERE", row_messages.ELSEWHERE, whole_row=False))
    return asks


def refuse_one_id_for_all(rows: Sequence[RollRow], file: str) -> None:
    """Raise RollNotReadable if more rows than any child has give one id."""
    counts = Counter([row.pupil_id for row in rows])
    if max(counts.values(), default=0) > limits.ROWS_OF_A_CHILD:
        raise RollNotReadable(
            f"More than {limits.ROWS_OF_A_CHILD} rows give the same PUPIL_ID, so it is not a child's.",
            "Check which column has the children's ids. docs/howto/import-a-roll.md shows how to give a mapping.",
            SourceLocation(file),
        )


def own_ids(roll: Roll, without_a_row: Mapping[int, str]) -> dict[int, str]:
    """The school's own id of the child, by the rows where something was set aside, if the row shows which child.

    `without_a_row` has the ids of rows that were not imported at all.
    """
    told = {one.row for one in roll.set_aside}
    ids = {row: own_id for row, own_id in without_a_row.items() if row in told}
    for one in roll.rows:
        if one.row in told:
            # A family's row with several children may be about any of them, so none is named.
            ids[one.row] = one.pupil_id if ids.get(one.row, one.pupil_id) == one.pupil_id else ""
    return {row: own_id for row, own_id in ids.items() if own_id and not own_id.startswith(MADE_ID)}
