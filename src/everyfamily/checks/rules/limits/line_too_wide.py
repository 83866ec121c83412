"""A line of the partnership's file that is wider than its place on the printed letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.print_widths import Weight, width_in_mm
from everyfamily.core.errors import SourceLocation
from everyfamily.core.text.placeholders import gaps_in

Measure = tuple[float, float, Weight]
"""Width in mm, size in points, weight."""

_WORD = re.compile(r"[^ ]+")
_CARD: dict[str, Measure] = {
    "need": (49.5, 12, "semibold"),
    "number": (38, 16, "bold"),
    "hours": (65.5, 12, "regular"),
}
"""The columns of the card that a family cuts out. Its rows have one line."""
_FIRST_NEED: Measure = (49.5, 12, "bold")
_SENDER: Measure = (56, 10, "regular")
"""The lines at the right of the letterhead. They break at spaces, and a word that is wider runs off the paper."""
_CARD_HINT = "Shorten it in the partnership's file: a row of the card holds one line."
_SENDER_HINT = "Shorten it in the partnership's file: a word is not parted at the paper's edge."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each entry of the card that is wider than its column, and each word wider than the letterhead's
    lines."""
    letter = context.letter
    if letter is None:
        return
    on_card = {f"routes/{route.id}" for route in letter.card_routes}
    first = next(iter(letter.card_routes), None)
    for piece in context.part("register"):
        if piece.passage in on_card and piece.kind in _CARD:
            is_first = first is not None and piece.passage == f"routes/{first.id}"
            measure = _FIRST_NEED if is_first and piece.kind == "need" else _CARD[piece.kind]
            yield from _too_wide(piece, 0, len(piece.text), measure, _CARD_HINT)
        elif piece.passage in ("from", "enquiries"):
            for word in _WORD.finditer(piece.text):
                yield from _too_wide(piece, *word.span(), _SENDER, _SENDER_HINT)
    mailbox = letter.enquiries.mailbox
    piece = Piece("enquiries", "mailbox", mailbox, SourceLocation(letter.partnership_file), part="register")
    yield from _too_wide(piece, 0, len(mailbox), _SENDER, _SENDER_HINT)


def _too_wide(piece: Piece, start: int, end: int, measure: Measure, hint: str) -> Iterator[Hit]:
    room, points, weight = measure
    words = piece.text[start:end]
    if gaps_in(words):
        return  # a school's own number, which has a limit on its own screen
    width = width_in_mm(words, points, weight)
    if width > room:
        yield Hit(piece, start, end, f"“{clip(words)}” is {width:.0f} mm wide; there are {room:.0f}", hint)


RULE = Rule("LM005", "line-too-wide", Severity.WARNING, "letter", check, needs=frozenset({Need.LETTER}))
