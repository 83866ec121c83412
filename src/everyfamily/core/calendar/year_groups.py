"""Year groups: what a year group on a roll says, which years a school has, and to whom a letter is offered.

Years are numbers: 0 is Reception and everything before it, 13 the last year of school. A letter offered "from Year 6"
is for children who are in Year 6 or above, or may be. Only a child who is known to be younger is left out, because a
family that is missed for want of a column is worse than a family that reads a letter early.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RECEPTION = 0
LAST_YEAR = 13
EVERY_YEAR = RECEPTION
"""The first year of a letter that is offered to every child."""
_OLDEST = 14
"""Some special schools have a Year 14."""

PLAIN_YEARS: Mapping[str, int] = MappingProxyType(
    {str(year): year for year in range(1, _OLDEST + 1)} | {"R": 0, "r": 0}
)
"""As nearly every roll has them, because reading a file makes "Yr 4" a 4."""
_BEFORE_YEAR_1 = (
    *("rec", "reception", "receptionyear", "foundation", "foundationstage", "eyfs", "earlyyears"),
    *("n", "n1", "n2", "nursery", "e1", "e2", "f1", "f2", "fs1", "fs2", "preschool"),
    *("kg", "pk", "pr", "it", "tk", "yr", "yearr", "yrr"),
)
YEAR_WORDS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(_BEFORE_YEAR_1, 0)
    | {
        f"{word}{number}": year
        for word in ("", "year", "yr", "y", "nc", "ncyear", "yeargroup")
        for year in range(_OLDEST + 1)
        for number in (str(year), f"{year:02}")
    }
)
"""The rest, in lower case and without the marks of MARKS."""
MARKS = " .-"

PHASE_YEARS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "Nursery": (0, 0),
        "Primary": (0, 6),
        "Middle deemed primary": (3, 8),
        "Secondary": (7, _OLDEST),
        "Middle deemed secondary": (5, 9),
        "16 plus": (12, _OLDEST),
    }
)
"""The first and last year that a school of a phase may have. Of any other phase it may have all."""
ALL_YEARS = (RECEPTION, _OLDEST)


def year_of(year_group: str) -> int | None:
    """The year that a roll's words mean, or None if they name none."""
    if year_group in PLAIN_YEARS:
        return PLAIN_YEARS[year_group]
    plain = year_group.lower()
    for mark in MARKS:
        plain = plain.replace(mark, "")
    return YEAR_WORDS.get(plain)


def years_of_phase(phase: str) -> tuple[int, int]:
    """The first and last year that a school of this phase may have."""
    return PHASE_YEARS.get(phase, ALL_YEARS)


def up_to_year(year_group: str, phase: str) -> int:
    """The highest year that a child may be in: what the roll says, or otherwise the last of the school's phase."""
    year = year_of(year_group)
    return years_of_phase(phase)[1] if year is None else year


def has_years_from(phase: str, from_year: int) -> bool:
    """Whether a school of this phase may have a child to whom a letter from `from_year` is offered."""
    return years_of_phase(phase)[1] >= from_year


def has_years_below(phase: str, from_year: int) -> bool:
    """Whether a school of this phase may have a child who is too young for a letter from `from_year`. Then nobody can
    say from the number of its children for how many the letter is."""
    return years_of_phase(phase)[0] < from_year


def year_in_words(year: int) -> str:
    """ "Reception" or "Year 6"."""
    return f"Year {year}" if year else "Reception"


def families_in_words(from_year: int, area: str) -> str:
    """To whom a letter goes, as the end of "it goes to …": "every parent and carer of children in Year 6 or above in
    Eastmere"."""
    years = from_year_in_words(from_year)
    return f"every parent and carer {f'of children {years} ' if years else ''}in {area}"


def from_year_in_words(from_year: int) -> str:
    """Which children a letter is for, as the end of "children …": "in Year 6 or above". Blank if it is for every
    child."""
    return f"in {year_in_words(from_year)} or above" if from_year > EVERY_YEAR else ""
