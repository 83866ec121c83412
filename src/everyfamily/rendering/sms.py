"""Text messages, counted as GOV.UK Notify counts them.

A message in the GSM 7-bit alphabet holds 160 characters, or 153 in each fragment of a longer one; `^{}\\[~]|€` count
twice. Any other character, also Welsh â, ê, î, ô, û, ŵ, ŷ, makes it 70, or 67 in each fragment. First, typographic
quotation marks and dashes are replaced by plain ones, as Notify does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.letters import Letter
from everyfamily.core.text.gaps import PersonalGaps
from everyfamily.core.text.gsm_characters import EXTENDED, GSM, PLAIN
from everyfamily.core.text.passages import Passage
from everyfamily.core.text.placeholders import fill
from everyfamily.rendering.labels import labels_for
from everyfamily.rendering.short_view import message_in, school_in

_PLAIN = str.maketrans(PLAIN)


class TextMessageMissing(EveryfamilyError):
    """The letter has no text message in one fragment."""

    code: ClassVar[str] = "EF165"


@dataclass(frozen=True, slots=True)
class Sms:
    """A text message. `outside_gsm` are the characters, each once, that make its fragments shorter."""

    text: str
    sender_name: str
    characters: int
    """As counted: a character in the second table counts twice."""
    fragments: int
    outside_gsm: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Characters as counted, fragments, and characters outside the GSM alphabet."""

    characters: int
    fragments: int
    outside_gsm: tuple[str, ...]


def plain(text: str) -> str:
    """The text with plain characters for typographic ones, so that they do not shorten the fragments."""
    return text.translate(_PLAIN)


def count(text: str) -> Count:
    """Count a text that is already plain. An empty text has no fragment."""
    outside = tuple(dict.fromkeys(letter for letter in text if letter not in GSM and letter not in EXTENDED))
    if outside:
        # Notify counts UTF-16 units here, so a character beyond the basic plane counts as two.
        characters, single, many = len(text.encode("utf-16-be")) // 2, 70, 67
    else:
        characters, single, many = len(text) + sum(letter in EXTENDED for letter in text), 160, 153
    fragments = min(characters, 1) if characters <= single else -(-characters // many)
    return Count(characters, fragments, outside)


def render_sms(letter: Letter, language: str, gaps: PersonalGaps, *, short: bool = False) -> Sms:
    """Return the text message, or with `short` the one in one fragment.

    A language that has only the small set has one text message, which is its `short` one too. Raises
    TextMessageMissing.
    """
    passage = _passage(letter, language, short=short)
    if passage is None:
        raise TextMessageMissing("The pack has no text message in one fragment.", 'Add "One fragment:" to it.')
    labels = labels_for(language)
    school = gaps.school or (labels.school if language in letter.texts else school_in(letter, language))
    words = plain(
        fill(passage.text, {"school": school, "school number": gaps.school_number or labels.own_number})
    )
    words = words[:1].upper() + words[1:]
    counted = count(words)
    return Sms(words, letter.sender_name, counted.characters, counted.fragments, counted.outside_gsm)


def _passage(letter: Letter, language: str, *, short: bool) -> Passage | None:
    text = letter.texts.get(language)
    if text is None:
        return message_in(letter, language)
    return text.sms_short if short else text.sms
