"""Several words in a row in capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.abbreviations import known
from everyfamily.checks.text.pieces import Piece

_WORD = r"[A-Z]{2,30}(?:'[A-Z]{1,2})?"
_RUN = re.compile(
    rf"(?<![\w./@-]){_WORD}(?:[,:;!]{{0,2}}[ \n](?:[-–—] )?(?:&|\d{{1,4}}|A|I|{_WORD})(?!\w)){{1,60}}"
)
_ONE = re.compile(_WORD)
_GREETING = re.compile(r"\s?Dear\b")
MOST_WORDS = 2
_LETTERHEAD_PIECES = 6
_LETTERHEAD_WORDS = 5
_SPOKEN = 4
"""A row of shorter words may be abbreviations: "NSPCC, CEOP"."""
_HINT = "Write it in small letters. To make it stand out, use bold or a heading."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each run of three words or more in capitals. The name at the head of a letter is allowed."""
    in_letterhead = not context.is_ours
    for number, piece in enumerate(context.pieces):
        in_letterhead = in_letterhead and number < _LETTERHEAD_PIECES and not _GREETING.match(piece.folded.text)
        for match in _RUN.finditer(piece.folded.text):
            words = _ONE.findall(match.group())
            if len(words) <= MOST_WORDS or all(word in known() or len(word) < _SPOKEN for word in words):
                continue
            if in_letterhead and len(words) <= _LETTERHEAD_WORDS and _is_own_line(piece, match):
                continue
            start, end = piece.folded.span(*match.span())
            yield Hit(piece, start, end, f"“{clip(piece.text[start:end])}” is in capitals", _HINT)


def _is_own_line(piece: Piece, match: re.Match[str]) -> bool:
    text = piece.folded.text
    before, after = text[: match.start()].rpartition("\n")[2], text[match.end() :].partition("\n")[0]
    return not before.strip() and not after.strip()


RULE = Rule("RD010", "words-in-capitals", Severity.ADVICE, "text", check)
