"""The automatic answer to a reply. It names no topic and no child, quotes nothing, and promises no time.

A language is here only once its text was translated and checked by somebody else, like a letter's own texts. Until then
its readers get the English. Today there is only English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.routes import Route


@dataclass(frozen=True, slots=True)
class AnswerText:
    """The sentences of one language, in order. `{}` is filled with the one value that belongs there."""

    subject: str
    danger: str
    """999 is in it, whatever a letter says, and comes first."""
    lines: str
    """The sentence above the local lines."""
    line: str
    automatic: str
    owner: str
    """The role of the person who reads the mailbox."""
    no_time: str
    about: str
    demonstration: str


REVIEWED: Mapping[str, AnswerText] = {
    "en": AnswerText(
        subject="Automatic answer: we have your message",
        danger="If a child is in danger now, ring 999.",
        lines="If you are worried about a child, ring:",
        line="{label}: {number} ({hours})",
        automatic="This is an automatic answer. Your message has arrived, and a person will read it.",
        owner="Who reads this mailbox: {}.",
        no_time="We cannot say when they will read it. If it cannot wait, please ring.",
        about="Our website: {}",
        demonstration="Demonstration: an invented city.",
    )
}

_LOCAL = ("local", "police")
"""Rows of the route register that are the area's own lines (core/partnership/routes.py)."""


def answer_language(letter: Letter, language: str) -> str:
    """The language to answer in: that of the adult's letter, if its answer was reviewed, and otherwise English."""
    return language if language in letter.texts and language in REVIEWED else "en"


def local_lines(letter: Letter, routes: Sequence[Route]) -> list[Route]:
    """From the routes that are valid today: the area's own lines whose words do not name the topic, in printed
    order."""
    found = [route for route in routes if route.number and "((" not in route.number]
    own = [route for route in found if route.id in _LOCAL] or [one for one in found if one.id != "emergency"][:1]
    return [route for route in own if not _names_topic(letter, f"{route.label} {route.hours}")]


def answer_text(letter: Letter, language: str, *, owner: str, lines: Sequence[Route]) -> tuple[str, str]:
    """Subject and text of the answer in one of the reviewed languages."""
    text = REVIEWED[language]
    paragraphs = [text.danger]
    if lines:
        printed = [
            text.line.format(label=_capital(route.label), number=route.number, hours=route.hours)
            for route in lines
        ]
        paragraphs.append("\n".join([text.lines, *printed]))
    paragraphs += [
        "\n".join([text.automatic, text.owner.format(owner), text.no_time]),
        "\n".join([letter.partnership, text.about.format(letter.site)]),
    ]
    if letter.demonstration:
        paragraphs.append(text.demonstration)
    return text.subject, "\n\n".join(paragraphs) + "\n"


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _names_topic(letter: Letter, words: str) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", words, re.IGNORECASE) for word in letter.topic_words)
