"""Formats of a letter that it says are behind its code or at its address: large print, audio, BSL and others.

What a family is told to ask somebody for is not among them: that is a promise of a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, how texts name it, and the file that a letter would have of it."""

    name: str
    named: re.Pattern[str]
    file: str


def _format(name: str, words: str, file: str) -> Format:
    return Format(name, re.compile(rf"\b(?:{words})\b", re.IGNORECASE), file)


LARGE_PRINT = _format("large print", r"large(?:r|-| )? ?print", "letter-large-print.pdf")
FORMATS = (
    LARGE_PRINT,
    _format("audio", "audio|recording|read aloud", "letter.mp3"),
    _format("BSL or a film", "BSL|sign language|films?|videos?", "letter.mp4"),
    _format("Braille", "braille", "letter.brf"),
    _format("easy read", r"easy[- ]read", "letter-easy-read.pdf"),
)
_THERE = re.compile(r"\bscan\b|\bgo to\b|\bonline\b", re.IGNORECASE)
_ASKED_FOR = re.compile(r"\bask\b|\brequest\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?]*(?:[.!?](?!\s)[^.!?]*)*[.!?]*")


def promised_formats(texts: Sequence[str]) -> Iterator[tuple[int, int, int, Format]]:
    """For the texts of one section, in order: which text, the span in it, and the format that is promised there.

    None in a section that leads nowhere, nor in a sentence that says only whom to ask.
    """
    if not any(_THERE.search(text) for text in texts):
        return
    for number, text in enumerate(texts):
        for sentence in _SENTENCE.finditer(text):
            if _ASKED_FOR.search(sentence[0]) and not _THERE.search(sentence[0]):
                continue
            for one in FORMATS:
                if (match := one.named.search(sentence[0])) is not None:
                    yield number, sentence.start() + match.start(), sentence.start() + match.end(), one
