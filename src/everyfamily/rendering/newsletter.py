"""The passage for a school's own newsletter, as a small page to copy from and as plain text. It names no topic."""

from __future__ import annotations

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.passages import KitText
from everyfamily.rendering.html import environment, linked
from everyfamily.rendering.kit_text import kit_plain_text
from everyfamily.rendering.view import direction_of, kit_view_of

NEWSLETTER_TEMPLATE_VERSION = "2"
"""Raised with every change that a family could see. The seal records it."""


def render_newsletter(letter: Letter, language: str, newsletter: KitText) -> str:
    """Return the passage as a page: headings, paragraphs and one list, nothing from elsewhere."""
    return (
        environment()
        .get_template("newsletter.html")
        .render(
            view=kit_view_of(letter, language, newsletter),
            lang=language,
            dir=direction_of(language),
            say=lambda text: linked(letter, text),
        )
    )


def newsletter_text(letter: Letter, language: str, newsletter: KitText) -> str:
    """Return the passage as plain text."""
    return kit_plain_text(kit_view_of(letter, language, newsletter))
