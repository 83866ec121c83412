"""Letters in print: one Typst template, tagged PDF/UA-1, two pages, the same bytes for the same letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.print_data import check_bundle, check_routes, letter_data, refusal_of
from everyfamily.rendering.said_text import with_said_text
from everyfamily.rendering.short_view import Strip, face_of, language_of_text, said_in, strip_of
from everyfamily.rendering.typesetting import TemplateRefused, forget, pages_of, typeset
from everyfamily.rendering.view import This, printed_view

TEMPLATE_VERSION = "3"
"""Raised with every change to letter.typ that a family could see. The seal records it."""
PAGES = 2

_LONGEST = PersonalGaps(school="A school with a name of fifty letters in its name")
"""A copy that takes as much room as any: no number of the school, so that the card says where to find it."""
_FEW_NAMES = 4
"""More languages than this are named in a line across the page (letter.typ)."""
_SMALL = 5
"""For this many copies or fewer, what Typst remembers is not worth clearing."""


class LetterTooLong(EveryfamilyError):
    """The letter does not fit two pages."""

    code: ClassVar[str] = "EF162"


def render_letter(letter: Letter, language: str, gaps: PersonalGaps, *, on: date | None = None) -> bytes:
    """Return one letter as a tagged PDF of two pages.

    In a `language` that has only the small set, it is the English letter with the lines of that language.

    `on` is the day of printing for the check of routes (default: the letter's own date). Raises
    RouteNotPrintable, AddressTooLong, LetterheadDoesNotFit, LetterTooLong or LetterNotSet.
    """
    return render_bundle(letter, language, [gaps], on=on)


def render_bundle(
    letter: Letter, language: str, copies: Sequence[PersonalGaps], *, on: date | None = None
) -> bytes:
    """Return 1 to 100 letters in one PDF, each on a fresh sheet. Raises what `render_letter` raises, and
    BundleTooLarge."""
    check_bundle(len(copies))
    check_routes(letter, on or letter.dated)
    pdf = _set(letter, language, copies)
    pages = pages_of(pdf)
    if pages != PAGES * len(copies):
        raise LetterTooLong(
            f"The letter takes {pages / len(copies):.0f} pages, not {PAGES}.",
            "Shorten its words; a longer language needs a shorter text, not smaller type.",
            SourceLocation(letter.texts[language_of_text(letter, language)].title.place.file),
        )
    said = said_in(strip_of(letter, strip_in(letter, language), language), len(copies))
    base = language_of_text(letter, language)
    pieces = letter_data(printed_view(letter, base), copies)["said"] if face_of(base) else None
    return with_said_text(pdf, said, pack=len(copies) > 1, pieces=pieces)


def page_count(letter: Letter, language: str) -> int:
    """Pages of the letter with its gaps open, without any other check. Raises LetterNotSet."""
    return pages_of(_set(letter, language, [PersonalGaps.open()]))


def strip_in(letter: Letter, language: str) -> Strip:
    """What the printed letter has room to say in other languages. It depends on the letter only, so that every copy of
    it has the same words."""
    return _room(This(letter), language)[0] if letter.short else "names"


def _is_remembered(letter: Letter, language: str) -> bool:
    """Whether its room is found once for all copies: where a strip depends on it, or it is likely to be tight."""
    return (
        bool(letter.short)
        or face_of(language_of_text(letter, language)) is not None
        or len(letter.languages) > _FEW_NAMES
    )


@lru_cache(maxsize=16)
def _room(this: This, language: str) -> tuple[Strip, bool]:
    """What the strip says, and whether that takes space from between the lines."""
    strips: tuple[Strip, ...] = ("lines", "danger", "names") if this.letter.short else ("names",)
    for strip in strips:
        for tight in (False, True):
            if pages_of(_typeset(this.letter, language, [_LONGEST], tight=tight, strip=strip)) == PAGES:
                return strip, tight
    return "names", False


def _set(letter: Letter, language: str, copies: Sequence[PersonalGaps]) -> bytes:
    pdf = b""
    strip, at_first = _room(This(letter), language) if _is_remembered(letter, language) else ("names", False)
    for tight in (True,) if at_first else (False, True):
        pdf = _typeset(letter, language, copies, tight=tight, strip=strip)
        if pages_of(pdf) == PAGES * len(copies):
            break
    if len(copies) > _SMALL:
        forget()
    return pdf


def _typeset(
    letter: Letter, language: str, copies: Sequence[PersonalGaps], *, tight: bool, strip: Strip
) -> bytes:
    view = printed_view(letter, language_of_text(letter, language))
    data = letter_data(view, copies, tight=tight, strip=strip, language=language)
    try:
        return typeset("letter.typ", data)
    except TemplateRefused as refused:
        raise refusal_of(refused, letter) from refused
