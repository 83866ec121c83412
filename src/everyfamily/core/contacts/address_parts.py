"""The parts of an address that say which home it is, read as a postman reads them: flat, house, name, street.

First an office's spelling is folded: capitals, commas, short forms, Welsh words, look-alike letters of other alphabets.
Nothing here is ever printed: letters are sent to the address exactly as it was given (recipients.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from everyfamily.core.contacts import address_words as words_of

_TOKEN = re.compile(r"[^\W_]+(?:[/-][^\W_]+)*")
_NUMBER = re.compile(r"([0-9]+)([a-z]?)")
_TWO_NUMBERS = re.compile(r"([0-9]+[a-z]?)/([0-9]+[a-z]?)")
_HOUSE_AND_FLAT = re.compile(r"([0-9]+[a-z]?)/([0-9]+/[0-9]+)")
_RANGE = re.compile(r"([0-9]+[a-z]?)-([0-9]+[a-z]?)")
_FUSED = re.compile(r"(?:flat|flt|apartment|apt|unit|room|f)([0-9]+[a-z]?)")
_UNIT_ID = re.compile(r"[0-9]+[a-z]?|[a-z][0-9]*|[0-9]+/[0-9]+[a-z]?|[0-9]+-[0-9]+|[a-z]+-[0-9]+")
_STUCK = re.compile(
    r"\b(?:no|nr|num)[.]?\s*(?=[0-9])|(?<=[0-9])[./-](?=[a-z]{2})|\b0+(?=[1-9])|(?<=[0-9])(?=(?!th\b)[a-z]{3})"
)
_SPACED = re.compile(r"(?<=[0-9])(?:\s*-\s*|\s+(?:to|and)\s+)(?=[0-9])")
_STROKE = re.compile(r"(?<=[0-9a-z])\s*/\s*(?=[0-9])")
_BEFORE_LETTER = re.compile(r"(?<=[0-9])\s*[/(-]\s*(?=[a-z]\b)")
_BOX = re.compile(r"\b(?:p\s*o\s*)?box\s*(?:no|number)?\s*([0-9]+)")
_CARE_OF = re.compile(r"\bc\s*/\s*o\b|^\s*(?:care of|fao|attn|co)\b")
_MISREAD = re.compile(r"\b[0-9lio]+\b")
_POSTCODE = re.compile(r"\b[a-z]{1,2}[0-9io][0-9a-z]?\s*[0-9io][a-z]{2}\.?\s*(?=[,;|]|$)")
_APOSTROPHES = re.compile("['’‘`´.\u0300-\u036f]")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_HYPHEN = re.compile(r"(?<=[a-z]{2})-(?=[a-z])|(?<=[a-z])-(?=[a-z]{2})")
_SECOND_FIRST = re.compile(r"\b([0-9])f([0-9])\b")
""" "2F1" is 2/1: the second floor's first flat."""
_LOOK_ALIKE = str.maketrans("аеорсухіјӏѕкмтвнαοερι", "aeopcyxijlskmtbhaoepi")


def postcode_of(text: str) -> str:
    """A postcode in the form in which it is compared: without blanks, in lower case, O as 0 and I as 1. No two real
    postcodes become the same."""
    return "".join(text.split()).casefold().replace("o", "0").replace("i", "1")


@dataclass(slots=True)
class AddressParts:
    """What one address names."""

    block: str = ""
    unit: str = ""
    """Number or letter of the flat."""
    has_no_word: bool = False
    """The flat is a number before the house's, "4, 5 Lantern Row", so it may be the house next door."""
    floor: str = ""
    """A flat without a number, by its floor or kind: "ground", "annexe"."""
    numbers: list[str] = field(default_factory=list)
    """For the house: one, or both ends of "14-16"."""
    stroke: tuple[str, str] | None = None
    """ "1/5": flat and house, in either order."""
    names: list[str] = field(default_factory=list)
    """Parts before the house's number, or without one, as words."""
    street: str = ""
    numbered: tuple[str, str] | None = None
    """(number, name) of "12 Eastmere House"."""
    all_words: str = ""

    def read(self, words: list[str]) -> None:
        """Read one segment."""
        self.all_words += "".join(words)
        words = self._take_unit(words)
        if self.stroke and words and _NUMBER.fullmatch(words[0]):
            # "2/1, 14 High Street": the flat has the stroke.
            self._stroke_is_flats()
        if self.numbers or self.stroke:
            self.street = self.street or " ".join(words)
            return
        at = next((n for n, word in enumerate(words) if _is_number(word)), None)
        if at is None:
            # Street and town after "12 Eastmere House" are not names of the home.
            if words and self.numbered is None:
                self._take_name(words)
            return
        self._take_house(words, at)

    def _take_house(self, words: list[str], at: int) -> None:
        """Read a segment whose word `at` is a number."""
        rest = words[at + 1 :]
        if at and words[at - 1] not in words_of.NUMBER_SIGNS:
            self._take_name(words[:at])
        number = words[at]
        if rest and not self.unit and not _RANGE.fullmatch(number) and _is_number(rest[0]):
            # "4, 5 Lantern Row": the flat and the house.
            self.unit, number, rest = number, rest[0], rest[1:]
            self.has_no_word = True
        if rest and len(rest[0]) == 1 and rest[0].isalpha() and number.isdigit():
            number, rest = number + rest[0], rest[1:]
        name = up_to_building(rest)
        if name and not self.unit and not self.floor and self.numbered is None:
            self.numbered = (number, name)
            return
        if self.numbered is not None:
            # "12 Eastmere House, 30 High Street": the first was the flat.
            self.unit = self.unit or self.numbered[0]
            self.names.append(self.numbered[1])
            self.numbered = None
        elif name:
            self.names.append(name)
        self._take_number(number)
        self.street = " ".join(rest) or (self.names[-1] if at and self.names else "")

    def _take_number(self, number: str) -> None:
        among = _RANGE.fullmatch(number)
        if both := _HOUSE_AND_FLAT.fullmatch(number):
            self.numbers, self.unit = [both[1]], self.unit or both[2]
        elif two := _TWO_NUMBERS.fullmatch(number):
            if self.unit:
                self.numbers = [number]
            else:
                self.stroke = (two[1], two[2])
        elif among and _whole(among[1]) >= _whole(among[2]) and not self.unit:
            self.stroke = (among[1], among[2])
        else:
            self.numbers = [among[1], among[2]] if among else [number]

    def _stroke_is_flats(self) -> None:
        if self.stroke:
            self.unit, self.stroke, self.street = "/".join(self.stroke), None, ""

    def finish(self) -> None:
        """What can be said only about the whole address."""
        both = _TWO_NUMBERS.fullmatch(self.unit) or _RANGE.fullmatch(self.unit)
        if both and not self.numbers and not self.stroke and self.numbered is None and self.names:
            # "Flat 2 - 14 High Street"
            self.unit, self.numbers = both[1], [both[2]]
            self.street = self.names.pop()

    def _take_name(self, words: Sequence[str]) -> None:
        name = " ".join(_without_articles(words))
        if name:
            self.names.append(name)

    def _take_unit(self, words: list[str]) -> list[str]:
        """Take what names the flat out of a segment. Returns the rest."""
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
        """How many words from `at` name the flat, or 0 if none does."""
        word, after = words[at], words[at + 1 : at + 2]
        if word in words_of.FLOORS and after and (after[0] in ("floor", "level") or after[0] in words_of.UNITS):
            return self._floor_at(words, at)
        if word == "lower" and after == ["ground"]:
            return 1 + (self._unit_at(words, at + 1) or 1)
        if word in ("floor", "level") and (found := _unit_id(words, at + 1)):
            self._on_floor(words_of.NTH.get(found, found))
            return 2
        if word in words_of.FLOOR_FLATS:
            self._on_floor(words_of.FLOOR_FLATS[word])
            return 1
        if fused := _FUSED.fullmatch(word):
            self.unit = fused[1]
            return 1
        if word not in words_of.UNITS and word not in words_of.BLOCKS and word not in words_of.ALONE:
            return 0
        skipped = 2 if after and after[0] in words_of.NUMBER_SIGNS else 1
        found = _unit_id(words, at + skipped) if word not in ("rear", "above", "over") else ""
        if not found:
            return self._alone_at(words, at)
        if word in words_of.BLOCKS:
            self.block = found
        else:
            self.unit = found
        return skipped + 1

    def _on_floor(self, floor: str) -> None:
        if self.floor in ("", "flat"):
            self.floor = floor

    def _floor_at(self, words: list[str], at: int) -> int:
        flat = words[at + 2 : at + 3]
        taken = 2 + bool(words[at + 1] in ("floor", "level") and flat and flat[0] in words_of.UNITS)
        self._on_floor(words_of.FLOORS[words[at]])
        # "First floor flat 3": the number says more. "Garden flat 5 Lantern Row": it is the house's.
        ends = at + taken + 1 == len(words)
        is_flats = ends and _unit_id(words, at + taken) and words[at + taken - 1] in words_of.UNITS
        return taken - 1 if is_flats else taken

    def _alone_at(self, words: list[str], at: int) -> int:
        word = words[at]
        after = next(iter(words[at + 1 : at + 2]), "")
        # "Annexe Cottage" and "Caravan Park" are names; "Rear of" something is not.
        if word not in words_of.ALONE or after in words_of.BUILDINGS or after in (*words_of.STREETS, "site"):
            return 0
        self._on_floor(words_of.ALONE[word])
        return 1 + (after in ("of", "at"))


def parts_of(lines: Sequence[str], postcode: str) -> AddressParts:
    """Read the lines of an address before its postcode. `postcode` is in the form that `postcode_of` gives."""
    parts = AddressParts()
    for words in _segments(lines, postcode):
        parts.read(words)
    parts.finish()
    return parts


def _segments(lines: Sequence[str], postcode: str) -> list[list[str]]:
    """The words of each part of the address between commas. A number by itself belongs to what follows."""
    found: list[list[str]] = []
    people: list[list[str]] = []
    for line in lines:
        for part in folded(line).split(","):
            care_of = _CARE_OF.search(part)
            words = _TOKEN.findall(_CARE_OF.sub(" ", part))
            if not words or postcode_of("".join(words)) == postcode:
                continue
            if _names_people(words, care_of=bool(care_of)):
                people.append(words)
                continue
            words = [words_of.FULL.get(word, word) for word in words]
            if found and len(found[-1]) == 1 and _NUMBER.fullmatch(found[-1][0]):
                words = found.pop() + words
            found.append(words)
    return found or people


def _names_people(words: Sequence[str], *, care_of: bool) -> bool:
    """ "Mrs A Quill", "The Occupier", "c/o Quill": not part of where it is."""
    if any(any(map(str.isdigit, word)) for word in words):
        return False
    first = next((word for word in _without_articles(words) if word not in ("to", "for")), "")
    if first in words_of.TITLES or first in words_of.ADDRESSEES:
        return True
    return care_of and not any(word in words_of.BUILDINGS or word in words_of.UNITS for word in words[-1:])


def folded(line: str) -> str:
    """A line in one spelling: lower case, commas for everything that separates, numbers written in one way."""
    if not line.isascii():
        line = "".join(one for one in line if unicodedata.category(one) != "Cf")
        line = _DASHES.sub("-", unicodedata.normalize("NFKD", line)).casefold().translate(_LOOK_ALIKE)
    text = _POSTCODE.sub("", line.replace("&", " and ").replace("\\", "/").lower())
    text = _BEFORE_LETTER.sub("", _SPACED.sub("-", text))
    text = _BOX.sub(r"pobox\1", _STROKE.sub("/", _APOSTROPHES.sub("", text)))
    text = _MISREAD.sub(_digits, _STUCK.sub(" ", text))
    return (
        _HYPHEN.sub(" ", _SECOND_FIRST.sub(r"\1/\2", text)).replace(";", ",").replace("|", ",").replace(":", ",")
    )


def _digits(found: re.Match[str]) -> str:
    """ "l4" and "I4" are 14. A digit comes first, or the letters are not letters of a flat."""
    word = found[0]
    if word.isdigit() or not any(map(str.isdigit, word)) or _NUMBER.fullmatch(word):
        return word
    return word.replace("l", "1").replace("i", "1").replace("o", "0")


def _whole(number: str) -> int:
    return int(number.rstrip("abcdefghijklmnopqrstuvwxyz"))


def _is_number(word: str) -> bool:
    return any(one.fullmatch(word) for one in (_NUMBER, _TWO_NUMBERS, _RANGE, _HOUSE_AND_FLAT))


def _unit_id(words: Sequence[str], at: int) -> str:
    """What is at `at`, if it can be a flat's number or letter, or otherwise nothing."""
    if at >= len(words):
        return ""
    word = words_of.NUMBER_WORDS.get(words[at], words[at])
    return word if _UNIT_ID.fullmatch(word) else ""


def _without_articles(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in words_of.ARTICLES]


def up_to_building(words: Sequence[str]) -> str:
    """The words up to the first that names a kind of building, if it is not the first: "eastmere house".

    Not if it is part of a street's name: "old mill lane".
    """
    words = _without_articles(words)
    at = next((n for n, word in enumerate(words) if n and word in words_of.BUILDINGS), None)
    if at is None or (words[at + 1 : at + 2] and words[at + 1] in words_of.STREETS):
        return ""
    return " ".join(words[: at + 1])
