"""The letter as one plain web page: the same passages, no script, no cookie, nothing from elsewhere."""

from __future__ import annotations

from importlib.resources import files

from markupsafe import Markup

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.placeholders import fill
from everyfamily.rendering.html import environment, link, linked
from everyfamily.rendering.view import direction_of, view_of

WEB_TEMPLATE_VERSION = "2"
"""Raised with every change that a family could see. The seal records it."""


def render_web_page(letter: Letter, language: str) -> str:
    """Return the page, which is the same for everyone. Raises KeyError for a language that the letter does not have."""
    view = view_of(letter, language, "web", PersonalGaps())
    style = (files("everyfamily.rendering") / "templates" / "web_page.css").read_text(encoding="utf-8")
    return (
        environment()
        .get_template("web_page.html")
        .render(
            view=view,
            lang=language,
            dir=direction_of(language),
            subject=fill(view.text.subject.text, {"school": view.labels.school}),
            style=Markup(style),  # noqa: S704 - our own file
            say=lambda text: linked(letter, text),
            link=link,
        )
    )
