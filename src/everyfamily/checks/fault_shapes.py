"""What the families of faults look for as shapes of a sentence (see `checks/shapes.py` and `fault_shapes.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from everyfamily.checks.pieces import Piece
from everyfamily.checks.vocabulary import Indexed, indexed
from everyfamily.checks.vocabulary import spans as spans_of


def spans(code: str, piece: Piece) -> Iterator[tuple[int, int]]:
    """Where in the folded text of the piece a shape of the family fits."""
    if (shapes := _by_family().get(code)) is not None:
        yield from spans_of(shapes, piece.folded.text)


def written() -> Mapping[str, Sequence[str]]:
    """The shapes of each family as written."""
    text = files("everyfamily.checks").joinpath("fault_shapes.toml").read_text(encoding="utf-8")
    shapes: Mapping[str, Sequence[str]] = tomllib.loads(text)["shapes"]
    return shapes


@cache
def _by_family() -> Mapping[str, Indexed]:
    return {code: indexed(shapes) for code, shapes in written().items()}
