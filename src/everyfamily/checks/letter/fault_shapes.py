"""What the families of faults look for as shapes of a sentence (`checks/text/shapes.py`, `fault_shapes.toml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.vocabulary import Indexed, indexed
from everyfamily.checks.text.vocabulary import spans as spans_of
from everyfamily.core.files.data_tables import load_table

KEPT = 2000
"""How many texts are kept with the places where shapes fit, for the families that come after the first."""


def spans(code: str, piece: Piece) -> Sequence[tuple[int, int]]:
    """Where in the folded text of the piece a shape of the family fits."""
    return _found(piece.folded.text).get(code, ())


@lru_cache(maxsize=KEPT)
def _found(text: str) -> Mapping[str, Sequence[tuple[int, int]]]:
    return spans_of(_shapes(), text)


@cache
def _shapes() -> Indexed:
    return indexed(load_table(__file__)["shapes"])
