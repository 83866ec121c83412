"""Which numbers a school's roll may have, for somebody who knows the official figures and the area's two sums.

The sums are of all rolls, and of the children who are not known to us. A roll below its official figure adds to the
second as it falls; one at or above it adds nothing. Not every possible world is counted: the small schools but one or
two keep their rolls, and of the schools that may be on either side of their list only some ways to share them out are
tried. There may be more worlds: so what is called safe is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from everyfamily.core.accounting.subtraction import Range


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much the area's children not known, and its rolls in all, change."""

    missing: int
    children: int

    def __add__(self, other: Shift) -> Shift:
        return Shift(self.missing + other.missing, self.children + other.children)


@dataclass(frozen=True, slots=True)
class Room:
    """By how much rolls can change the two sums: those below their list the first, and the others the second."""

    missing: Range = (0, 0)
    children: Range = (0, 0)
    """Of the rolls that are not below their list; a roll below it takes from all rolls what it adds to the missing."""

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
    """Where published figures say that it lies; its number is among them."""
    listed: int | None
    """The official figure; None where there is none."""

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
        """All that it can change while it is on that side of its list."""
        low, high = self.within
        if self.listed is None:
            return Room(children=(low - self.number, high - self.number))
        missing = self._missing(self.number)
        if short:
            # What it takes from all rolls is what it adds to the missing, but for what it had beyond its list.
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
    """The rolls of an area beside what is known of their sums."""

    def __init__(self, alone: Sequence[Roll], group: Sequence[Roll], *, together: Range, total: Range) -> None:
        """`alone` are published to the nearest 10 and `group` as one number.

        By how much the group's number may be off is `together`, and `total` by how much all rolls in all may.
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
        """Lowest and highest number of each roll `alone` that fits, when the sum may be off by `of_sum`.

        None when fewer than `fewest` fit for any roll, those of the group among them.
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
        """Alone while the group's number stays in its ten, or because another of the group has as many fewer."""
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
        # What the short rolls add to the missing: as much as they can, as the one sum, and as the other one allows.
        lowest = max(
            room.missing[0], of_sum[0] - shift.missing, room.children[0] + shift.children - self._total[1]
        )
        highest = min(
            room.missing[1], of_sum[1] - shift.missing, room.children[1] + shift.children - self._total[0]
        )
        return lowest <= highest


def _added(one: Range, other: Range) -> Range:
    return one[0] + other[0], one[1] + other[1]
