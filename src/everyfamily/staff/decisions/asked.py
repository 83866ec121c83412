"""What somebody asks for and answers on the pages of decisions: addresses with numbers of rows only, and forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.row_numbers import row_number
from everyfamily.people.actions.decided.link_lists import LinksShown
from everyfamily.staff.decisions.words import REASONS, reason_code

TABS = (LinksShown.WAITING, LinksShown.MUST_NOT, LinksShown.STALE)
_KINDS = {reason_code(kind): kind for kind in REASONS}


class AnswerMissing(EveryfamilyError):
    """A form came without an answer."""

    code = "EF543"

    def __init__(self, fact: str, fix: str = "", *, at: str = "") -> None:
        super().__init__(fact, fix)
        self.at = at
        """The field."""


class TickMissing(AnswerMissing):
    """Several were to be decided about, and none was chosen."""

    code = "EF544"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which links a list shows. A class or a year is the number of a child in it."""

    shown: LinksShown = LinksShown.WAITING
    kind: str | None = None
    class_of: int = 0
    year_of: int = 0

    @classmethod
    def of(cls, said: QueryDict) -> Asked:
        """By an address. What cannot be read asks for everything."""
        shown = next((one for one in TABS if reason_code(one) == said.get("show")), LinksShown.WAITING)
        kind = _KINDS.get(said.get("reason", "")) if shown is LinksShown.WAITING else None
        return cls(shown, kind, row_number(said.get("class_of", "")), row_number(said.get("year_of", "")))

    @property
    def query(self) -> str:
        """The same for an address, without the question mark."""
        said: dict[str, Any] = {
            "show": reason_code(self.shown) if self.shown is not LinksShown.WAITING else "",
            "reason": reason_code(self.kind) if self.kind else "",
            "class_of": self.class_of,
            "year_of": self.year_of,
        }
        return urlencode({name: value for name, value in said.items() if value})

    def only(self, shown: LinksShown) -> Asked:
        """Another list of the same class and year."""
        return replace(self, shown=shown, kind=None)


def ticked(said: QueryDict, name: str) -> Mapping[int, str]:
    """The rows that were ticked -> the mark of each as it was seen. A value is "12.mark"."""
    found = (value.partition(".") for value in said.getlist(name)[:200])
    return {row_number(row): mark for row, _, mark in found if row_number(row)}


def chosen(said: QueryDict, name: str, among: Mapping[str, Any], otherwise: str, *, at: str = "") -> str:
    """The answer of a radio group. Raises AnswerMissing with `otherwise`, which says what to do."""
    answer = said.get(name, "")
    if answer not in among:
        raise AnswerMissing(otherwise, at=at or f"{name}-1")
    return answer
