"""Of which English a translation was made: a digest of the words that a translator reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from everyfamily.core.letters import LetterText, Passage

_DIGITS = 16
"""Enough to tell two editions of a text apart, and short enough to be copied by hand. It proves nothing."""


def english_digest(english: LetterText) -> str:
    """Digest of the English words that families read, with their gaps open.

    Where a passage stands in its file, its sources and its promise are left out: nobody has to translate again
    because of them. So is what only staff read, which is in English everywhere.
    """
    words = [
        [one.id, one.kind, one.text, one.aside, list(one.only), one.condition] for one in _to_translate(english)
    ]
    spelt = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(spelt.encode()).hexdigest()[:_DIGITS]


def _to_translate(english: LetterText) -> Iterator[Passage]:
    yield from english.passages()
    yield from english.outside()
    if english.newsletter is not None:
        yield from english.newsletter.passages()
