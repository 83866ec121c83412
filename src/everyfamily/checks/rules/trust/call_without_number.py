"""“Call us” needs the number next to it, where it can be read without turning a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import numbers_in

_CALL = re.compile(r"\b(?:call|ring|phone|text|contact|email) us\b|\btell us now\b", re.IGNORECASE)
_TELL = re.compile(r"\b(?:call|ring|phone|text|contact|email|tell) us\b", re.IGNORECASE)
_REACHED = re.compile(
    r"@|\(\([^()]{1,40}\)\)|\bnumber (?:that )?you\b|\b(?:below|above|overleaf)\b", re.IGNORECASE
)
_EMERGENCY = ("999", "112")
"""Not where anybody is told to call “us”."""
_NEAR = 4
"""Pieces on either side that a reader sees together with the words."""
_HINT = "Add the number in the same place: Call us on ((number)), ((hours))."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for a letter from outside with no number near the first “call us”. For ours, one for each heading."""
    if context.is_ours:
        yield from _of_ours(context)
        return
    pieces = [piece for piece in context.part("body") if piece.is_english]
    for index, piece in enumerate(pieces):
        match = _CALL.search(piece.folded.text)
        if match is None:
            continue
        if not _is_reached(pieces[max(0, index - _NEAR) : index + _NEAR + 1]):
            span = piece.folded.span(*match.span())
            words = clip(piece.text[slice(*span)])
            yield Hit(piece, *span, f"“{words}” comes without a number near it", _HINT)
        return


def _of_ours(context: CheckContext) -> Iterator[Hit]:
    """A heading of our letter that says “tell us” or “call us” has a number in it, or in its section."""
    sections: dict[tuple[str, str], list[Piece]] = {}
    for piece in context.part("body") if context.letter is not None else ():
        if piece.is_english:
            sections.setdefault((piece.language, piece.section), []).append(piece)
    for pieces in sections.values():
        match = _TELL.search(pieces[0].folded.text) if pieces[0].kind == "heading" else None
        if match and not any(one.digits not in _EMERGENCY for piece in pieces for one in numbers_in(piece)):
            span = pieces[0].folded.span(*match.span())
            words = clip(pieces[0].text[slice(*span)])
            yield Hit(pieces[0], *span, f"“{words}” comes without a number in its section", _HINT)


def _is_reached(near: Sequence[Piece]) -> bool:
    return any(_REACHED.search(piece.folded.text) or next(numbers_in(piece), None) is not None for piece in near)


RULE = Rule("TR188", "call-without-number", Severity.WARNING, "text", check, only_about_harm=True)
