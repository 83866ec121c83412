"""Whether a file is the right one: what a person is asked before anything of it goes in.

Another school's file, last year's, or one sheet of two looks like a roll. It would take children off, and put other
adults beside the rest. The questions are the same on a page and by a command, and the school's lead answers them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from everyfamily.core.adults.change_set import too_few_match
from everyfamily.core.rolls.model.file_dates import FileDates
from everyfamily.core.text.dates import day_in_words

LOWER_FROM, FEWEST_WITH_A_YEAR = 0.5, 10
"""The share of children in a lower year from which it is asked, and of how many at least."""
STRANGERS_FROM, FEWEST_WITH_ADULTS = 2 / 3, 5
LIKE_THE_LIST = (0.7, 1.4)
"""If a file has between this many times the children in the list of schools, it needs no second look."""
SMALLEST_SCHOOL = 20
"""In a smaller school, on the list or by the roll so far, the share says nothing. A first file is never held for it."""


class Doubt(StrEnum):
    """Why a file is held."""

    OTHER_CHILDREN = "other children"
    LOWER_YEARS = "lower years"
    OLDER = "older than the last"
    OTHER_ADULTS = "other adults"
    SIZE = "size"


@dataclass(frozen=True, slots=True)
class FileQuestion:
    """What a person is asked about a file: the facts in one or two sentences, with counts and without a value."""

    about: Doubt
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A file and the roll before it, in counts of children."""

    in_file: int
    on_roll: int
    matching: int
    """In both."""
    with_years: int = 0
    """Of these, whose year both say."""
    lower: int = 0
    """And it is lower in the file."""
    with_adults: int = 0
    """Of those in both, who have an adult on the roll."""
    strangers: int = 0
    """And none of them is beside the child in the file."""
    dates: FileDates = field(default_factory=FileDates)
    last: FileDates = field(default_factory=FileDates)
    """What the last files that went in said."""
    listed: int | None = None
    """Children in the list of schools."""
    whole: bool = True
    """The file has every child of the school."""
    every_adult: bool = True
    """And every adult of the children in it. A file of changes has not."""


def questions_of(one: Compared) -> tuple[FileQuestion, ...]:
    """What is asked before a file goes in. Nothing is asked about children who are a year higher."""
    return tuple(_questions(one))


def _questions(one: Compared) -> Iterator[FileQuestion]:
    if too_few_match(in_file=one.in_file, matching=one.matching, on_roll=one.on_roll):
        have = (
            f"All {one.on_roll:,} children on the roll are in this file, but"
            if one.matching == one.on_roll
            else f"Only {one.matching:,} of the {one.on_roll:,} children on the roll are in this file, and"
        )
        yield FileQuestion(
            Doubt.OTHER_CHILDREN,
            f"{have} it has {one.in_file - one.matching:,} others that we do not know. It may be another school’s "
            "file, or one in which your system has changed every child’s number.",
        )
    if one.with_years >= FEWEST_WITH_A_YEAR and one.lower >= LOWER_FROM * one.with_years:
        yield FileQuestion(
            Doubt.LOWER_YEARS,
            f"{one.lower:,} of {one.with_years:,} children are in a lower year than on the roll. Is it last year’s "
            "file?",
        )
    if older := _older(one.dates, one.last):
        yield FileQuestion(Doubt.OLDER, f"{older} Is it the newest?")
    if one.every_adult and are_strangers(one.strangers, one.with_adults):
        yield FileQuestion(
            Doubt.OTHER_ADULTS,
            f"{one.strangers:,} of {one.with_adults:,} children have none of the adults whom they have on the roll. Is "
            "it another school’s file, in which other children have the same numbers?",
        )
    if one.on_roll >= SMALLEST_SCHOOL and (said := size_in_words(one)):
        yield FileQuestion(Doubt.SIZE, said)


def are_strangers(strangers: int, with_adults: int) -> bool:
    """Whether so many children have lost every adult that a person is asked."""
    return with_adults >= FEWEST_WITH_ADULTS and strangers >= STRANGERS_FROM * with_adults


def size_in_words(one: Compared) -> str:
    """The question that a whole roll's size asks, or blank. If nothing is held for it, it is only said."""
    listed = one.listed or 0
    least, most = (round(share * listed) for share in LIKE_THE_LIST)
    if not one.whole or listed < SMALLEST_SCHOOL or least <= one.in_file <= most:
        return ""
    return (
        f"The list of schools says {listed:,} children, and this file has {one.in_file:,}. Is it the whole roll of "
        "this school?"
    )


def _older(now: FileDates, last: FileDates) -> str:
    if now.printed_on and last.printed_on and now.printed_on < last.printed_on:
        return (
            f"The file was printed on {day_in_words(now.printed_on)}, and the last one on "
            f"{day_in_words(last.printed_on)}."
        )
    if now.academic_year and last.academic_year and now.academic_year < last.academic_year:
        return f"The file is for {_year(now.academic_year)}, and the last one for {_year(last.academic_year)}."
    return ""


def _year(starts: int) -> str:
    return f"the academic year {starts}/{starts + 1}"


IN_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Doubt.OTHER_CHILDREN: "too few of its children are on your roll",
        Doubt.LOWER_YEARS: "its children are in lower years",
        Doubt.OLDER: "it is older than the last file",
        Doubt.OTHER_ADULTS: "its children have other adults",
        Doubt.SIZE: "it has too few or too many children",
    }
)


def why_held(doubts: Collection[str]) -> str:
    """In a few words, for a list of earlier files. Those from before there were doubts had too few of the children."""
    return ", and ".join(IN_WORDS[one] for one in doubts or (Doubt.OTHER_CHILDREN,))
