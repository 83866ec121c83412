"""Telephone numbers as a text prints them: where they are, their digits, and what the numbering plan says about
them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from everyfamily.checks.text import prose
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.invented import digits_of

_NUMBER = re.compile(r"(?<![\w.@/=&#%£$€+-])(?:\+\d|\(\+\d|\(?0)(?:[ ()-]{0,3}\d){4,20}(?!\w)")
_SHORT = re.compile(r"(?<![\w.@/=&#%£$€+-])(?:999|101|111|112|105|119|116 ?\d{3}|118 ?\d{3})(?!\w|[.,:/-]\d| ?%)")
_DATE = re.compile(r"\d{1,2}[ -]\d{1,2}[ -]\d{2}(?:\d{2})?")
_TIMES = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d ?- ?(?:[01]\d|2[0-3])[0-5]\d")
_CUE = re.compile(
    r"(?:\b(?:call|calls|calling|ring|ringing|dial|phone|telephone|tel|mobile|mob|fax|text|number|helpline|hotline"
    r"|line|careline|contact|us|team|services?|voicemail)\b|\bon (?:the )?$)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\b(?:ref|reference|account|sort code|urn|charity|company|registered|registration|invoice|code|vat|form|room"
    r"|pin|id|number of|order|policy|permit|upn|dfe|nhs number|barcode|page|pages)\b[^\n]{0,14}$",
    re.IGNORECASE,
)
_CUE_REACH = 45
"""A word like "call" within this many characters before a row of digits makes it a telephone number."""
_SENTENCE_REACH = 300
COMPLETE_SHORT = frozenset({"08001111", "08454647"})
"""Numbers that are complete with eight digits."""


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number and where it is. `start` and `end` are offsets of the piece's own text. `digits` is its British form.

    "+44 (0)151 496 0120" has the digits "01514960120"; a number abroad keeps its "+"; 999 is "999".
    """

    piece: Piece
    start: int
    end: int
    digits: str
    at: int
    """Where it begins in the folded text."""

    @property
    def text(self) -> str:
        """The number as printed."""
        return self.piece.text[self.start : self.end]

    @property
    def sentence(self) -> str:
        """The sentence with the number, folded. If it is very long, the part near the number."""
        start, end = prose.sentence_at(self.piece.sentences, self.at)
        return self.piece.folded.text[max(start, self.at - _SENTENCE_REACH) : min(end, self.at + _SENTENCE_REACH)]

    @property
    def before(self) -> str:
        """The words just before it, folded, back to the start of the line."""
        return self.piece.folded.text[max(0, self.at - _CUE_REACH) : self.at].rpartition("\n")[2]

    @property
    def is_told_to_dial(self) -> bool:
        """Whether the text says that it is a telephone number, and not a reference or an account."""
        if self.piece.part == "register" and self.piece.kind == "number":
            return True
        return bool(_CUE.search(self.before)) and not _OTHER.search(self.before)


def numbers_in(piece: Piece) -> Iterator[Telephone]:
    """Long numbers (in the form of a British or foreign one, dialable or not) and national short ones, in order."""
    for start, end, digits in _all_spans(piece.folded.text):
        yield Telephone(piece, *piece.folded.span(start, end), digits, start)


def long_numbers_in(piece: Piece) -> Iterator[Telephone]:
    """Rows of digits that begin with 0 or + and are not a date or an opening time."""
    for start, end, digits in _long_spans(piece.folded.text):
        yield Telephone(piece, *piece.folded.span(start, end), digits, start)


@lru_cache(maxsize=256)
def _all_spans(text: str) -> tuple[tuple[int, int, str], ...]:
    """The long ones, and the short ones that are not the end of a long one: "0800 555 111" does not contain 111."""
    short = [(*match.span(), digits_of(match.group())) for match in _SHORT.finditer(text)]
    found: list[tuple[int, int, str]] = []
    for span in sorted([*_long_spans(text), *short], key=lambda span: (span[0], -span[1])):
        if not found or span[0] >= found[-1][1]:
            found.append(span)
    return tuple(found)


@lru_cache(maxsize=256)
def _long_spans(text: str) -> tuple[tuple[int, int, str], ...]:
    """Remembered, because every rule about numbers asks again."""
    spans = []
    match = _NUMBER.search(text)
    while match is not None:
        start, end = match.start(), _end_of_one(match)
        if text[start] == "(" and ")" not in text[start:end]:
            start += 1  # The bracket belongs to the sentence: "ring the office (0151 496 0123)".
        printed = text[start:end]
        if not _TIMES.fullmatch(printed) and not _DATE.fullmatch(printed):
            spans.append((start, end, digits_of(printed)))
        match = _NUMBER.search(text, end)
    return tuple(spans)


def _end_of_one(match: re.Match[str]) -> int:
    """Where the number ends, if opening times or a second number follow it without a comma: "0800 1111 24/7"."""
    printed = match.group()
    if sum(character.isdigit() for character in printed) <= min(map(len, COMPLETE_SHORT)):
        return match.end()
    for space in re.finditer(" ", printed):
        digits = digits_of(printed[: space.start()])
        rest = printed[space.end() :]
        if digits in COMPLETE_SHORT or (len(digits) == 11 and digits.startswith("0")):
            return match.start() + space.start()
        if len(digits) == 10 and is_dialable(digits) and rest.startswith(("0", "(0", "+")):
            return match.start() + space.start()
    return match.end()


def is_dialable(digits: str) -> bool:
    """Whether the numbering plan has numbers with this beginning and length. Only a call can say whether one answers.

    After the 0 come ten digits, or nine in some smaller places and for some free numbers, which begin with 01 or 0800.
    """
    if digits.startswith("+"):
        return 9 <= len(digits) <= 16 and not digits.startswith(("+0", "+999", "+888"))
    if not digits.startswith("0"):
        return True
    if digits in COMPLETE_SHORT:
        return True
    if digits[1:2] not in "1235789" or len(digits) not in (10, 11):
        return False
    return len(digits) == 11 or _may_be_shorter(digits)


def _may_be_shorter(digits: str) -> bool:
    if digits.startswith("0800"):
        return True
    return digits.startswith("01") and digits[2] != "1" and digits[3] != "1"
