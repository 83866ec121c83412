"""The id of a child whose file has none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from everyfamily.core.rolls.model.sheet import MADE_ID

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_DAY_AND_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[ T].*")


def made_id(told_by: Iterable[str]) -> str:
    """A digest of the cells that tell one child from another (name and birthday), which are then forgotten.

    The same child has the same id however the office writes capitals, blanks and days. "" if there are no cells, or
    one of them is blank.
    """
    parts = [_as_day(" ".join(cell.casefold().split())) for cell in told_by]
    if not parts or not all(parts):
        return ""
    return MADE_ID + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def _as_day(text: str) -> str:
    if day := _DAY.fullmatch(text):
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    if day := _DAY_AND_TIME.fullmatch(text):
        return day[1]
    return text
