"""A day of the week that does not match its date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DATED = re.compile(
    rf"\b(?P<weekday>{'|'.join(_DAYS)}),?\s(?:the\s)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s"
    rf"(?P<month>{'|'.join(_MONTHS)})\b(?:,?\s(?P<year>20\d\d)\b)?",
    re.IGNORECASE,
)
_YEAR = re.compile(rf"\b(?:{'|'.join(_MONTHS)}),?\s(20\d\d)\b", re.IGNORECASE)


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each date with a day of the week that does not match its year, or without a year, any year of the
    letter."""
    pieces = [piece for piece in context.pieces if piece.is_english]
    stated = {int(year) for piece in pieces for year in _YEAR.findall(piece.folded.text)}
    for piece in pieces:
        for match in _DATED.finditer(piece.folded.text):
            years = {int(match["year"])} if match["year"] else stated | {year + 1 for year in stated}
            right = [found for year in sorted(years) if (found := _weekday(match, year))]
            if not right or match["weekday"].lower() in right:
                continue
            span = piece.folded.span(*match.span())
            words = clip(piece.text[slice(*span)], 40)
            hint = (
                f"{match['day']} {match['month'].title()} is a {right[0].title()}. Put right the day or the date."
            )
            yield Hit(piece, *span, f"“{words}” does not fit the calendar", hint)


def _weekday(match: re.Match[str], year: int) -> str | None:
    try:
        return _DAYS[date(year, _MONTHS.index(match["month"].lower()) + 1, int(match["day"])).weekday()]
    except ValueError:
        return None


RULE = Rule("EV186", "wrong-weekday", Severity.WARNING, "text", check)
