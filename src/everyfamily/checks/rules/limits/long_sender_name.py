"""A name that does not fit in the sender of a text message."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule

MOST_CHARACTERS = 11
_HINT = f"Take a name of at most {MOST_CHARACTERS} letters, and keep it the same every time."


def check(context: CheckContext) -> Iterator[Hit]:
    """A hit if the sender's name is cut by phone networks."""
    for piece in context.part("outside"):
        length = len(piece.text)
        if piece.kind == "sender name" and length > MOST_CHARACTERS:
            yield Hit(piece, 0, length, f"Sender name has {length} characters; {MOST_CHARACTERS} are sent", _HINT)


RULE = Rule(
    code="LM007",
    name="long-sender-name",
    severity=Severity.WARNING,
    scope="letter",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That the name that text messages come from has no more than 11 characters.",
        matters="Networks refuse or cut a longer one. A family that sees half a name, or a different one from "
        "last time, takes the message for a trick.",
        example="Eastmere Partnership",
        instead="Eastmere",
    ),
    evidence=("S47",),
    check=check,
    needs=frozenset({Need.LETTER}),
)
