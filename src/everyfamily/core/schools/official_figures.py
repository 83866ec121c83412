"""How many children an official list says a school has: the figure, its day and its source, and which one counts.

The newest counts. A figure without a day counts as older than any figure with one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NATIONAL_LIST = "Get Information about Schools"
OWN_LIST = "the council's own list"
LONGEST_SOURCE = 80
"""Characters of a source, in one line."""
LARGEST = 100_000
"""More children than any school or list has."""


@dataclass(frozen=True, slots=True)
class OfficialFigure:
    """Children that an official list has at one school."""

    children: int
    as_of: date | None = None
    """The day on which they were counted, or None if nobody said."""
    source: str = ""
    """Which list, or blank if nobody said."""


def newest(known: OfficialFigure | None, offered: OfficialFigure | None) -> OfficialFigure | None:
    """The one of two figures that counts: the newer one. If both are from the same day, the one that comes in now.

    The national list does not replace another source's figure for the same day, because it publishes what the council
    counted.
    """
    if known is None or offered is None:
        return offered if known is None else known
    if known.as_of is None:
        return offered
    if offered.as_of is None or offered.as_of < known.as_of:
        return known
    other_source = offered.source == NATIONAL_LIST != known.source
    return known if offered.as_of == known.as_of and other_source else offered


def imported(
    known: OfficialFigure | None, offered: OfficialFigure | None, came_on: date | None
) -> OfficialFigure | None:
    """The figure that counts after a list has been imported.

    If a list does not say when it counted (`offered.as_of` is None) and its number is the known one, it brings nothing
    new. If it differs, it is a figure from `came_on`, the day of the list (None: not known either).
    """
    if offered is None:
        return known
    if offered.as_of is None:
        if known is not None and known.source and known.children == offered.children:
            return known
        offered = OfficialFigure(offered.children, came_on, offered.source)
    return newest(known, offered)
