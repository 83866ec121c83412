"""A list that is too long to take in."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.pieces import Piece

MOST_ITEMS = 7
_HINT = f"Keep the {MOST_ITEMS} that matter most, or part the list under two headings."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each list with too many items, at the first that is too many. Items under items do not count."""
    for items in _lists(context.pieces):
        if len(items) > MOST_ITEMS:
            yield whole(items[MOST_ITEMS], f"List has {len(items)} items", _HINT)


def _lists(pieces: tuple[Piece, ...]) -> Iterator[list[Piece]]:
    """Runs of items. An aside belongs to its item, and anything else ends the list."""
    items: list[Piece] = []
    for piece in pieces:
        if piece.kind == "aside":
            continue
        if piece.kind != "item" or (items and _list_of(piece) != _list_of(items[0])):
            yield items
            items = []
        if piece.kind == "item" and (not items or _level(piece) <= _level(items[0])):
            items.append(piece)
    yield items


def _level(piece: Piece) -> int:
    return piece.block.level if piece.block is not None else 1


def _list_of(piece: Piece) -> tuple[str, str]:
    section = piece.section if piece.block is None else ""
    return piece.language, section


RULE = Rule("RD008", "long-list", Severity.ADVICE, "text", check)
