"""A name that does not fit in the sender of a text message."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule

MOST_CHARACTERS = 11
_HINT = f"Take a name of at most {MOST_CHARACTERS} letters, and keep it the same every time."


def check(context: CheckContext) -> Iterator[Hit]:
    """A hit if the sender's name is cut by phone networks."""
    for piece in context.part("outside"):
        length = len(piece.text)
        if piece.kind == "sender name" and length > MOST_CHARACTERS:
            yield Hit(piece, 0, length, f"Sender name has {length} characters; {MOST_CHARACTERS} are sent", _HINT)


RULE = Rule("LM007", "long-sender-name", Severity.WARNING, "letter", check, needs=frozenset({Need.LETTER}))
