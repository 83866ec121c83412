"""A text that is harder than most families can take in quickly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nlargest

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.pieces import Part, Piece
from everyfamily.checks.text.reading_grade import (
    SENTENCES_FOR_SMOG,
    Reading,
    Sentence,
    age,
    reading_of,
    sentences_of,
)
from everyfamily.core.errors import ParagraphLocation

HIGHEST_GRADE = 8
FEWEST_WORDS = 80
"""For a shorter text a formula says nothing."""
WORST = 5
_SHORT_SENTENCE = 8
_PARTS: tuple[Part, ...] = ("body", "newsletter", "briefing", "press")


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each text as a whole: the letter, and what is said alongside it."""
    for part in _PARTS:
        pieces = list(context.part(part))
        sentences = list(sentences_of(pieces))
        reading = reading_of(sentences)
        if reading.words >= FEWEST_WORDS and reading.grade > HIGHEST_GRADE:
            yield whole(next(p for p in pieces if p.is_english), _fact(reading), _hint(sentences))


def _fact(reading: Reading) -> str:
    few = "" if reading.sentences >= SENTENCES_FOR_SMOG else f", guessed from {reading.sentences} sentences"
    return f"Reads as for age {age(reading.grade)} (Flesch-Kincaid) or {age(reading.smog)} (SMOG{few})"


def _hint(sentences: Sequence[Sentence]) -> str:
    long_enough = [s for s in sentences if s.words >= _SHORT_SENTENCE] or sentences
    worst = nlargest(WORST, long_enough, key=lambda sentence: sentence.hardness)
    places = dict.fromkeys(_where(s.piece, s.piece.folded.span(s.start, s.end)[0]) for s in worst)
    return f"Start with the hardest sentences: {', '.join(places)}. Shorter words, shorter sentences."


def _where(piece: Piece, offset: int) -> str:
    place = piece.place_of(offset)
    if isinstance(place, ParagraphLocation):
        return f"paragraph {place.line}" if place.page is None else f"page {place.page} paragraph {place.line}"
    return f"line {place.line}"


RULE = Rule("RD003", "hard-to-read", Severity.ADVICE, "text", check, needs=frozenset({Need.ENGLISH}))
