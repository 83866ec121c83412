"""What a row says about whether the child is still at the school: a day of leaving, "on roll: no", a death.

There is no clock here, so a day of leaving may or may not have come. It closes only its own row, and the child stays on
the roll until a person decides. A plain "on roll: yes" next to it is believed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum

from everyfamily.core.rolls.words import words

COLUMNS = ("LEAVING", "DECEASED", "ON_ROLL")
_NO_DAY = re.compile(r"0000|9999")
"""In a date that stands for no date."""


class Gone(IntEnum):
    """What a row says. If it says several things, the last counts."""

    NO = 0
    LEAVING = 1
    NOT_ON_ROLL = 2
    DIED = 3


_DAY = re.compile(r"[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,4}.*")


def link_has_ended(heading: str, text: str) -> bool:
    """Whether a cell next to an adult says that the link was deleted or has ended: "Link status: Deleted".

    `heading` is in words (heading_parts.py). For "is active" a no says so. For the others, a yes, a day or such a word
    does.
    """
    if not text:
        return False
    answer = words.yes_no()[text]
    if heading.endswith("active"):
        return answer == "no" or words.on_roll()[text] == "left"
    return (
        answer == "yes"
        or words.on_roll()[text.split(maxsplit=1)[0]] in ("left", "died")
        or _DAY.fullmatch(text) is not None
    )


class StillHere:
    """Reads the three columns."""

    def __init__(self) -> None:
        self._yes_no = words.yes_no()
        self._on_roll = words.on_roll()

    def of(self, cells: Mapping[str, str]) -> Gone:
        """What one row says."""
        leaving, deceased, on_roll = (self.says(column, cells.get(column, "")) for column in COLUMNS)
        if leaving is Gone.LEAVING and self._word(cells.get("ON_ROLL", "")) in ("yes", "here"):
            leaving = Gone.NO
        return max(leaving, deceased, on_roll)

    def says(self, column: str, text: str) -> Gone:
        """What one cell says. Under LEAVING and DECEASED, anything that is not clearly no is a day, a reason or a
        yes."""
        word = self._word(text)
        if word == "died":
            return Gone.DIED
        if column == "ON_ROLL":
            return Gone.NOT_ON_ROLL if word in ("no", "left") else Gone.NO
        if not text or word in ("no", "here", "nothing") or _NO_DAY.search(text):
            return Gone.NO
        return Gone.DIED if column == "DECEASED" else Gone.LEAVING

    def _word(self, text: str) -> str | None:
        known = self._on_roll[text] or self._yes_no[text]
        # "Left 21/07/2026", "Current (single registration)".
        return known or self._on_roll[text.split(maxsplit=1)[0] if text else ""]
