"""The one reader of JSON that somebody else wrote.

Where a key stands twice, the last counts for Python and the first for others: what one program proves, another would
show differently. So such a text is refused, and so is what is no JSON though Python reads it (NaN, Infinity).
"""

from __future__ import annotations

import json
from typing import Any


class KeyStandsTwice(ValueError):
    """An object of the text has two values under one key. A ValueError, as all that is no JSON; it quotes nothing."""


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text. Raises KeyStandsTwice, ValueError or, for too many brackets, RecursionError."""
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise KeyStandsTwice("a key is there twice")
    return found


def _no_constant(_: str) -> Any:
    raise ValueError("not a number of JSON")
