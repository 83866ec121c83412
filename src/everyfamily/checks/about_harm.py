"""Whether a document reads as a letter about harm to children, so that a letter about a trip is left in peace."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from everyfamily.checks.pieces import Piece

FIRST_PIECES = 6
"""How many pieces from the top may name the subject: a letterhead, a date and a greeting come before it."""
ENOUGH = 2
"""How many different words of the second list make a document one about harm."""


def reads_as_about_harm(pieces: Sequence[Piece]) -> bool:
    """Whether a title, a heading or the first lines name a harm, or the text speaks of harm in two different ways.

    A document in another language than English is taken as one: unknown means that every rule runs.
    """
    if not any(piece.is_english for piece in pieces):
        return bool(pieces)
    title, text = _patterns()
    top = [p for n, p in enumerate(pieces) if n < FIRST_PIECES or p.kind in ("title", "heading")]
    if any(pattern.search(piece.folded.text) for piece in top for pattern in title):
        return True
    met = sum(any(pattern.search(piece.folded.text) for piece in pieces) for pattern in text)
    return met >= ENOUGH


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], ...], tuple[re.Pattern[str], ...]]:
    lists = tomllib.loads(files("everyfamily.checks").joinpath("about_harm.toml").read_text(encoding="utf-8"))
    return _compiled(lists["title"]), _compiled(lists["text"])


def _compiled(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
