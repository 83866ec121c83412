"""Which version of a letter an adult gets, where a pack has other words for families of children in primary school.

A letter has one version, or two that part at a year group. An adult gets one letter at a school: the secondary version
if any child that they get it for is surely in that year or above, and otherwise the primary one. So a family whose
child may be young is never given the words for older children because a roll has no years.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from everyfamily.core.calendar.year_groups import year_of, years_of_phase


class Version(StrEnum):
    """The two versions of a letter. A letter that has only one is in neither."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


def at_least_year(year_group: str, phase: str) -> int:
    """The lowest year that a child may be in: what the roll says, or otherwise the first of the school's phase."""
    year = year_of(year_group)
    return years_of_phase(phase)[0] if year is None else year


def version_for(at_least: Iterable[int], secondary_from: int | None) -> Version | None:
    """The version for an adult. `at_least` has, for each of their children at the school that they get the letter for,
    the lowest year that it may be in. None if the letter has one version."""
    if secondary_from is None:
        return None
    return Version.SECONDARY if any(year >= secondary_from for year in at_least) else Version.PRIMARY


def versions_at(phase: str, secondary_from: int | None) -> tuple[Version, ...]:
    """The versions that families of a school of this phase may get. None of them if the letter has one version."""
    if secondary_from is None:
        return ()
    first, last = years_of_phase(phase)
    if last < secondary_from:
        return (Version.PRIMARY,)
    return (Version.SECONDARY,) if first >= secondary_from else (Version.PRIMARY, Version.SECONDARY)
