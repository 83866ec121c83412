"""Which numbers a school's roll can have, for somebody who knows the official figures and the area's two sums.

The sums are of all rolls, and of the children who are not known to us. A roll below its official figure adds to the
second sum as it falls. A roll at or above its figure adds nothing. Not every possible world is counted. All small
schools except one or two keep their rolls, and for the schools that may be on either side of their list, only some ways
to distribute them are tried. There may be more worlds, so anything called safe is safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from everyfamily.core.accounting.subtraction import Range


@dataclass(frozen=True, slots=True)
class Shift:
    """How much the area's children not known, and its total of rolls, change."""

    missing: int
    children: int

    def __add__(self, other: Shift) -> Shift:
        return Shift(self.missing + other.missing, self.children + other.children)


@dataclass(frozen=True, slots=True)
class Room:
    """How much rolls can change the two sums: those below their list change the first, and the others the second."""

    missing: Range = (0, 0)
    children: Range = (0, 0)
    """For the rolls that are not below their list. A roll below it takes from the total of rolls what it adds to the
    missing."""

    def __add__(self, other: Room) -> Room:
        return Room(_added(self.missing, other.missing), _added(self.children, other.children))

    def __sub__(self, other: Room) -> Room:
        back = Room(*((-low, -high) for low, high in (other.missing, other.children)))
        return self + back


@dataclass(frozen=True, slots=True)
class Roll:
    """A roll that is not published."""

    number: int
    within: Range
    """The range in which published figures put it, including its number."""
    listed: int | None
    """The official figure, or None if there is none."""

    @property
    def is_short(self) -> bool:
        return self.listed is not None and self.number < self.listed

    @property
    def either(self) -> bool:
        """Whether published figures leave open on which side of its list it is."""
        return self.listed is not None and self.within[0] < self.listed <= self.within[1]

    def shift(self, number: int) -> Shift:
        """What changes in the area's sums when the roll has `number`."""
        return Shift(self._missing(number) - self._missing(self.number), number - self.number)

    def room(self, *, short: bool) -> Room:
        """Everything that it can change while it is on that side of its list."""
        low, high = self.within
        if self.listed is None:
            return Room(children=(low - self.number, high - self.number))
        missing = self._missing(self.number)
        if short:
            # It takes from the total of rolls what it adds to the missing, except for what it had beyond its list.
            beyond = min(self.listed - self.number, 0)
            return Room(
                (self.listed - min(high, self.listed) - missing, self.listed - low - missing), (beyond, beyond)
            )
        return Room(
            (-missing, -missing), (max(low, self.listed) - self.number - missing, high - self.number - missing)
        )

    def _missing(self, number: int) -> int:
        return 0 if self.listed is None else max(self.listed - number, 0)


class RollsThatFit:
    """The rolls of an area, with what is known about their sums."""

    def __init__(self, alone: Sequence[Roll], group: Sequence[Roll], *, together: Range, total: Range) -> None:
        """`alone` are published to the nearest 10, and `group` as one number.

        `together` is how much the group's number may be off, and `total` how much the total of all rolls may be off.
        """
        self._alone = alone
        self._group = group
        self._together = together
        self._total = total
        either = [at for at, roll in enumerate(alone) if roll.either]
        truly = [roll.is_short for roll in alone]
        # As they are; all on one side; and every second one.
        shared = [dict.fromkeys(either, True), dict.fromkeys(either, False)]
        shared += [{at: place % 2 == odd for place, at in enumerate(either)} for odd in (0, 1)]
        sides = [truly, *([one.get(at, side) for at, side in enumerate(truly)] for one in shared)]
        self._worlds = [
            [roll.room(short=side) for roll, side in zip(alone, world, strict=True)] for world in sides
        ]
        self._rooms = [sum(world, Room()) for world in self._worlds]

    def of_each(self, of_sum: Range, fewest: int) -> list[Range] | None:
        """Lowest and highest number of each roll `alone` that fits, if the sum may be off by `of_sum`.

        None if fewer than `fewest` fit for any roll, including those of the group.
        """
        found = []
        for at, roll in enumerate(self._alone):
            others = [room - world[at] for room, world in zip(self._rooms, self._worlds, strict=True)]
            numbers = range(roll.within[0], roll.within[1] + 1)
            fits = [number for number in numbers if self._fits(others, roll.shift(number), of_sum)]
            if len(fits) < fewest:
                return None
            found.append((fits[0], fits[-1]))
        for roll in self._group:
            numbers = range(max(roll.within[0], roll.number - 2 * fewest), roll.number + 2 * fewest)
            if sum(self._fits_in_group(roll, number, of_sum) for number in numbers) < fewest:
                return None
        return found

    def _fits_in_group(self, roll: Roll, number: int, of_sum: Range) -> bool:
        """By itself while the group's number stays within its ten, or because another in the group has fewer by as
        many."""
        step = number - roll.number
        if self._together[0] <= step <= self._together[1] and self._fits(self._rooms, roll.shift(number), of_sum):
            return True
        others = (one for one in self._group if one is not roll and one.within[0] <= one.number - step)
        return any(
            self._fits(self._rooms, roll.shift(number) + one.shift(one.number - step), of_sum) for one in others
        )

    def _fits(self, rooms: Sequence[Room], shift: Shift, of_sum: Range) -> bool:
        """Whether the other rolls `alone` can make up for a shift, so that nobody who knows the sums would notice."""
        return any(self._makes_up(room, shift, of_sum) for room in rooms)

    def _makes_up(self, room: Room, shift: Shift, of_sum: Range) -> bool:
        # What the short rolls add to the missing: as much as they can, what the one sum needs, and what the other
        # allows.
        lowest = max(
            room.missing[0], of_sum[0] - shift.missing, room.children[0] + shift.children - self._total[1]
        )
        highest = min(
            room.missing[1], of_sum[1] - shift.missing, room.children[1] + shift.children - self._total[0]
        )
        return lowest <= highest


def _added(one: Range, other: Range) -> Range:
    return one[0] + other[0], one[1] + other[1]
