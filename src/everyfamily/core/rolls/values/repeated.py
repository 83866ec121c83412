"""Several cells in one row that say the same thing about an adult or child. The one that closes furthest counts."""

from __future__ import annotations

from collections.abc import Sequence

from everyfamily.core.rolls.model.roll_rows import RESTRICTIONS
from everyfamily.core.rolls.values.still_here import StillHere
from everyfamily.core.rolls.words.answers import NOTHING_SAID
from everyfamily.core.rolls.words.words import letters, orders, restrictions, yes_no

_LETTERS = letters()
_RESTRICTIONS = restrictions()
_YES_NO = yes_no()
_ORDERS = orders()
_STILL_HERE = StillHere()


def furthest(what: str, texts: Sequence[str]) -> str:
    """From cells under one of `REPEATABLE` or a column that may keep an adult away, the first that closes furthest, or
    blank."""
    said = [text for text in texts if text]
    if len(said) < 2:
        return said[0] if said else ""
    return max(said, key=lambda text: _how_far(what, text))


def _how_far(what: str, text: str) -> int:
    if what == "CORRESPONDENCE":
        return {"yes": 0, "no": 2}.get(_LETTERS[text] or "", 1)
    if what == "RESTRICTION":
        word = _RESTRICTIONS[text]
        # What cannot be read closes as "unknown" does, and further.
        return 2 * RESTRICTIONS.index(word) if word else 3
    if what == "OBJECTS":
        return {"no": 0, "yes": 2}.get(_YES_NO[text] or "", 1)
    if what == "COURT_ORDER":
        return {"no": 0, NOTHING_SAID: 1}.get(_ORDERS[text] or "", 2)
    if what == "NOT_TO_WRITE":
        return _ORDERS[text] != "no"
    return _STILL_HERE.says(what, text)
