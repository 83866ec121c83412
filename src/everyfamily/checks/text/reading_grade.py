"""How hard a text is to read, by two formulas that disagree: Flesch-Kincaid and SMOG.

Both reward short words and short sentences, and notice neither blame nor tone nor truth. Each item of a list is a
sentence. Headings, letterheads and table cells are not. Telephone numbers and addresses are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

from everyfamily.checks.text import prose, syllables
from everyfamily.checks.text.pieces import Piece

YEARS_BEFORE_GRADE = 5
"""A child in grade n of an American school is about n + 5 years old."""
SENTENCES_FOR_SMOG = 30
"""SMOG was made for 30 sentences or more. With fewer it is a guess."""

_LONG_WORD = 3
_KINDS = frozenset({"paragraph", "item"})
_ENDS = ".!?:;…\"')"
_LINE_WITHOUT_END = 12
"""A paragraph with fewer words that ends without punctuation is a greeting, a name or a line of a letterhead."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, where it is in the folded text of its piece, and what the formulas count in it."""

    piece: Piece
    start: int
    end: int
    words: int
    syllables: int
    long_words: int
    """Words of three syllables or more."""

    @property
    def hardness(self) -> float:
        """The Flesch-Kincaid grade of only this sentence."""
        return _flesch_kincaid(1, self.words, self.syllables)


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts of a whole text."""

    sentences: int
    words: int
    syllables: int
    long_words: int

    @property
    def grade(self) -> float:
        """Flesch-Kincaid grade, or 0 for a text without a sentence."""
        return _flesch_kincaid(self.sentences, self.words, self.syllables) if self.words else 0.0

    @property
    def smog(self) -> float:
        """SMOG grade, or 0 for a text without a sentence."""
        return 1.0430 * sqrt(self.long_words * 30 / self.sentences) + 3.1291 if self.sentences else 0.0


def age(grade: float) -> int:
    """Roughly how old a child in England is who reads at this grade."""
    return round(grade + YEARS_BEFORE_GRADE)


def reading_of(sentences: Iterable[Sentence]) -> Reading:
    """The sum over sentences."""
    all_of_them = list(sentences)
    return Reading(
        len(all_of_them),
        sum(s.words for s in all_of_them),
        sum(s.syllables for s in all_of_them),
        sum(s.long_words for s in all_of_them),
    )


def sentences_of(pieces: Iterable[Piece]) -> Iterator[Sentence]:
    """The English sentences of running text, in reading order."""
    for piece in pieces:
        if piece.kind in _KINDS and piece.is_english:
            text = piece.folded.text
            for start, end in piece.sentences:
                words = prose.words(text[start:end])
                if words and (piece.kind == "item" or text[end - 1] in _ENDS or len(words) >= _LINE_WITHOUT_END):
                    beats = [syllables.count(word) for word in words]
                    long_words = sum(n >= _LONG_WORD for n in beats)
                    yield Sentence(piece, start, end, len(words), sum(beats), long_words)


def _flesch_kincaid(sentences: int, words: int, beats: int) -> float:
    return 0.39 * words / sentences + 11.8 * beats / words - 15.59
