"""The page for a school's staff: one side of A4 as tagged PDF/UA-1, and the same as plain text."""

from __future__ import annotations

from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.passages import KitText
from everyfamily.rendering.kit_text import kit_plain_text
from everyfamily.rendering.targets import web_targets
from everyfamily.rendering.typesetting import any_of, pages_of, typeset
from everyfamily.rendering.view import KitView, kit_view_of, unbroken

BRIEFING_TEMPLATE_VERSION = "2"
"""Raised with every change that staff could see. The seal records it."""


class BriefingTooLong(EveryfamilyError):
    """The page for staff takes more than one side."""

    code: ClassVar[str] = "EF167"


def render_briefing(letter: Letter, language: str, briefing: KitText) -> bytes:
    """Return the page as a PDF; raises BriefingTooLong or LetterNotSet."""
    view = kit_view_of(letter, language, briefing)
    pdf = typeset("briefing.typ", _data(view))
    if pages_of(pdf) != 1:
        raise BriefingTooLong(
            f"The staff briefing takes {pages_of(pdf)} pages, not one.",
            "Shorten its words: staff read one side before lessons.",
            SourceLocation(briefing.title.place.file),
        )
    return pdf


def briefing_text(letter: Letter, language: str, briefing: KitText) -> str:
    """Return the page as plain text, for a message to staff."""
    return kit_plain_text(kit_view_of(letter, language, briefing))


def _data(view: KitView) -> dict[str, object]:
    letter = view.letter
    links = web_targets(letter)
    demonstration = view.labels.demonstration if letter.demonstration else None
    return {
        "t": {
            "lang": view.language.split("-")[0],
            "region": "GB",
            "title": view.title,
            "author": letter.partnership,
            "ref": letter.reference,
            "emergency": unbroken(letter.card_routes[0].number or ""),
            "demonstration": demonstration,
            "demonstration-line": demonstration and view.labels.demonstration_line.format(letter.area),
        },
        "whole": any_of([letter.reference, *links]),
        "links": links,
        "sections": {
            section.id: {
                "heading": section.heading,
                "paragraphs": section.paragraphs,
                "items": [{"text": item.text} for item in section.items],
            }
            for section in view.sections
        },
    }
