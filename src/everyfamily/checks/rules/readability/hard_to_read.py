"""A text that is harder than most families can take in quickly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nlargest

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole
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


RULE = Rule(
    code="RD003",
    name="hard-to-read",
    severity=Severity.ADVICE,
    scope="text",
    status="stable",
    since="2026.2",
    page=Page(
        checks="About which age can read the text, by two formulas: Flesch-Kincaid and SMOG. It reports a text "
        "with a Flesch-Kincaid grade over 8, which is age 13, and names the five hardest sentences. Each "
        "item of a list counts as a sentence; headings, letterheads, tables, telephone numbers and addresses do "
        "not count. SMOG was made for 30 sentences or more, and is a guess from fewer. English only.",
        matters="Four adults in ten cannot use an ordinary health leaflet. Use the age as a guide, not as a "
        "limit. The two formulas disagree by two years and more on the same text. They reward short words and "
        'sentences, and do not see blame, tone or truth. A word that a letter needs, such as "exploitation", is '
        "fine once it is explained.",
        example="Parents are requested to familiarise themselves with the indicators of exploitation.",
        instead="Please read what you may notice.",
        exceptions="Texts of fewer than 80 words.",
    ),
    evidence=("S45",),
    check=check,
    needs=frozenset({Need.ENGLISH}),
)
