"""The letter as an email: one hand-written accessible template, a plain-text twin, nothing from elsewhere.

There is no picture, remote content, attachment or personal link, so nothing shows who opened it. An email depends only
on the letter, the language and the school. So one is made for each school and sent to all its families.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import css_inline
from markupsafe import Markup

from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.placeholders import fill
from everyfamily.rendering.html import environment, link, linked
from everyfamily.rendering.language_names import names_of
from everyfamily.rendering.plain_text import plain_text
from everyfamily.rendering.short_view import short_views
from everyfamily.rendering.view import direction_of, view_of

EMAIL_TEMPLATE_VERSION = "2"
"""Raised with every change that a family could see. The seal records it."""

_SPACERS = "\u034f\u200c\u00a0" * 100


@dataclass(frozen=True, slots=True)
class Email:
    """An email as sealed. `reply_to` is a mailbox that a person reads."""

    subject: str
    sender_name: str
    reply_to: str
    html: str
    text: str


def render_email(letter: Letter, language: str, gaps: PersonalGaps) -> Email:
    """Return the email for the families of one school. Raises KeyError for a language that the letter does not have."""
    view = view_of(letter, language, "email", gaps)
    subject = _outside(view.text.subject.text, gaps, view.labels.school)
    html = (
        environment()
        .get_template("email.html")
        .render(
            view=view,
            lang=language,
            dir=direction_of(language),
            subject=subject,
            short=short_views(letter, gaps),
            languages=[(tag, name, direction_of(tag)) for tag, name in names_of(letter)],
            preheader=_outside(view.text.preheader.text, gaps, view.labels.school),
            spacers=_SPACERS,
            inlined=Markup(_style("email.css")),  # noqa: S704 - our own file
            kept=Markup(_style("email-kept.css")),  # noqa: S704 - our own file
            say=lambda text: linked(letter, text),
            link=link,
        )
    )
    return Email(
        subject=subject,
        sender_name=letter.sender_name,
        reply_to=letter.reply_mailbox,
        html=_inliner().inline(html),
        text=plain_text(view),
    )


def _outside(text: str, gaps: PersonalGaps, school: str) -> str:
    return fill(text, {"school": gaps.school or school})


@cache
def _style(name: str) -> str:
    return (files("everyfamily.rendering") / "templates" / name).read_text(encoding="utf-8")


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=False)
