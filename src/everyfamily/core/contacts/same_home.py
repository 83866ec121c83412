"""Which addresses are one home, compared as a postman reads them: by house, flat, street and postcode.

Used only to close: if somebody who may not have the letter lives in a home, it is closed to the letter, however the
address is spelled. Town, county, case, commas and short forms make no difference, but the flat does. If two addresses
may be one home or two, a person decides: only one of them names a flat, one gives the house's name and the other its
number, or one has no postcode that can be read. tests/spec/same_home.toml has a row for each rule. Letters are always
sent to the address exactly as it was given (recipients.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from everyfamily.core.contacts import address_words as words_of
from everyfamily.core.contacts.address_parts import AddressParts, parts_of, postcode_of, up_to_building

type Doubt = tuple[str, bool]
"""A key and the address's side of it. An address on both sides is in doubt about every other."""


@dataclass(frozen=True, slots=True)
class Home:
    """What is compared of an address."""

    near: str
    """The postcode, or blank if it cannot be read. Homes with two postcodes are two homes."""
    keys: frozenset[str]
    """Two addresses that share one are one home."""
    doubts: frozenset[Doubt]
    """Two addresses on the two sides of one key may be one home."""

    def is_home_of(self, other: Home) -> bool:
        """Both addresses are one home."""
        return not self.keys.isdisjoint(other.keys)

    def may_be_home_of(self, other: Home) -> bool:
        """The addresses may be one home or two."""
        return not self.is_home_of(other) and any((key, not side) in other.doubts for key, side in self.doubts)


_PLAIN_HOUSE = re.compile(r"([1-9][0-9]*) ([A-Za-z ]+)")
_PLAIN_WORDS = re.compile(r"[A-Za-z ]+")
_TELLING = (
    words_of.UNITS
    | words_of.BLOCKS
    | words_of.BUILDINGS
    | words_of.ALONE.keys()
    | words_of.FLOORS.keys()
    | words_of.FLOOR_FLATS.keys()
    | words_of.NUMBER_SIGNS
    | words_of.FULL.keys()
    | words_of.TITLES
    | words_of.ADDRESSEES
    | {"floor", "level", "box", "and", "to", "care", "fao", "attn", "co", "l", "i", "o"}
)
"""Words that may name more than a house and its street."""
_BEFORE_FLAT = re.compile("[#~]")
_FLATS = re.compile(r"([0-9]+)-([0-9]+)")
_LETTERED = re.compile(r"([0-9]+)([a-z])")
_MISREAD_LETTERS = {"o": "0", "i": "1", "l": "1"}


def home_of(lines: Sequence[str]) -> Home:
    """The home of an address. The last of its lines is the postcode, or blank if none can be read."""
    postcode = postcode_of(lines[-1])
    return _plain_home(lines, postcode) or _home(lines, postcode)


def _plain_home(lines: Sequence[str], postcode: str) -> Home | None:
    """What `_home` gives for "5 Lantern Row", the form of most addresses, with a tenth of the work."""
    house = _PLAIN_HOUSE.fullmatch(lines[0])
    if house is None or not all(map(_PLAIN_WORDS.fullmatch, lines[1:-1])):
        return None
    words = house[2].lower().split()
    if not words or len(words[0]) == 1 or not _TELLING.isdisjoint(words):
        return None
    if any(not _TELLING.isdisjoint(line.lower().split()) for line in lines[1:-1]):
        return None
    number, sketch = house[1], _sketch(words)
    building = f"{number}|{postcode}"
    return Home(
        postcode,
        frozenset((f"{number}~{sketch}|{postcode}",)),
        frozenset(
            (
                (building, False),
                (building, True),
                (f"told by#|{postcode}", False),
                (f"{number}~{sketch}", not postcode),
            )
        ),
    )


def _home(lines: Sequence[str], postcode: str) -> Home:
    compared = _Compared(postcode)
    parts = parts_of(lines[:-1], postcode)
    sketch = _sketch(parts.street.split())
    unit, floor = _flat(parts.block, parts.unit), parts.floor
    if parts.stroke is not None:
        return compared.of_stroke(parts.stroke)
    if parts.numbered is not None:
        return compared.of_numbered(parts)
    if parts.numbers:
        numbers = list(parts.numbers)
        if not unit and len(numbers) == 1 and (lettered := _LETTERED.fullmatch(numbers[0])):
            numbers, unit = [lettered[1]], lettered[2]
            if lettered[2] in _MISREAD_LETTERS:
                # "1O" may be ten.
                compared.doubts.add((f"{lettered[1]}{_MISREAD_LETTERS[lettered[2]]}", True))
        names = [name for name in (up_to_building(name.split()) for name in parts.names) if name]
        if parts.has_no_word:
            compared.doubts.add((unit, True))
        if among := _FLATS.fullmatch(parts.unit):
            # "Flats 1 and 2"
            compared.both(*(f"{number}#{one}" for number in numbers for one in among.groups()))
        return compared.of_house(numbers, sketch, _with_floor(unit, floor), names)
    return compared.of_names(parts, _with_floor(unit, floor))


class _Compared:
    """Collects what is compared of one address."""

    def __init__(self, postcode: str) -> None:
        self._postcode = postcode
        self.keys: set[str] = set()
        self.doubts: set[Doubt] = set()

    def home(self) -> Home:
        near = self._postcode
        # If its postcode cannot be read: by house and street.
        anywhere = {(f"{_BEFORE_FLAT.split(key)[0]}~{key.partition('~')[2]}", not near) for key in self.keys}
        return Home(
            near,
            frozenset(f"{key}|{near}" for key in self.keys),
            frozenset((*((f"{key}|{near}", side) for key, side in self.doubts), *anywhere)),
        )

    def both(self, *keys: str) -> None:
        """In doubt about every other address that has one of the keys."""
        self.doubts.update((key, side) for key in keys for side in (False, True))

    def of_house(self, numbers: Iterable[str], sketch: str, unit: str = "", names: Iterable[str] = ()) -> Home:
        """ "5 Lantern Row", "Flat 2, 5 Lantern Row", "Rose Cottage, 5 Lantern Row"."""
        names = list(names)
        for number in numbers:
            # Two streets in one postcode, or a mistyped street: a person is asked.
            if unit:
                self.keys.add(f"{number}#{unit}~{sketch}")
                self.both(f"{number}#{unit.partition('@')[0]}")
                self.doubts.add((number, True))
                self._kinds_of_flat(number, unit)
            else:
                self.keys.add(f"{number}~{sketch}")
                self.both(number)
        for name in names:
            self.doubts.add((_joined(name), True))
            if unit:
                self.keys.add(f"{_joined(name)}#{unit}")
                self._kinds_of_flat(_joined(name), unit)
        self._told_by(unit, number=True, name=bool(names))
        return self.home()

    def of_stroke(self, stroke: tuple[str, str]) -> Home:
        """ "2/14 High Street" is flat 2 of 14, or 14 of 2."""
        one, other = stroke
        self.keys.add(f"{one}/{other}")
        for number, unit in ((one, other), (other, one)):
            self.both(f"{number}#{unit}")
            self.doubts.add((number, True))
        return self.home()

    def of_numbered(self, parts: AddressParts) -> Home:
        """ "12 Eastmere House": the flat in a house, or the house in a street of that name."""
        assert parts.numbered is not None
        number, name = parts.numbered[0], _joined(parts.numbered[1])
        names = dict.fromkeys(
            (name, *map(_joined, filter(None, (up_to_building(one.split()) for one in parts.names))))
        )
        unit = _flat(parts.block, number)
        self.keys.update(f"{each}#{unit}" for each in names)
        self.doubts.update((each, True) for each in names)
        self.both(number)
        if lettered := _LETTERED.fullmatch(number):
            self.both(f"{lettered[1]}#{lettered[2]}")
            self.doubts.add((lettered[1], True))
        for each in names:
            self._kinds_of_flat(each, unit)
        self._told_by("", number=True, name=False)
        return self.home()

    def of_names(self, parts: AddressParts, unit: str) -> Home:
        """ "Rose Cottage, Lantern Row", "Flat 2, Eastmere House"; and what names no house at all."""
        names = [name for name in parts.names if not _is_street(name)] or (parts.names if unit else [])
        # A box is identified by its number, whoever has it.
        first, *others = sorted(names, key=lambda name: not name.startswith("pobox")) or [""]
        if not first:
            return self._of_nothing(parts, unit)
        whole = up_to_building(first.split())
        name = _joined(whole or first)
        if unit:
            self.keys.add(f"{name}#{unit}")
            self.doubts.add((name, True))
            self._kinds_of_flat(name, unit)
            number = unit.partition("@")[0]
            if lettered := _LETTERED.fullmatch(number):
                self.both(f"{lettered[1]}#{lettered[2]}")
            elif number.isdigit():
                # "Flat 12, The Foundry" may be "12 The Foundry".
                self.doubts.add((number, True))
        else:
            self.keys.add(name)
            self.both(name)
        if not whole:
            # "Hillcrest Lantern Row" has no comma at the end of its name.
            self.both(f"{first.split()[0]}...{unit}")
            if first != parts.names[0]:
                # "Lantern Row, Eastmere": a house's name or a town's.
                self._told_by_nothing(unit)
        self.both(*(f"{_joined(found)}#{unit}?" for other in others if (found := up_to_building(other.split()))))
        if whole:
            self.both(f"{name}#{unit}?")
        self._told_by(unit, number=False, name=True)
        return self.home()

    def _of_nothing(self, parts: AddressParts, unit: str) -> Home:
        """There is only a street or a town, so it may be anybody's home in the postcode."""
        self.keys.add(f"?{parts.all_words}")
        self.both(*map(_joined, parts.names))
        self._told_by_nothing(unit)
        if unit and (unit.isdigit() or _LETTERED.fullmatch(unit)):
            self.both(unit)
            if lettered := _LETTERED.fullmatch(unit):
                self.both(f"{lettered[1]}#{lettered[2]}")
        return self.home()

    def _told_by_nothing(self, unit: str) -> None:
        self.both(f"told by#{unit}")
        self.doubts.add((f"told#{unit}", True))

    def _told_by(self, unit: str, *, number: bool, name: bool) -> None:
        """One address gives the house's number and the other its name, so nobody can say that they are two."""
        if number and name:
            self.doubts.add((f"told#{unit}", False))
        else:
            self.doubts.add((f"told by#{unit}", name))

    def _kinds_of_flat(self, building: str, unit: str) -> None:
        """Flat 1, flat A and the ground floor flat in one building may be one. Flat 1 and flat 2 are not."""
        worded = f"{building}#word?"
        if unit == "flat":
            self.both(worded)
        else:
            self.doubts.add((worded, unit in words_of.WORDED or "/" in unit))
        for vague, floors in words_of.MAY_BE.items():
            if unit == vague:
                self.doubts.update((f"{building}#{floor}?", True) for floor in floors)
            elif unit in floors:
                self.doubts.add((f"{building}#{unit}?", False))
        if unit.isdigit():
            self.doubts.add((f"{building}#letter {unit}?", False))
        elif len(unit) == 1:
            self.doubts.add((f"{building}#letter {ord(unit) - ord('a') + 1}?", True))


def _is_street(name: str) -> bool:
    words = name.split()
    return (words[-1] in words_of.STREETS or words[0] in words_of.WELSH_STREETS) and not up_to_building(words)


def _sketch(street: Sequence[str]) -> str:
    """The letters of the word that distinguishes a street from others, so that a slip or two swapped letters do not
    make it another street."""
    words = [word for word in street if not any(map(str.isdigit, word))]
    telling = next((word for word in words if word not in words_of.BEFORE_STREETS), "")
    return _letters(telling)


@lru_cache(maxsize=4096)
def _letters(word: str) -> str:
    return "".join(sorted(set(word)))


def _with_floor(unit: str, floor: str) -> str:
    """ "Flat 1, 2nd floor" is different from "Flat 1, 1st floor". For "Flat 1" nobody knows."""
    return f"{unit}@{floor}" if unit and floor else unit or floor


def _joined(name: str) -> str:
    return name.replace(" ", "")


def _flat(block: str, unit: str) -> str:
    return f"{block}{unit}".replace("-", "").lstrip("0")
