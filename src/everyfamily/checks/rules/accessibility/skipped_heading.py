"""A heading that leaves out a level."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole

_HINT = "Use the next level down; change how it looks by its style, not by its level."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each heading more than one level below the heading before it."""
    for _, pieces in pieces_by_file(context):
        before = 0
        for piece in pieces:
            level = piece.block.level if piece.block is not None and piece.kind == "heading" else 0
            if level and before and level > before + 1:
                words = clip(piece.text)
                yield whole(piece, f"“{words}” is of level {level}, under a heading of level {before}", _HINT)
            before = level or before


RULE = Rule("AC003", "skipped-heading", Severity.WARNING, "rendered", check)
