"""When a route is answered, as days and minutes: for the parent site, which says "open now" on the device."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from everyfamily.core.calendar.sending_days import WEEKDAYS
from everyfamily.core.text.dates import time_in_words

DAY = 24 * 60
"""Minutes."""
_ANY_TIME = re.compile(r"\bany time\b|\bday (?:and|or) night\b|\b24 hours\b", re.IGNORECASE)
_TIME = re.compile(r"\b\d{1,2}(?::\d\d)?(?:am|pm)\b|\bnoon\b|\bmidday\b|\bmidnight\b")
_SAME_TIMES = {"noon": "midday", "12pm": "midday", "12am": "midnight"}


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One period on one weekday (0 is Monday), in minutes after midnight in London. `closes` is at most 1,440."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class RouteHours:
    """When a route is answered. No spans means at any time."""

    spans: tuple[Span, ...] = ()
    bank_holidays: bool = True
    """False for a line that is shut on bank holidays."""

    @property
    def always(self) -> bool:
        """True for a route that is answered day and night."""
        return not self.spans

    def faults(self) -> list[str]:
        """Say what is not valid: a period that ends before it begins, or two on one day that overlap."""
        found = []
        if any(not 0 <= span.opens < span.closes <= DAY for span in self.spans):
            found.append("a stretch of its hours ends before it begins")
        if any(
            one.weekday == other.weekday and one.closes > other.opens
            for one, other in pairwise(sorted(self.spans))
        ):
            found.append("two stretches of one day overlap")
        return found

    def agrees_with(self, words: str) -> bool:
        """Whether English words ("Weekdays, 9am to 5pm") give the same times, so that the letter, which prints them,
        and the parent site in another language, which prints these hours, say the same."""
        if self.always:
            return _ANY_TIME.search(words) is not None
        said = {_SAME_TIMES.get(found, found) for found in _TIME.findall(words)}
        return said == {_in_words(at) for span in self.spans for at in (span.opens, span.closes)}

    def in_words(self) -> str:
        """In English: "Monday to Friday, 9am to 5pm; Saturday, 10am to 12pm"."""
        if self.always:
            return "any time"
        return "; ".join(
            f"{_days(weekdays)}, "
            + " and ".join(f"{_in_words(opens)} to {_in_words(closes)}" for opens, closes in spans)
            for weekdays, spans in self.by_days()
        )

    def by_days(self) -> list[tuple[list[int], list[tuple[int, int]]]]:
        """Weekdays with the same hours, together, in the order of the week: ([0, 1, 2], [(540, 1020)])."""
        hours: dict[int, list[tuple[int, int]]] = {}
        for span in sorted(self.spans):
            hours.setdefault(span.weekday, []).append((span.opens, span.closes))
        grouped: list[tuple[list[int], list[tuple[int, int]]]] = []
        for weekday, spans in sorted(hours.items()):
            if grouped and grouped[-1][1] == spans and grouped[-1][0][-1] == weekday - 1:
                grouped[-1][0].append(weekday)
            else:
                grouped.append(([weekday], spans))
        return grouped


def _days(weekdays: list[int]) -> str:
    first, last = WEEKDAYS[weekdays[0]], WEEKDAYS[weekdays[-1]]
    return first if first == last else f"{first} to {last}"


def _in_words(minutes: int) -> str:
    return time_in_words(time(minutes % DAY // 60, minutes % 60))
