"""The letter in large print: the same words at 18 points or more, tagged PDF/UA-1, with as many pages as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.rendering.print_data import check_bundle, check_routes, letter_data, refusal_of
from everyfamily.rendering.said_text import with_said_text
from everyfamily.rendering.short_view import said_in
from everyfamily.rendering.typesetting import TemplateRefused, forget, pages_of, typeset
from everyfamily.rendering.view import printed_view

LARGE_PRINT_TEMPLATE_VERSION = "3"
"""Raised with every change to large_print.typ that a family could see. The seal records it."""


def render_large_print(letter: Letter, language: str, gaps: PersonalGaps, *, on: date | None = None) -> bytes:
    """Return one letter in large print, an even number of A4 pages.

    `on` is the day of printing for the check of routes (default: the letter's own date). Raises
    RouteNotPrintable, AddressTooLong, LetterheadDoesNotFit or LetterNotSet.
    """
    return render_large_print_bundle(letter, language, [gaps], on=on)


def render_large_print_bundle(
    letter: Letter, language: str, copies: Sequence[PersonalGaps], *, on: date | None = None
) -> bytes:
    """Return 1 to 100 letters in one PDF. Raises what `render_large_print` raises, and BundleTooLarge."""
    check_bundle(len(copies))
    check_routes(letter, on or letter.dated)
    data = letter_data(printed_view(letter, language), copies)
    try:
        pdf = typeset("large_print.typ", data)
        if pages_of(pdf) // len(copies) % 2:
            pdf = typeset("large_print.typ", {**data, "pad": True})
    except TemplateRefused as refused:
        raise refusal_of(refused, letter) from refused
    if len(copies) > 1:
        forget()
    return with_said_text(
        pdf, said_in(data["t"]["strip"], len(copies)), pack=len(copies) > 1, pieces=data["said"]
    )
