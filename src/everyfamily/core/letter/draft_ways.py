"""The ways in which an author can send themselves a letter that is being written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from everyfamily.core.letter.letters import Letter

SPAN = timedelta(hours=1)
MOST_IN_A_SPAN = 10
"""How often one account may ask in that time. Each time is one email, or one more for each language."""


class Way(StrEnum):
    """One way, in the order in which it is offered."""

    EMAIL = "email"
    PRINT = "print"
    LARGE = "large"
    TEXT = "text"
    NEWSLETTER = "newsletter"
    BRIEFING = "briefing"
    PRESS = "press"


WAY_WORDS: Mapping[Way, tuple[str, str]] = {
    Way.EMAIL: ("The email", "As a family gets it, in an email of its own."),
    Way.PRINT: ("The printed letter", "As a PDF."),
    Way.LARGE: ("The letter in large print", "As a PDF."),
    Way.TEXT: ("The text message", "Its words, and how many texts it is."),
    Way.NEWSLETTER: ("The newsletter item", "Its words."),
    Way.BRIEFING: ("The staff briefing", "As a PDF."),
    Way.PRESS: ("The press lines", "As a PDF."),
}
"""What each is called, and how it comes."""
_OF_SMALL_SETS = frozenset({Way.PRINT, Way.TEXT})
"""The ways of a language that has only the most important lines."""


def ways_of(letter: Letter, language: str = "en") -> tuple[Way, ...]:
    """The ways that a letter has in a language."""
    text = letter.texts.get(language)
    if text is None:
        return tuple(way for way in Way if way in _OF_SMALL_SETS) if language in letter.short else ()
    beside = {Way.NEWSLETTER: text.newsletter, Way.BRIEFING: text.briefing, Way.PRESS: text.press}
    return tuple(way for way in Way if beside.get(way, text) is not None)
