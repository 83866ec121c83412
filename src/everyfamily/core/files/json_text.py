"""The one reader of JSON that somebody else wrote.

If a key occurs twice, Python uses the last and other programs the first, so one program would show something different
from what another has proven. So such a text is refused, and so is anything that Python reads although it is not JSON
(NaN, Infinity).
"""

from __future__ import annotations

import json
from typing import Any


class KeyStandsTwice(ValueError):
    """An object in the text has two values under one key. It is a ValueError, like every text that is not JSON, and
    quotes nothing."""


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text. Raises KeyStandsTwice, ValueError or, if there are too many brackets,
    RecursionError."""
    return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)


def require_whole_signs(value: Any) -> None:
    """Raise ValueError if a text in a value of JSON has half of a sign, such as "\\ud800": it could not be signed."""
    json.dumps(value, ensure_ascii=False).encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise KeyStandsTwice("a key is there twice")
    return found


def _no_constant(_: str) -> Any:
    raise ValueError("not a number of JSON")
