"""When a file was printed and for which academic year, as the lines above its headings and below its rows say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from everyfamily.core.text.dates import month_of

_LONGEST = 400
_PRINTED = re.compile(
    r"\b(?:printed|generated|exported|produced|extracted|created|downloaded|correct|run|report date|date|as at|as of)\b"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DAY = re.compile(
    r"(?<!\d)(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<day>\d{1,2})(?:st|nd|rd|th)?(?P<mark>[/.\- ])(?P<month>\d{1,2}|[a-z]{3,9}),?(?P=mark)(?P<year>\d{4}|\d{2}))"
    r"(?![\d/])",
    re.IGNORECASE,
)
_ACADEMIC = re.compile(r"(?<![\d/-])(?P<first>20\d\d)\s?[/–-]\s?(?:20)?(?P<second>\d\d)(?![\d/-])")


@dataclass(frozen=True, slots=True)
class FileDates:
    """What a file says of itself, or None where it says nothing."""

    printed_on: date | None = None
    academic_year: int | None = None
    """The year in which it begins."""


def dates_said(lines: Iterable[str]) -> FileDates:
    """What lines outside the rows say. Of several the latest counts, because it makes no file look old."""
    days, years = [], []
    for line in lines:
        text = line[:_LONGEST]
        if printed := _PRINTED.search(text):
            days += [day for found in _DAY.finditer(printed["rest"]) if (day := _day_of(found))][:1]
        years += [
            int(found["first"])
            for found in _ACADEMIC.finditer(text)
            if (int(found["first"]) + 1) % 100 == int(found["second"])
        ]
    return FileDates(max(days, default=None), max(years, default=None))


def _day_of(found: re.Match[str]) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        month = int(found["month"]) if found["month"].isdigit() else month_of(found["month"])
        return date(int(found["year"]) + 2000 * (len(found["year"]) == 2), month, int(found["day"]))
    except ValueError:
        return None
