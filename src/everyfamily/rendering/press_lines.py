"""What the partnership's press offices say on the day: at most two sides of A4 as tagged PDF/UA-1, and as plain text.

It is not in a school's send kit: a school passes a reporter's call on.
"""

from __future__ import annotations

from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.passages import KitText
from everyfamily.rendering.kit_text import kit_plain_text
from everyfamily.rendering.targets import web_targets
from everyfamily.rendering.typesetting import any_of, pages_of, typeset
from everyfamily.rendering.view import KitView, kit_view_of

PRESS_TEMPLATE_VERSION = "1"
"""Raised with every change that a press officer could see. The seal records it."""
MOST_PAGES = 2


class PressLinesTooLong(EveryfamilyError):
    """The press lines take more than two sides."""

    code: ClassVar[str] = "EF144"


def render_press_lines(letter: Letter, language: str, press: KitText) -> bytes:
    """Return the pages as a PDF; raises PressLinesTooLong or LetterNotSet."""
    pdf = typeset("press_lines.typ", _data(kit_view_of(letter, language, press)))
    if pages_of(pdf) > MOST_PAGES:
        raise PressLinesTooLong(
            f"The press lines take {pages_of(pdf)} pages, not {MOST_PAGES}.",
            "Shorten its answers: a press officer reads them while somebody waits on the telephone.",
            SourceLocation(press.title.place.file),
        )
    return pdf


def press_text(letter: Letter, language: str, press: KitText) -> str:
    """Return the pages as plain text, for a message or the press offices' own system."""
    view = kit_view_of(letter, language, press)
    return kit_plain_text(view, after=[f"{one} …" for one in _on_duty(view)])


def _on_duty(view: KitView) -> list[str]:
    """One line for each body, where somebody writes who is on duty."""
    return [view.labels.on_duty.format(body.name) for body in view.letter.bodies]


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
            "page-of": view.labels.page_of,
            "on-duty": _on_duty(view),
            "demonstration": demonstration,
            "foot": view.foot,
        },
        "whole": any_of([letter.reference, *links]),
        "links": links,
        "sections": {
            section.id: {
                "heading": section.heading,
                "blocks": [
                    {"kind": block.kind, "text": block.text, "aside": block.aside} for block in section.blocks
                ],
            }
            for section in view.sections
        },
    }
