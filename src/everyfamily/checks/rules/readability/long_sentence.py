"""A sentence of more than 25 words."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule
from everyfamily.checks.text.prose import words

MOST_WORDS = 25
_HINT = f"Split it in two. {MOST_WORDS} words is the most."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each long sentence of an English piece. A list item is its own sentence."""
    for piece in context.pieces:
        if not piece.is_english:
            continue
        for start, end in piece.sentences:
            if end - start <= 2 * MOST_WORDS:
                continue  # 26 words with their spaces take at least 51 characters
            count = len(words(piece.folded.text[start:end]))
            if count > MOST_WORDS:
                yield Hit(piece, *piece.folded.span(start, end), f"Sentence has {count} words", _HINT)


RULE = Rule("RD001", "long-sentence", Severity.WARNING, "text", check, outside=Severity.ADVICE)
