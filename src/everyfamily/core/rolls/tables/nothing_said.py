"""Cells in which a system writes that there is nothing ("NULL", "n/a", "-"), unless the word is an answer, and places
for adults in which there is nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from everyfamily.core.rolls.layout.column_values import NOTHING
from everyfamily.core.rolls.layout.layout_columns import Column

_ANSWERS = {
    "COURT_ORDER": frozenset(("none", "nil")),
    "RESTRICTION": frozenset(("none", "nil")),
    "CORRESPONDENCE": frozenset(("none",)),
    "RELATIONSHIP": frozenset(("nan",)),
}
"""A court order of none is an answer, and a nan is a grandmother."""
_NAMED = ("ADULT_NAME", "ADULT_FORENAME", "ADULT_SURNAME")
_WRITTEN = frozenset(
    written for text in NOTHING for written in (text, text.upper(), text.capitalize(), text.title())
)


def without_empty_places(adults: list[dict[str, str]]) -> list[dict[str, str]]:
    """The adults of a row without those who have no name and nothing that a named one does not have too, such as the
    family's address."""
    named = [cells for cells in adults if any(map(cells.get, _NAMED))]
    return [cells for cells in adults if cells in named or not any(_says_no_more(cells, one) for one in named)]


def _says_no_more(cells: Mapping[str, str], named: Mapping[str, str]) -> bool:
    return all(text == named.get(what) for what, text in cells.items() if text and what != "PRIORITY")


class NothingSaid:
    """Makes such cells of a row blank."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self._answers = {one.index: _ANSWERS[one.what] for one in columns if one.what in _ANSWERS}

    def blanked(self, values: list[str]) -> list[str]:
        """The row with them blank. Most rows have none."""
        if _WRITTEN.isdisjoint(values):
            return values
        return ["" if self._says_nothing(at, text) else text for at, text in enumerate(values)]

    def _says_nothing(self, at: int, text: str) -> bool:
        return text in _WRITTEN and text.casefold() not in self._answers.get(at, ())
