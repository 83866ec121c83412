"""Cover sheets for pupil post: one for each class, tagged PDF/UA-1, each on a fresh sheet with its bookmark.

For the class's teacher and the school's office. They name no child and not the letter's topic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale

from everyfamily.core.letter.letters import Letter
from everyfamily.rendering.labels import LABELS
from everyfamily.rendering.typesetting import typeset

RETURN_WITHIN = timedelta(days=7)
"""Five school days, if there is no holiday in between."""
_FORMATS = {"standard": "Standard", "large print": "Large print"}
_OTHER_LETTERS = frozenset("ȘșȚțẀẁẂẃẄẅỲỳ‘’“”–—…")
"""Characters beyond Latin-1 and Latin Extended-A that our fonts have and a class name may contain."""
_NOT_IN_THE_FONTS = frozenset("ĲĳŦŧ")


@dataclass(frozen=True, slots=True)
class CoverCopies:
    """Copies in one language, format and version, and the school's own ids of the children who take them home."""

    language: str
    format: str
    pupils: tuple[str, ...]
    version: str = ""
    """ "primary" or "secondary", or blank for a letter in one version."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What one class hands out. `group` is the class, or blank if the school's file has none."""

    group: str
    copies: tuple[CoverCopies, ...]
    printed_on: date


def render_cover_sheets(
    letter: Letter, school: str, covers: Sequence[Cover], *, said_on_page: bool = False
) -> bytes:
    """Return the cover sheets as one PDF, in the order given. Raises LetterNotSet.

    They tell the office to fill in the hand-out list beside them, or, if they were printed from the school's own page,
    to say it there.
    """
    labels = LABELS["en"]
    return typeset(
        "cover_sheets.typ",
        {
            "t": {
                "lang": "en",
                "region": "GB",
                "title": f"Letters to take home: {printable(school)}",
                "author": letter.partnership,
                "ref": letter.reference,
                "demonstration": labels.demonstration if letter.demonstration else None,
            },
            "covers": [_cover(school, one) for one in covers],
            "on_page": said_on_page,
        },
    )


def _cover(school: str, cover: Cover) -> dict[str, object]:
    return {
        "school": printable(school),
        "class": _title(cover.group),
        "printed": _day(cover.printed_on),
        "by": _day(cover.printed_on + RETURN_WITHIN),
        "kinds": [
            {
                "copies": len(copies.pupils),
                "language": _language(copies.language),
                "format": _format(copies),
            }
            for copies in cover.copies
        ],
        "groups": [_group(copies, alone=len(cover.copies) == 1) for copies in cover.copies],
    }


def _group(copies: CoverCopies, *, alone: bool) -> dict[str, object]:
    ids = [printable(pupil) for pupil in copies.pupils]
    longest = max(map(len, ids))
    heading = f"{_language(copies.language)}, {_format(copies).lower()}"
    return {
        "heading": None if alone else heading,
        "ids": ids,
        "columns": 4 if longest <= 12 else 2 if longest <= 28 else 1,
    }


def _format(copies: CoverCopies) -> str:
    version = f", {copies.version} version" if copies.version else ""
    return f"{_FORMATS.get(copies.format, copies.format)}{version}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def printable(text: str) -> str:
    """The text in characters that the fonts have, with others as "?", so that a class name with an emoji does not stop
    a mailing."""
    return "".join(
        sign
        if sign in _OTHER_LETTERS or (sign.isprintable() and sign < "\u0180" and sign not in _NOT_IN_THE_FONTS)
        else "?"
        for sign in text
    )


def _title(group: str) -> str:
    """4B becomes "Class 4B". A name with more than one word stays as it is."""
    if not group:
        return "No class in the school’s file"
    return printable(group) if " " in group else f"Class {printable(group)}"


def _language(code: str) -> str:
    """In English, because the page is for the office, and its typefaces do not have every script."""
    return str(Locale("en").languages.get(code.split("-")[0], code))
