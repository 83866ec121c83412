"""Nothing that can be read without opening the letter may name its topic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.prose import fold

_HINT = "Write: A letter about keeping children safe. Name the topic inside only."
_OUTSIDE = {
    "subject": "The subject",
    "preheader": "The preview line",
    "text message": "The text message",
    "sender name": "The sender's name",
}


def check(context: CheckContext) -> Iterator[Hit]:
    """A hit for each topic word in a subject, preview line, text message, newsletter passage or sender's name."""
    words = [] if context.letter is None else [word for word in context.letter.topic_words if word.strip()]
    if not words:
        for title in context.titles().values():
            yield whole(title, "The pack names no topic words, so the outside is unchecked", _NO_WORDS_HINT)
        return
    pattern = re.compile("|".join(_pattern(word) for word in words), re.IGNORECASE)
    for piece in (*context.part("outside"), *context.part("newsletter")):
        yield from _in_piece(piece, pattern)


_NO_WORDS_HINT = "List the words that name the topic in the pack's file."


def _pattern(word: str) -> str:
    """The word with any hyphen or space between its parts, as in an address, and with a short ending."""
    parts = re.split(r"[\s_-]+", fold(word).text.strip())
    return r"(?<![^\W_])" + r"[\s_/+-]{0,2}".join(re.escape(part) for part in parts) + r"\w{0,3}(?![^\W_])"


def _in_piece(piece: Piece, pattern: re.Pattern[str]) -> Iterator[Hit]:
    where = "The newsletter" if piece.part == "newsletter" else _OUTSIDE.get(piece.kind, "The outside")
    for match in pattern.finditer(piece.folded.text):
        start, end = piece.folded.span(*match.span())
        yield Hit(piece, start, end, f"{where} names the topic: “{clip(piece.text[start:end])}”", _HINT)


RULE = Rule(
    code="HM003",
    name="topic-named-outside",
    severity=Severity.ERROR,
    scope="letter",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That no subject line, preview line, text message (its web address too), newsletter passage or "
        "sender's name holds a word that names the topic. The pack lists those words.",
        matters="Others see a locked phone and a shared inbox: a child, a partner, sometimes the very "
        "person who does harm. A subject that names abuse can put a family in danger, and can "
        "make a neutral letter look like an accusation.",
        example="Subject: Child sexual exploitation: what parents need to know",
        instead="Subject: A letter about keeping children safe",
    ),
    evidence=("S60", "S47"),
    check=check,
    needs=frozenset({Need.LETTER}),
)
