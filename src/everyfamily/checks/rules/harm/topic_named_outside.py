"""Nothing that can be read without opening the letter may name its topic."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
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


RULE = Rule("HM003", "topic-named-outside", Severity.ERROR, "letter", check, needs=frozenset({Need.LETTER}))
