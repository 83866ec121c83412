"""Letters in print: one Typst template, tagged PDF/UA-1, two pages, the same bytes for the same letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.print_data import check_bundle, check_routes, letter_data, refusal_of
from everyfamily.rendering.typesetting import TemplateRefused, forget, packed, pages_of, typeset
from everyfamily.rendering.view import printed_view

TEMPLATE_VERSION = "3"
"""Raised with every change to letter.typ that a family could see. The seal records it."""
PAGES = 2

_SMALL = 5
"""For this many copies or fewer, what Typst remembers is not worth clearing."""


class LetterTooLong(EveryfamilyError):
    """The letter does not fit two pages."""

    code: ClassVar[str] = "EF162"


def render_letter(letter: Letter, language: str, gaps: PersonalGaps, *, on: date | None = None) -> bytes:
    """Return one letter as a tagged PDF of two pages.

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
            SourceLocation(letter.texts[language].title.place.file),
        )
    return packed(pdf) if len(copies) > 1 else pdf


def page_count(letter: Letter, language: str) -> int:
    """Pages of the letter with its gaps open, without any other check. Raises LetterNotSet."""
    return pages_of(_set(letter, language, [PersonalGaps.open()]))


def _set(letter: Letter, language: str, copies: Sequence[PersonalGaps]) -> bytes:
    pdf = b""
    for tight in (False, True):
        try:
            pdf = typeset("letter.typ", letter_data(printed_view(letter, language), copies, tight=tight))
        except TemplateRefused as refused:
            raise refusal_of(refused, letter) from refused
        if pages_of(pdf) == PAGES * len(copies):
            break
    if len(copies) > _SMALL:
        forget()
    return pdf
