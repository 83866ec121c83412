"""A subject that a phone cuts."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule

MOST_CHARACTERS = 40
_HINT = f"Shorten it to {MOST_CHARACTERS}, or put what matters into the first 33."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language with a subject that is too long. The finding points at what a phone leaves out."""
    for piece in context.part("outside"):
        length = len(piece.text)
        if piece.kind == "subject" and length > MOST_CHARACTERS:
            fact = f"Subject has {length} characters; a phone shows about {MOST_CHARACTERS}"
            yield Hit(piece, MOST_CHARACTERS, length, fact, _HINT)


RULE = Rule("LM006", "long-subject", Severity.ADVICE, "letter", check, needs=frozenset({Need.LETTER}))
