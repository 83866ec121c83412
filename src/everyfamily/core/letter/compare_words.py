"""Compare the words of a copy with sealed words whose gaps are open.

A gap may hold anything up to a limit. Every other word must be there as it was sealed, in order, with none left out and
none added. What is in a gap is not proven, and the verdict says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from everyfamily.core.text.gaps import ADDRESS_GAP, SCHOOL_GAP, SCHOOL_NUMBER_GAP

GAP_LIMITS = {ADDRESS_GAP: 48, SCHOOL_GAP: 14, SCHOOL_NUMBER_GAP: 10}
"""The most words that a gap may hold: seven lines of an address, a school's name, or a number or its replacement."""

_GAP = re.compile("(" + "|".join(re.escape(gap) for gap in GAP_LIMITS) + ")")


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where a copy differs from the sealed words. `word` counts from 1, without gaps."""

    word: int
    sealed: str
    found: str


def difference(
    sealed: str,
    found: Sequence[str],
    *,
    copies: int = 1,
    may_fill: Callable[[str], bool] = lambda word: True,
) -> Difference | None:
    """The first difference between a sealed text and the words of a copy, or None.

    `sealed` has its gaps open as the tokens of gaps.py. `copies` says how often it must occur, as in a bundle.
    `may_fill` says whether a word may be in a gap.
    """
    runs, length, tail = _runs(sealed)
    position = 0
    for copy in range(copies):
        for start, slack, words in runs:
            if copy and start == 0:
                slack += tail  # the end of the copy before this one
            at = _find(found, words, position, slack)
            if at is None:
                return _explain(words, found, position, copy * length + start, slack)
            if strange := [word for word in found[position:at] if not may_fill(word)]:
                return Difference(copy * length + start, "", strange[0])
            position = at + len(words)
        if len(found) - position > tail and copy == copies - 1:
            return Difference(copies * length + 1, "", " ".join(found[position : position + 6]))
    strange = [word for word in found[position:] if not may_fill(word)]
    return Difference(copies * length, "", strange[0]) if strange else None


def _runs(sealed: str) -> tuple[list[tuple[int, int, Sequence[str]]], int, int]:
    """Runs of words between gaps (where each starts, how many words the gap before it may hold, and its words), the
    number of words, and how many a gap at the end may hold."""
    runs: list[tuple[int, int, Sequence[str]]] = []
    count, slack = 0, 0
    for piece in _GAP.split(sealed):
        if piece in GAP_LIMITS:
            slack += GAP_LIMITS[piece]
            continue
        words = piece.split()
        if slack and words and not piece[0].isspace() and not any(c.isalnum() for c in words[0]):
            # A full stop that touches a gap is attached to the value in a copy, and separate here.
            words = words[1:]
        if words:
            runs.append((count, slack, words))
            count, slack = count + len(words), 0
    return runs, count, slack


def _find(found: Sequence[str], words: Sequence[str], position: int, slack: int) -> int | None:
    for at in range(position, position + slack + 1):
        if list(found[at : at + len(words)]) == list(words):
            return at
    return None


def _explain(words: Sequence[str], found: Sequence[str], position: int, start: int, slack: int) -> Difference:
    """Point at the first word that differs, choosing the position in the gap where most words match."""
    best, agreed = position, -1
    for at in range(position, position + slack + 1):
        count = 0
        while count < len(words) and at + count < len(found) and found[at + count] == words[count]:
            count += 1
        if count > agreed:
            best, agreed = at, count
    sealed_words = " ".join(words[agreed : agreed + 6])
    return Difference(start + agreed + 1, sealed_words, " ".join(found[best + agreed : best + agreed + 6]))
