"""An address with its parts in separate columns, in one block, or in words that point to the child's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from everyfamily.core.rolls.layout.layout import Layout

type Row = Sequence[str]

AS_CHILD = re.compile(
    r"(?:same )?(?:address )?(?:as|with) (?:the )?(?:child|pupil|student|learner)(?:['’]?s)?(?: home)?"
    r"(?: address)?|(?:child|pupil|student)['’]?s (?:home )?address"
    r"|lives with (?:the )?(?:child|pupil)",
    re.IGNORECASE,
)
"""What is written in place of an address that is the child's."""
AS_ABOVE = re.compile(r"same(?: address)?|(?:same )?as above|ditto", re.IGNORECASE)
"""Means the child's address if the file has it, and otherwise another adult's (homes.py)."""


@dataclass(frozen=True, slots=True)
class AddressParts:
    """Where the parts of one person's address are."""

    flat: tuple[int, ...]
    house: tuple[int, ...]
    number: tuple[int, ...]
    street: tuple[int, ...]
    block: tuple[int, ...]
    lines: tuple[int, ...]
    places: tuple[int, ...]
    postcode: tuple[int, ...]

    @classmethod
    def of(cls, layout: Layout, owner: int) -> AddressParts:
        def at(*whats: str) -> tuple[int, ...]:
            return tuple(one.index for one in layout.of(owner, *whats))

        lines = sorted(layout.of(owner, "ADDRESS/line"), key=lambda one: one.number)
        return cls(
            at("ADDRESS/flat"),
            at("ADDRESS/house"),
            at("ADDRESS/number"),
            at("ADDRESS/street"),
            at("ADDRESS"),
            tuple(one.index for one in lines),
            at("ADDRESS/district", "ADDRESS/town", "ADDRESS/county"),
            at("POSTCODE"),
        )

    @property
    def indexes(self) -> tuple[int, ...]:
        parts = (
            self.flat,
            self.house,
            self.number,
            self.street,
            self.block,
            self.lines,
            self.places,
            self.postcode,
        )
        return tuple(index for part in parts for index in part)

    def written(self, row: Row) -> tuple[str, str]:
        """The lines of a row's address, joined by line ends, and its postcode."""

        def texts(indexes: tuple[int, ...]) -> list[str]:
            return [row[index] for index in indexes if row[index]]

        front = [*texts(self.flat), *texts(self.house)]
        number, street = " ".join(texts(self.number)), " ".join(texts(self.street))
        if number and not number[0].isdigit():
            front.append(number)
            number = ""
        block, lines, places = texts(self.block), texts(self.lines), texts(self.places)
        if number and not street:
            # The street may be in the first line or the block.
            first = lines or block
            if first:
                first[0] = f"{number} {first[0]}"
            else:
                street = number
        else:
            street = f"{number} {street}".strip()
        if front and front[-1].isdigit() and street:
            street = f"{front.pop()} {street}"
        known = [*front, *filter(None, [street]), *block, *lines]
        whole = " ".join(known).casefold()
        known += [place for place in places if place.casefold() not in whole or not block]
        return "\n".join(known), next(iter(texts(self.postcode)), "")
