"""An abbreviation that is not explained where it first occurs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule
from everyfamily.checks.text.abbreviations import is_explained, needs_explaining
from everyfamily.checks.text.pieces import Part, Piece

_ABBREVIATION = re.compile(r"(?<![\w/.&@#£'-])([A-Z]{2,6})(?:s|'s)?(?![\w/&@]|[-.]\w|\*)")
_CAPITALS_BESIDE = re.compile(r"[A-Z]{2,40}[,:;!]?(?: &)? $"), re.compile(r"[,:;!]?(?: &)? [A-Z]{2,40}\b")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Rev|Prof|Cllr|Sir|PC|DC|DS)\.? $")
_OTHER_RULE = frozenset(
    {
        "CSE",
        "CCE",
        "CSA",
        "CSAM",
        "HSB",
        "FMSE",
        "MASH",
        "CASS",
        "LADO",
        "MARF",
        "EHAT",
        "EDT",
        "LSCP",
        "MASA",
        "MACPT",
        "NRM",
        "ICB",
        "VRP",
        "OCG",
        "TAC",
        "CIN",
        "DSL",
    }
)
"""Office words that rules HM171 to HM173 themselves name, with what to say instead."""
_PRINTED_TOGETHER: dict[Part, Part] = {"register": "body"}
_SKIPPED_KINDS = frozenset({"header", "footer", "sender name", "address"})


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each abbreviation of each English text, where it first occurs."""
    met: set[tuple[Part, str]] = set()
    for piece in context.pieces:
        if not piece.is_english or piece.kind in _SKIPPED_KINDS:
            continue
        text = piece.folded.text
        for match in _ABBREVIATION.finditer(text):
            word = match.group(1)
            key = (_PRINTED_TOGETHER.get(piece.part, piece.part), word)
            if key in met or not needs_explaining(word) or _stands_in_capitals(piece, *match.span(1)):
                continue
            met.add(key)
            if not is_explained(text, *match.span()) and word not in _OTHER_RULE:
                yield Hit(piece, *piece.folded.span(*match.span(1)), f"“{word}” is not explained", _hint(word))


def _stands_in_capitals(piece: Piece, start: int, end: int) -> bool:
    """Whether its neighbours are in capitals too, as in a letterhead or a shouted line, or it is part of a name."""
    text = piece.folded.text
    before, after = text[max(0, start - 44) : start], text[end : end + 44]
    left, right = _CAPITALS_BESIDE
    beside = left.search(before) or right.match(after) or _TITLE.search(before)
    return beside is not None or (len(text) <= 12 and text.isupper())


@cache
def _hint(word: str) -> str:
    return f"Write the words in full, or explain them once: full name ({word})."


RULE = Rule("RD004", "unexplained-abbreviation", Severity.ADVICE, "text", check)
