"""Rows that head a group within a sheet: "Class: 4B", with nothing else in the row. None of them is a child."""

from __future__ import annotations

import re
from collections.abc import Sequence

from everyfamily.core.rolls.report_lines import is_report_line

_GROUP = re.compile(
    r"(?:class|form|tutor group|reg(?:istration)?(?: group)?)\b[\s:\-]*(?P<name>\S.{0,20})", re.IGNORECASE
)
_LEAST_COLUMNS = 4


class Banners:
    """Tells them from a child of whom only the id is known, by the shape of the file's ids."""

    def __init__(self, ids: Sequence[int], rows: Sequence[Sequence[str]]) -> None:
        self._shapes = {
            _shape(row[index])
            for row in rows
            for index in ids
            if index < len(row) and row[index].strip() and sum(map(bool, row)) > 1 and not is_report_line(row, ())
        }
        self.group = ""
        """The class that the last of them names, if it names one."""

    def is_one(self, values: Sequence[str]) -> bool:
        """Whether a row, trimmed, heads a group."""
        if len(values) < _LEAST_COLUMNS or values.count("") != len(values) - 1:
            return False
        only = next(filter(None, values))
        named = _GROUP.fullmatch(only)
        if not named and _shape(only) in self._shapes:
            return False
        self.group = named["name"].strip() if named else ""
        return True


def _shape(text: str) -> str:
    """An id's shape: letters are a, digits 9, and a run of one kind counts once."""
    return re.sub(r"a+", "a", re.sub(r"[^\W\d_]", "a", re.sub(r"[0-9]+", "9", text.strip())))
