"""What a half-term does to a school's roll: some children leave, some join, and some families have a new address."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

from everyfamily_demo.chance import chance
from everyfamily_demo.families import family
from everyfamily_demo.rolls import COLUMNS, rows_of_adults

_CHANGE = 100
"""Of so many children, one leaves at each half-term, one joins, and one's first adult has another mailbox."""
_FEWEST = 4
"""A school with fewer children stays as it is."""
_SIBLINGS = 4
"""One joiner in this many is a sister or brother of a child who is there."""
_NEW_FAMILIES = 400_000
"""The number of the first family that came during the year."""
_IN_A_HALF_TERM = 10_000
_CHILD, _EMAIL = COLUMNS.index("PUPIL_ID"), COLUMNS.index("EMAIL")
_YEAR, _CLASS = COLUMNS.index("YEAR_GROUP"), COLUMNS.index("CLASS")
_URN = COLUMNS.index("SCHOOL_URN")


@dataclass(frozen=True, slots=True)
class RollChange:
    """How many children a school's next file lacks and has more, and in how many an adult's mailbox is another."""

    left: int = 0
    joined: int = 0
    moved: int = 0

    def __add__(self, other: RollChange) -> RollChange:
        return RollChange(self.left + other.left, self.joined + other.joined, self.moved + other.moved)


def next_roll(before: Path, after: Path, *, half_term: int, families_before: int, seed: int) -> RollChange:
    """Write the school's file of the next half-term. `half_term` counts from 1.

    `families_before` are those that other schools took in at the same time: each family comes to one school. The same
    file, half-term and seed give the same bytes.
    """
    with before.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    # A row without the child's own id is set aside by the importer, in this file as in the last.
    children: dict[str, list[list[str]]] = {}
    for row in rows:
        children.setdefault(row[_CHILD], []).append(row)
    dice = chance(seed, "half-term", half_term, rows[0][_URN])
    known = [child for child in children if child]
    many = max(1, len(known) // _CHANGE) if len(known) >= _FEWEST else 0
    leaving = dice.sample(known, many)
    staying = [child for child in known if child not in set(leaving)]
    for child in leaving:
        del children[child]
    moving = dice.sample(staying, many)
    moved = {children[child][0][_EMAIL] for child in moving} - {""}
    for number in range(many):
        theirs = _joiner(children, staying, half_term, number, families_before + number, dice, seed)
        children[theirs[0][_CHILD]] = theirs
    unfinished = after.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for theirs in children.values():
            writer.writerows(_moved(row, moved, half_term) for row in theirs)
    unfinished.replace(after)
    return RollChange(len(leaving), many, len(moved))


def _joiner(
    children: dict[str, list[list[str]]],
    staying: list[str],
    half_term: int,
    number: int,
    family_number: int,
    dice: Random,
    seed: int,
) -> list[list[str]]:
    """The rows of a child who joins: in the class of another child, and sometimes of that child's family."""
    other = children[dice.choice(staying)]
    own = [other[0][_URN], f"9{half_term}{number:04d}", other[0][_YEAR], other[0][_CLASS]]
    if number % _SIBLINGS == _SIBLINGS - 1:
        return [[*own, *row[len(own) :]] for row in other]
    adults = family(_NEW_FAMILIES + half_term * _IN_A_HALF_TERM + family_number, seed)
    return rows_of_adults(own, adults)


def _moved(row: list[str], moved: set[str], half_term: int) -> list[str]:
    if row[_EMAIL] not in moved:
        return row
    return [f"new{half_term}.{cell}" if at == _EMAIL else cell for at, cell in enumerate(row)]
