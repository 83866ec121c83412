"""Office words that have a plain equivalent: a list looked up word by word, in letters of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.core.files.data_tables import load_table

_WORD = re.compile(r"[a-z][a-z'-]*")
_KEY = 3
"""How many letters are used to look up an entry."""
_NAME_AHEAD = re.compile(r"\s?[A-Z]")


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each office word. Words in a name with capitals are ignored."""
    for piece in context.pieces:
        if piece.is_english and piece.part not in ("briefing", "register"):
            yield from _in_piece(piece)


def _in_piece(piece: Piece) -> Iterator[Hit]:
    text, small = piece.folded.text, piece.small
    entries = _entries()
    done = 0
    for word in _WORD.finditer(small):
        if word.start() < done:
            continue
        for pattern, plain in entries.get(word.group()[:_KEY], ()):
            match = pattern.match(small, word.start())
            if match is None or _is_in_a_name(text, *match.span()):
                continue
            done = match.end()
            span = piece.folded.span(*match.span())
            words = clip(piece.text[slice(*span)], 40)
            yield Hit(piece, *span, f"“{words}” is an office word", f"Instead: {plain}.")
            break


def _is_in_a_name(text: str, start: int, end: int) -> bool:
    """Whether the words, and a word next to them, have a capital: "Local Authority Designated Officer"."""
    if not text[start].isupper():
        return False
    return bool(_NAME_AHEAD.match(text[end : end + 2])) or text[max(0, start - 2) : start].strip()[-1:].islower()


@cache
def _entries() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    """By the first letters of an entry: what it looks like, longest first, and the plain words."""
    plain: dict[str, str] = load_table(__file__)["plain"]
    entries: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for words in sorted(plain, key=len, reverse=True):
        small = words.lower()
        pattern = re.escape(small).replace(r"\*", r"[a-z]{0,10}").replace(r"\ ", r"\s") + r"(?![\w-])"
        entries.setdefault(small.split()[0].rstrip("*")[:_KEY], []).append((re.compile(pattern), plain[words]))
    return entries


RULE = Rule("HM207", "hard-words", Severity.ADVICE, "text", check, gives_way=True)
