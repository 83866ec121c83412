"""A column of an export: whose it is and what it holds; and the kinds of columns in a layout."""

from __future__ import annotations

from dataclasses import dataclass

from everyfamily.core.rolls.layout.heading_parts import UNKNOWN
from everyfamily.core.rolls.layout.mapping import shown

NAMES = ("NAME", "FORENAME", "SURNAME", "FORENAME/preferred", "SURNAME/preferred")
CHILDS_ONLY = frozenset(
    (
        "PUPIL_ID/upn",
        "PUPIL_ID/admission",
        "YEAR_GROUP",
        "CLASS",
        "IN_CARE",
        "BORN",
        "LEAVING",
        "DECEASED",
        "ON_ROLL",
        "SCHOOL_URN",
        "SCHOOL_DFE",
        "SCHOOL_NAME",
    )
)
ADULTS_ONLY = frozenset(
    (
        "RELATIONSHIP",
        "PARENTAL_RESPONSIBILITY",
        "PRIORITY",
        "HAS_CARE",
        "ADULT_TITLE",
        "SAME_ADDRESS",
        "LINK",
        "CORRESPONDENCE",
        "COURT_ORDER",
        "RESTRICTION",
        "OBJECTS",
        "FORMAT",
        "CHANNEL",
    )
)
CLOSING = frozenset(("CORRESPONDENCE", "COURT_ORDER", "RESTRICTION", "NOT_TO_WRITE", "OBJECTS"))
WAYS = ("EMAIL", "MOBILE", "PHONE")
SEVERAL = frozenset((*WAYS, "NOTES", UNKNOWN, "-", "NOT_TO_WRITE", "LEAVING", "DECEASED", "ON_ROLL"))
ROW, NOBODYS, ALL = 0, -1, -2
"""Owners that are not an adult: the row (its child), nobody, and all adults of the row ("Family address")."""
SHARED = ("PARENTAL_RESPONSIBILITY", "CORRESPONDENCE", "COURT_ORDER", "RESTRICTION", "NOT_TO_WRITE", "OBJECTS")
"""What one column may say about all adults of a row, in addition to what is at home."""


def is_of_home(what: str) -> bool:
    """Whether it is part of an address."""
    return what.startswith(("ADDRESS", "POSTCODE"))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its position from 0, whose it is (ROW, NOBODYS or an adult from 1), and what it holds."""

    index: int
    heading: str
    owner: int
    what: str
    number: int = 0
    bare: bool = False
    text: str = ""
    is_answered: bool = False
    """A person said what it holds."""


def called(column: Column) -> str:
    """How a message names a column."""
    return f"the column {shown(column.heading)}" if column.heading.strip() else "a column without a heading"
