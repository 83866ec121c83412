"""More than one first-level heading."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.file_pieces import pieces_by_file
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.pieces import Piece

_HINT = "Keep level 1 for the title of the letter, and make the parts level 2."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit for each file: at its second heading of level 1."""
    for _, pieces in pieces_by_file(context):
        firsts = [piece for piece in pieces if _is_first_level(piece)]
        if len(firsts) > 1:
            yield whole(firsts[1], f"{len(firsts)} headings are of level 1", _HINT)


def _is_first_level(piece: Piece) -> bool:
    return piece.block is not None and piece.kind == "heading" and piece.block.level == 1


RULE = Rule("AC014", "several-titles", Severity.ADVICE, "rendered", check)
