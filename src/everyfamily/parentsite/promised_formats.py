"""Formats that a letter says can be found on the site: somebody who scans the code for audio must not find that there
is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.core.letter.letters import Letter
from everyfamily.parentsite.sealed import SealedLetter

LARGE_PRINT = "large print"
_FORMATS = {
    LARGE_PRINT: r"large[- ]print",
    "audio": r"audio|recording",
    "a film": r"films?|videos?",
    "BSL": r"BSL|sign language",
    "Braille": r"braille",
    "easy read": r"easy[- ]read",
}
_NAMED = {name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for name, words in _FORMATS.items()}
_SCAN = re.compile(r"\bscan\b", re.IGNORECASE)
_ASK = re.compile(r"\bask\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def formats_not_there(one: SealedLetter) -> list[str]:
    """The formats that the letter sends a reader to the site for and that the site does not have, in the table's order.

    Its pages are text in each language. Only large print can be there besides, as the letter's own file.
    """
    held = {LARGE_PRINT} if any(name.endswith("/letter-large-print.pdf") for name in one.files) else set()
    sent = set(_formats_sent_for(one.letter))
    return [name for name in _FORMATS if name in sent - held]


def _formats_sent_for(letter: Letter) -> Iterator[str]:
    """The formats of each section that leads to the letter's page, but not those that one asks somebody for."""
    for section in letter.english.sections:
        sentences = [one for passage in section.passages for one in _SENTENCE.split(passage.text)]
        leading = [one for one in sentences if letter.page in one or _SCAN.search(one)]
        if not leading:
            continue
        for sentence in sentences:
            if sentence in leading or not _ASK.search(sentence):
                yield from (name for name, named in _NAMED.items() if named.search(sentence))
