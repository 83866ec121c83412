"""A date in a form that can be read in two ways, or slowly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.core.text.dates import day_in_words

_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)"
_ORDINAL = re.compile(
    rf"(?<![\w/.-])(?:{_DAY}(?:,? ?(?:-|–|to|and|&)|,) ?){{0,6}}{_DAY}(?: of)? {_MONTH}\b(?:,? \d{{4}}\b)?"
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b|\b{_MONTH} {_DAY}(?!\w)")
_NUMERIC = re.compile(r"(?<![\w/.:-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\w/:-]|\.\d)")
_ISO = re.compile(r"(?<![\w/.:-])(\d{4})-(\d{2})-(\d{2})(?![\w/:-]|\.\d)")
_ENDING = re.compile(r"(?<=\d)(?:st|nd|rd|th)( of)?\b")
_EXAMPLE = "the day, the month in letters and the year: 17 March 2027"
_MONTHS_IN_YEAR = 12


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each date in English text that is not in the form day, month in letters, year."""
    for piece in context.pieces:
        if not piece.is_english or piece.kind == "address":
            continue
        for start, end, fact, fix in _dates(piece.folded.text):
            at = piece.folded.span(start, end)
            words = clip(piece.text[slice(*at)])
            yield Hit(piece, *at, f"“{words}” {fact}", f"Write {fix or _EXAMPLE}.", fix=fix)


def _dates(text: str) -> Iterator[tuple[int, int, str, str | None]]:
    for match in _ORDINAL.finditer(text):
        plain = _ENDING.sub("", match.group())
        yield *match.span(), "has letters after the day", plain if "\n" not in plain else None
    for match in _MONTH_FIRST.finditer(text):
        month, day, year = match.groups()
        certain = month and 1 <= int(day) <= 31
        yield *match.span(), "has the month before the day", f"{int(day)} {month} {year}" if certain else None
    for match in _NUMERIC.finditer(text):
        first, mark, second, year = match.groups()
        if len(year) == 4 or (mark == "/" and _is_day(2000, int(second), int(first))):
            yield *match.span(), "is a date in numbers", _from_numbers(int(first), int(second), year)
    for match in _ISO.finditer(text):
        year, month, day = map(int, match.groups())
        if _is_day(year, month, day):
            yield *match.span(), "is a date in numbers", day_in_words(date(year, month, day))


def _from_numbers(first: int, second: int, year: str) -> str | None:
    """In words, if only one reading is possible: 17/03/2027 has one, but 03/04/2027 may be March or April."""
    if len(year) < 4 or first <= _MONTHS_IN_YEAR or not _is_day(int(year), second, first):
        return None
    return day_in_words(date(int(year), second, first))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


RULE = Rule("RD006", "date-form", Severity.ADVICE, "text", check)
