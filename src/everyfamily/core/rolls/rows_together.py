"""What rows of one file say together: of a child who stands on two sheets, and of an adult beside two children."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from everyfamily.core.rolls.roll_rows import RollRow
from everyfamily.core.rolls.words import plain

type Person = tuple[str, str]
"""A name and a way to reach it: who has both is the same adult."""


def with_groups(rows: Sequence[RollRow]) -> list[RollRow]:
    """The rows, with the year and class that another row of the same child gives where they are blank."""
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
    """The adult of a row, by each way that is theirs."""
    ways = (row.email, row.mobile, *(value for channel, value in row.also if channel != "post"))
    return ((plain(row.adult_name), way) for way in ways if way and row.adult_name)
