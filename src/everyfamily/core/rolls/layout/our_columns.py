"""Our columns in plain words, for a person who says which of their export's headings is which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from everyfamily.core.rolls.model.question import CLOSES, ColumnShown


@dataclass(frozen=True, slots=True)
class OurColumn:
    """A column of ours, as a page names it."""

    column: str
    name: str
    hint: str = ""


ASKED = (
    OurColumn("PUPIL_ID", "Child’s own id", "A number that stays the same while the child is with you"),
    OurColumn("YEAR_GROUP", "Year"),
    OurColumn("CLASS", "Class", "Paper letters are sorted by it"),
    OurColumn("ADULT_NAME", "Adult’s whole name", "If the name is in one column"),
    OurColumn("ADULT_FORENAME", "Adult’s forename"),
    OurColumn("ADULT_SURNAME", "Adult’s surname"),
    OurColumn("RELATIONSHIP", "What they are to the child", "Mother, grandparent, foster carer"),
    OurColumn("PARENTAL_RESPONSIBILITY", "Parental responsibility", "Yes or no"),
    OurColumn("HAS_CARE", "Looks after the child", "Yes or no, or whether they live together"),
    OurColumn("PRIORITY", "Order of the contacts", "1, 2, 3"),
    OurColumn(
        "COURT_ORDER",
        "Court order",
        "Yes or no, also if it asks about no contact as well. Yes: the adult waits for your lead. No: there is none",
    ),
    OurColumn(
        CLOSES,
        "Must not have the letter",
        "Notes or other flags. All but “no” keeps the adult waiting for your lead, and “no” does not say that there is "
        "no court order",
    ),
    OurColumn("EMAIL", "Email"),
    OurColumn("MOBILE", "Mobile"),
    OurColumn("PHONE", "Other phone", "Used if it is a mobile number"),
    OurColumn("ADDRESS", "Address", "The first line, or all of it"),
    OurColumn("POSTCODE", "Postcode"),
    OurColumn("LANGUAGE", "Adult’s language", "Not the child’s. If you are not sure, leave it out"),
)
"""What a page asks, in its order. An answer is about the first adult of a row."""
_OTHERS = {
    "ADULT_TITLE": "Title of the adult",
    "RESTRICTION": "Must not have the letter",
    "CORRESPONDENCE": "May be written to",
    "OBJECTS": "Does not want letters",
    "FORMAT": "Large print and other formats",
    "CHANNEL": "Email, text or paper",
    "IN_CARE": "The council looks after the child",
    "LEAVING": "The child is leaving",
    "DECEASED": "Somebody has died",
    "ON_ROLL": "The child is on your roll",
    "SCHOOL_URN": "Your school",
    "SCHOOL_DFE": "Your school",
    "SCHOOL_NAME": "Your school",
    "SAME_ADDRESS": "Lives at the child’s address",
    "LINK": "Whether the link has ended",
    "NOTES": "Notes, for words that keep an adult away",
    "BORN": "Birthday, to tell children apart, and then thrown away",
    "EMAIL_AND_PHONE": "Email and phone",
}
_NAMES: Mapping[str, str] = _OTHERS | {one.column: one.name for one in ASKED}


_IN_ONE = {"EMAIL_AND_PHONE": ("EMAIL", "MOBILE", "PHONE")}
_IN_A_SENTENCE = re.compile(r"\b[A-Z]{2,}(?:_[A-Z0-9]+)*\b")


def in_plain_words(sentence: str, headings: Mapping[str, str] | None = None) -> str:
    """A sentence about a row, with our columns as the file's own headings name them, or as a page does: "PUPIL_ID" is
    “Child’s own id”."""
    names = {**_NAMES, **(headings or {})}
    return _IN_A_SENTENCE.sub(lambda found: f"“{names[found[0]]}”" if found[0] in names else found[0], sentence)


def headings_of(columns: Iterable[ColumnShown]) -> dict[str, str]:
    """A file's own headings by our columns: "Contact 1 Email or Contact 2 Email" if several adults have one."""
    found: dict[str, list[str]] = {}
    for one in columns:
        column = one.guess.partition("/")[0]
        for ours in _IN_ONE.get(column, (column,)):
            found.setdefault(ours, []).append(" ".join(one.heading.split())[:40])
    return {column: " or ".join(dict.fromkeys(headings)) for column, headings in found.items()}


def name_of(guess: str) -> str:
    """What we take a column for, in words: "Email", "Email of adult 2". Blank if it is not read."""
    column, _, adult = guess.partition("/")
    name = _NAMES.get(column, "")
    return f"{name} of adult {adult}" if name and adult.isdigit() else name
