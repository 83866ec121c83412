"""When a route is answered, as days and minutes: for the parent site, which says "open now" on the device."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

DAY = 24 * 60
"""Minutes."""


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
