"""From which version of the English a translation was made: a digest of the words that a translator reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from everyfamily.core.text.passages import LetterText, Passage

_DIGITS = 16
"""Enough to distinguish two editions of a text, and short enough to copy by hand. It proves nothing."""


def english_digest(english: LetterText, primary: LetterText | None = None) -> str:
    """Digest of the English words that families read, with their gaps open: of both versions, if the letter has two.

    The position of a passage in its file, its sources and its promise are left out, so that nobody has to translate
    again because of them. So is what only staff read, which is in English everywhere.
    """
    words = [
        [one.id, one.kind, one.text, one.aside, list(one.only), one.condition]
        for text in (english, primary)
        if text is not None
        for one in _to_translate(text)
    ]
    return digest_of_words(words)


def digest_of_words(words: object) -> str:
    """Digest of words, as lists and strings: 16 hex digits, which a translator and a checker copy by hand."""
    spelt = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelt.encode()).hexdigest()[:_DIGITS]


def is_second_person(checker: str | None, translator: str) -> bool:
    """True for a checker who is named, and is not just the translator written with other spaces or capitals."""
    return checker is not None and _plain(checker) not in ("", _plain(translator))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _to_translate(english: LetterText) -> Iterator[Passage]:
    yield from english.passages()
    yield from english.outside()
    if english.newsletter is not None:
        yield from english.newsletter.passages()
