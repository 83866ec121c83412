"""A paragraph that nobody reads to its end."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule
from everyfamily.checks.text.prose import words

MOST_SENTENCES = 3
ENOUGH_WORDS = 60
"""Four or more short sentences with fewer words than this are still quick to read."""
MOST_WORDS = 100
_HINT = (
    f"Split it: {MOST_SENTENCES} sentences are the most. Put what belongs to another step in its own paragraph."
)


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each English paragraph that is very long, or that has too many sentences and is also long."""
    for piece in context.pieces:
        text = piece.folded.text
        if piece.kind not in ("paragraph", "item") or not piece.is_english or len(text) < 2 * ENOUGH_WORDS:
            continue
        sentences = sum(text[start:end].count(" ") > 0 for start, end in piece.sentences)
        count = len(words(text))
        if count > MOST_WORDS or (sentences > MOST_SENTENCES and count > ENOUGH_WORDS):
            start, end = piece.sentences[0][0], piece.sentences[-1][1]
            plural = "" if sentences == 1 else "s"
            yield Hit(
                piece,
                *piece.folded.span(start, end),
                f"Paragraph has {sentences} sentence{plural} and {count} words",
                _HINT,
            )


RULE = Rule("RD002", "long-paragraph", Severity.ADVICE, "text", check)
