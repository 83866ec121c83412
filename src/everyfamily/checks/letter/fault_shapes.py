"""What the families of faults look for as shapes of a sentence (`checks/text/shapes.py`, `fault_shapes.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.vocabulary import Indexed, indexed
from everyfamily.checks.text.vocabulary import spans as spans_of

KEPT = 2000
"""How many texts are kept with the places where shapes fit, for the families that come after the first."""


def spans(code: str, piece: Piece) -> Sequence[tuple[int, int]]:
    """Where in the folded text of the piece a shape of the family fits."""
    return _found(piece.folded.text).get(code, ())


def written() -> Mapping[str, Sequence[str]]:
    """The shapes of each family as written in the file."""
    text = files("everyfamily.checks.letter").joinpath("fault_shapes.toml").read_text(encoding="utf-8")
    shapes: Mapping[str, Sequence[str]] = tomllib.loads(text)["shapes"]
    return shapes


@lru_cache(maxsize=KEPT)
def _found(text: str) -> Mapping[str, Sequence[tuple[int, int]]]:
    return spans_of(_shapes(), text)


@cache
def _shapes() -> Indexed:
    return indexed(written())
