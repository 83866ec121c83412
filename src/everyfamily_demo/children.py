"""Which child at which school belongs to which family: siblings at one school, and at several schools.

Only numbers are kept (one family's number for each child, in an array). People are made when they are read.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from everyfamily_demo.chance import chance
from everyfamily_demo.families import READABLE_FAMILIES, Adult, family
from everyfamily_demo.invented_schools import SchoolKind
from everyfamily_demo.schools import DemoSchool

_CLASS_LETTERS = "ABCDEFGHIJKLMNOP"
_CLASS_SIZE = 30
_SAME_SCHOOL = 0.55
_LINKS = 8
# Out of 100 families with a child at the city's schools, this many have one child, two, three, four.
_CHILDREN = ((60, 1), (90, 2), (98, 3), (100, 4))

_PRIMARY = ("Reception", *(f"Year {n}" for n in range(1, 7)))
_SECONDARY = tuple(f"Year {n}" for n in range(7, 12))
_YEARS: dict[SchoolKind, tuple[str, ...]] = {
    "state primary": _PRIMARY,
    "state secondary": _SECONDARY,
    "nursery": ("Nursery",),
    "all-through": (*_PRIMARY, *_SECONDARY, "Year 12", "Year 13"),
    "pru": _SECONDARY,
    "college": ("Year 12", "Year 13"),
}


@dataclass(frozen=True, slots=True)
class DemoChild:
    """A child on roll: the school's own id, year and class, and the family's adults. The child has no name."""

    pupil_id: str
    year_group: str
    class_name: str
    family: int
    siblings: int
    """Other children of the family in the city."""
    adults: tuple[Adult, ...]


class DemoFamilies:
    """Deals the children on roll at the given schools to families. The same schools and seed give the same result."""

    def __init__(self, schools: Sequence[DemoSchool], seed: int) -> None:
        self._seed = seed
        self._families = {school.urn: array("L", [0]) * (school.roll or 0) for school in schools}
        self._sizes = array("B")
        self._deal(schools)
        self._readable = self._choose_readable(schools)

    @property
    def count(self) -> int:
        """Number of families."""
        return len(self._sizes)

    def children(self, school: DemoSchool) -> Iterator[DemoChild]:
        """Yield the children on roll at a school, by year and class. None if the roll is not known."""
        numbers = self._families[school.urn]
        years = years_of(school)
        dice = chance(self._seed, "pupil ids", school.urn)
        first_id, step = dice.randint(100, 9_000), dice.randint(2, 9)
        for slot, number in enumerate(numbers):
            year, place = _year_and_place(slot, len(numbers), len(years))
            yield DemoChild(
                pupil_id=f"{first_id + slot * step:06d}",
                year_group=years[year],
                class_name=f"{years[year].removeprefix('Year ')[:3]}{_CLASS_LETTERS[place // _CLASS_SIZE % 16]}",
                family=number,
                siblings=self._sizes[number] - 1,
                adults=family(number, self._seed, self._readable.get(number)),
            )

    def _deal(self, schools: Sequence[DemoSchool]) -> None:
        dice = chance(self._seed, "siblings")
        free = {s.urn: dice.sample(range(s.roll or 0), s.roll or 0) for s in schools}
        urns = [s.urn for s in schools]
        for urn in urns:
            links = dice.sample(urns, min(_LINKS, len(urns)))
            while free[urn]:
                number = len(self._sizes)
                self._families[urn][free[urn].pop()] = number
                size = 1
                for _ in range(_children(dice) - 1):
                    there = urn if dice.random() < _SAME_SCHOOL else dice.choice(links)
                    if free[there]:
                        self._families[there][free[there].pop()] = number
                        size += 1
                self._sizes.append(size)

    def _choose_readable(self, schools: Sequence[DemoSchool]) -> dict[int, int]:
        """The first family in each roll file: the rows that a person looks at."""
        first = [self._families[s.urn][0] for s in schools if s.sends == "us" and s.roll]
        return {number: k for k, number in enumerate(dict.fromkeys(first)) if k < READABLE_FAMILIES}


def years_of(school: DemoSchool) -> tuple[str, ...]:
    """Return the year groups of a school. Infant and junior schools have half of a primary's."""
    if "Infant" in school.name:
        return _PRIMARY[:3]
    if "Junior" in school.name:
        return _PRIMARY[3:]
    if "Primary and Nursery" in school.name:
        return ("Nursery", *_PRIMARY)
    return _YEARS.get(school.kind, (*_PRIMARY, *_SECONDARY))


def _year_and_place(slot: int, roll: int, years: int) -> tuple[int, int]:
    """Which year a child is in, and the child's position within the year."""
    year = slot * years // roll
    return year, slot - -(-year * roll // years)


def _children(dice: Random) -> int:
    place = dice.randrange(100)
    return next(count for upto, count in _CHILDREN if place < upto)
