"""Which addresses are one home, compared as a postman reads them: by house and postcode.

Used only to close: a home is closed to the letter when somebody lives there who may not have it, however the address is
spelt. Street, town, county, case, commas and abbreviations make no difference; the flat does. Where only one of two
addresses names a flat they may be one home, and a person decides. Letters are always sent to the address exactly as it
was given (recipients.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Home:
    """What of an address is compared."""

    keys: frozenset[str]
    """Two addresses that share one are one home."""
    buildings: frozenset[str]
    """The same without the flat: two addresses that share one, and one of which has a flat, may be one home."""
    has_flat: bool

    def is_home_of(self, other: Home) -> bool:
        """Both addresses are one home."""
        return not self.keys.isdisjoint(other.keys)

    def may_be_home_of(self, other: Home) -> bool:
        """Only one of the addresses names a flat of the building."""
        return self.has_flat != other.has_flat and not self.buildings.isdisjoint(other.buildings)


_UNIT = frozenset(
    (
        *("flat", "flt", "fl", "apartment", "apt", "appt", "unit", "studio", "room", "rm", "suite"),
        *("maisonette", "mais", "annexe", "annex", "bedsit", "penthouse", "caravan"),
        *("plot", "pitch", "static", "berth", "mooring", "chalet", "cabin"),
    )
)
_BLOCK = frozenset(("block", "blk"))
_ALONE = {"annex": "annexe", "annexe": "annexe", "penthouse": "penthouse", "maisonette": "maisonette"}
"""Say which home it is also without a number."""
_FLOORS = {
    "basement": "b",
    "lower": "b",
    "garden": "g",
    "ground": "g",
    "grd": "g",
    "first": "1",
    "1st": "1",
    "second": "2",
    "2nd": "2",
    "third": "3",
    "3rd": "3",
    "fourth": "4",
    "4th": "4",
    "top": "top",
    "upper": "top",
}
_NUMBER_WORDS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        map(str, range(1, 13)),
        strict=True,
    )
)
_NUMBER_SIGNS = frozenset(("no", "nr", "number", "num"))
_WORDS = {
    "hse": "house",
    "ho": "house",
    "ct": "court",
    "crt": "court",
    "cott": "cottage",
    "ctg": "cottage",
    "bldg": "buildings",
    "bldgs": "buildings",
    "building": "buildings",
    "apts": "apartments",
    "fm": "farm",
    "ldg": "lodge",
    "mans": "mansions",
    "mansion": "mansions",
    "twr": "tower",
    "hts": "heights",
    "st": "saint",
    "rd": "road",
    "ave": "avenue",
    "av": "avenue",
    "ln": "lane",
    "cl": "close",
    "dr": "drive",
    "gdns": "gardens",
    "sq": "square",
    "cres": "crescent",
    "terr": "terrace",
    "ter": "terrace",
}
_BUILDINGS = frozenset(
    (
        *(
            "house",
            "court",
            "mansions",
            "buildings",
            "apartments",
            "flats",
            "tower",
            "towers",
            "heights",
            "lodge",
        ),
        *("hall", "mill", "wharf", "chambers", "residences", "cottage", "cottages", "farm", "farmhouse", "barn"),
        *("villa", "villas", "manor", "grange", "bungalow", "vicarage", "rectory", "hostel", "inn"),
    )
)
_TOKEN = re.compile(r"[^\W_]+(?:[/-][^\W_]+)*")
_NUMBER = re.compile(r"([0-9]+)([a-z]?)")
_TWO_NUMBERS = re.compile(r"([0-9]+[a-z]?)/([0-9]+[a-z]?)")
_RANGE = re.compile(r"([0-9]+[a-z]?)-[0-9]+[a-z]?")
_FUSED = re.compile(r"(flat|flt|apartment|apt|unit|room)([0-9]+[a-z]?)")
_STUCK = re.compile(
    r"\b(?:no|nr|num)[.]?\s*(?=[0-9])|(?<=[0-9])[./-](?=[a-z]{2})|\b0+(?=[1-9])|(?<=[0-9])(?=[a-z]{3})"
)
_UNIT_ID = re.compile(r"[0-9]+[a-z]?|[a-z][0-9]*|[0-9]+/[0-9]+[a-z]?|[0-9]+-[a-z]")


_PLAIN_HOUSE = re.compile(r"([1-9][0-9]*) ([A-Za-z ]+)")
_PLAIN_WORDS = re.compile(r"[A-Za-z ]+")
_TELLING = _UNIT | _BLOCK | _BUILDINGS | _FLOORS.keys() | _NUMBER_SIGNS | _WORDS.keys()
"""Words that may name more than a house and its street."""


def home_of(lines: Sequence[str]) -> Home:
    """The home of an address; the last of its lines is the postcode (recipients.PostalAddress.lines)."""
    postcode = "".join(lines[-1].split()).casefold()
    return _plain_home(lines, postcode) or _home(lines, postcode)


def _plain_home(lines: Sequence[str], postcode: str) -> Home | None:
    """What `_home` gives for "5 Lantern Row", as most addresses are: a tenth of the work."""
    house = _PLAIN_HOUSE.fullmatch(lines[0])
    if house is None or not all(map(_PLAIN_WORDS.fullmatch, lines[1:-1])):
        return None
    words = house[2].lower().split()
    if not words or len(words[0]) == 1 or not _TELLING.isdisjoint(words):
        return None
    if any(not _TELLING.isdisjoint(line.lower().split()) for line in lines[1:-1]):
        return None
    keys = frozenset((f"{house[1]}|{postcode}",))
    return Home(keys, keys, has_flat=False)


def _home(lines: Sequence[str], postcode: str) -> Home:
    parts = _Parts()
    for words in _segments(lines[:-1], postcode):
        parts.read(words)
    keys, buildings, has_flat = parts.names()
    return Home(
        frozenset(f"{key}|{postcode}" for key in keys),
        frozenset(f"{key}|{postcode}" for key in buildings),
        has_flat,
    )


def _segments(lines: Iterable[str], postcode: str) -> list[list[str]]:
    """The words of each part of the address between commas; a number that stands by itself goes with what follows."""
    found: list[list[str]] = []
    for line in lines:
        for part in _folded(line).split(","):
            words = [_WORDS.get(word, word) for word in _TOKEN.findall(part)]
            if not words or "".join(words) == postcode:
                continue
            if found and len(found[-1]) == 1 and _NUMBER.fullmatch(found[-1][0]):
                words = found.pop() + words
            found.append(words)
    return found


def _folded(line: str) -> str:
    parts = unicodedata.normalize("NFKD", line.replace("&", " and ")).casefold()
    parts = _STUCK.sub(" ", parts)
    parts = re.sub(r"(?<=[0-9])[/-](?=[a-z]\b)", "", parts)
    return re.sub("['’‘`.\u0300-\u036f]", "", parts.replace("\\", "/")).replace(";", ",")


@dataclass(slots=True)
class _Parts:
    """What the segments of one address name."""

    block: str = ""
    unit: str = ""
    number: str = ""
    two: tuple[str, str] | None = None
    """ "1/5": flat and house, in either order."""
    before: list[str] = field(default_factory=list)
    """Names that stand before the house's number, or without one."""
    ends: set[str] = field(default_factory=set)
    """The other end of "14-16"."""
    numbered: list[tuple[str, str]] = field(default_factory=list)
    """(number, name) of "12 Eastmere House"."""

    def read(self, words: list[str]) -> None:
        """Take one segment."""
        words = self._take_unit(words)
        if self.number and self.two is None:
            return
        at = next((n for n, word in enumerate(words) if _is_number(word)), None)
        if at is None:
            # Street and town behind "12 Eastmere House" are no names of the home.
            if words and not self.numbered:
                self._take_name(words)
            return
        rest = words[at + 1 :]
        if at and words[at - 1] not in _NUMBER_SIGNS:
            self._take_name(words[:at])
        number = words[at]
        if rest and not self.unit and _NUMBER.fullmatch(number) and _is_number(rest[0]):
            # "4, 5 Lantern Row": the flat and the house.
            self.unit, number, rest = number, rest[0], rest[1:]
        if rest and len(rest[0]) == 1 and rest[0].isalpha() and number.isdigit():
            number, rest = number + rest[0], rest[1:]
        name = _up_to_building(rest)
        if name and not self.unit and not self.number and not self.numbered:
            self.numbered.append((number, name))
        elif self.numbered:
            # "12 Eastmere House, 30 High Street": the first was the flat.
            self.unit = self.unit or self.numbered[0][0]
            self.before.append(self.numbered.pop()[1])
            self._take_number(number)
        else:
            if name:
                self.before.append(name)
            self._take_number(number)

    def _take_number(self, number: str) -> None:
        if two := _TWO_NUMBERS.fullmatch(number):
            self.two = (two[1], two[2])
            self.number = two[2]
            return
        if among := _RANGE.fullmatch(number):
            self.ends = {number.split("-")[1]}
            number = among[1]
        if self.two is not None and not self.unit:
            self.unit, self.two = "/".join(self.two), None
        self.number = number

    def _take_name(self, words: Sequence[str]) -> None:
        name = " ".join(word for word in words if word != "the")
        if name:
            self.before.append(name)

    def _take_unit(self, words: list[str]) -> list[str]:
        """Take what names the flat out of a segment; returns the rest."""
        rest: list[str] = []
        at = 0
        while at < len(words):
            taken = self._unit_at(words, at)
            if taken:
                at += taken
            else:
                rest.append(words[at])
                at += 1
        return rest

    def _unit_at(self, words: list[str], at: int) -> int:
        """How many words from `at` name the flat; 0 when none does."""
        word = words[at]
        if word in _FLOORS and at + 1 < len(words) and words[at + 1] in ("floor", *_UNIT):
            taken = 2 + (words[at + 1] == "floor" and at + 2 < len(words) and words[at + 2] in _UNIT)
            self.unit = self.unit or f"floor {_FLOORS[word]}"
            # "First floor flat 3": the number says more. "Garden flat 5 Lantern Row": it is the house's.
            ends = at + taken + 1 == len(words)
            return taken - 1 if ends and _unit_id(words, at + taken) and words[at + taken - 1] in _UNIT else taken
        if fused := _FUSED.fullmatch(word):
            self.unit = fused[2]
            return 1
        if word not in _UNIT and word not in _BLOCK:
            return 0
        skipped = 2 if at + 1 < len(words) and words[at + 1] in _NUMBER_SIGNS else 1
        found = _unit_id(words, at + skipped)
        if not found:
            self.unit = self.unit or _ALONE.get(word, "")
            return 1 if word in _ALONE else 0
        if word in _BLOCK:
            self.block = found
        else:
            self.unit = found
        return skipped + 1

    def names(self) -> tuple[set[str], set[str], bool]:
        """(keys, the same without the flat, whether a flat is named)."""
        if self.two is not None and not self.unit:
            one, other = self.two
            return {f"{other}#{one}", f"{one}#{other}"}, {one, other}, True
        names = self._building_names()
        if self.numbered:
            number, name = self.numbered[0]
            # Without a house number behind it, the name may also be the street's: then the number is the house.
            keys = {f"{each}#{_flat(self.block, number)}" for each in (name, *names)}
            return keys, {name, *names, number}, True
        number, unit = self.number, _flat(self.block, self.unit)
        if number and not unit and (lettered := _NUMBER.fullmatch(number)) and lettered[2]:
            number, unit = lettered[1], lettered[2]
        buildings = {*names, *([number] if number else [])}
        if not unit:
            return buildings | self.ends, buildings | self.ends, False
        if unit.isdigit() and (names or not number):
            # "Flat 12, The Foundry" may be "12 The Foundry": a person is asked.
            return (
                {f"{each}#{unit}" for each in buildings | self.ends or {""}},
                buildings | self.ends | {unit},
                True,
            )
        buildings |= self.ends
        return {f"{each}#{unit}" for each in buildings or {""}}, buildings, True

    def _building_names(self) -> set[str]:
        names = [name for name in self.before if name]
        if not names:
            return set()
        if self.number or self.numbered:
            # "Rose Cottage, 5 Lantern Row". A place name, "rear of", "c/o Smith" before the number name no home.
            return {name for name in (_up_to_building(name.split()) for name in names) if name}
        first = names[0]
        joined = " ".join(names[:2])
        return {first, joined, _up_to_building(joined.split()) or first}


def _is_number(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word) or _TWO_NUMBERS.fullmatch(word) or _RANGE.fullmatch(word))


def _unit_id(words: Sequence[str], at: int) -> str:
    """What stands at `at`, if it can be a flat's number or letter; else nothing."""
    if at >= len(words):
        return ""
    word = _NUMBER_WORDS.get(words[at], words[at])
    return word if _UNIT_ID.fullmatch(word) else ""


def _flat(block: str, unit: str) -> str:
    return f"{block}{unit}".replace("-", "").lstrip("0")


def _up_to_building(words: Sequence[str]) -> str:
    """The words up to the first that names a kind of building, if it is not the first: "eastmere house"."""
    words = [word for word in words if word != "the"]
    at = next((n for n, word in enumerate(words) if n and word in _BUILDINGS), None)
    return " ".join(words[: at + 1]) if at is not None else ""
