"""A letter whose text is mostly smaller than 12 point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from everyfamily.checks.letter.file_pieces import pieces_by_file, runs_of
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.pieces import Piece

SMALLEST = 12.0
"""Points."""
_ROUNDING = 0.05
_PRINTED = frozenset({"pdf", "docx", "odt"})
_BODY = frozenset({"paragraph", "item"})
_HINT = f"Set the text in {SMALLEST:g} point or more; 14 reaches more people."


def check(context: CheckContext) -> Iterator[Hit]:
    """At most one hit for each file, at the first paragraph of the size that most of the text has."""
    for document, pieces in pieces_by_file(context):
        if document.format in _PRINTED:
            yield from _hits([piece for piece in pieces if piece.kind in _BODY])


def _hits(pieces: Sequence[Piece]) -> Iterator[Hit]:
    letters: Counter[float] = Counter()
    first: dict[float, Piece] = {}
    for piece in pieces:
        for run in runs_of(piece):
            if run.size is not None:
                letters[run.size] += run.end - run.start
                first.setdefault(run.size, piece)
    small = {size: number for size, number in letters.items() if size < SMALLEST - _ROUNDING}
    if small and 2 * sum(small.values()) > sum(len(piece.text) for piece in pieces):
        size = max(small, key=lambda size: small[size])
        yield whole(first[size], f"Most of the text is set in {size:.3g} point", _HINT)


RULE = Rule("AC010", "small-print", Severity.ADVICE, "rendered", check)
