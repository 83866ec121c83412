"""What somebody asks a list of families for: which letter, which outcome, reason and class. Never a child's own id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.core.text.row_numbers import row_number
from everyfamily.reports.family_list import Wanted


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of the list."""

    mailing: int = 0
    """0: the one that began last."""
    wanted: Wanted = field(default_factory=Wanted)

    def pairs(self, **other: object) -> list[tuple[str, str]]:
        """Names and values that are set, with others in their place: for an address or hidden fields."""
        wanted = self.wanted
        values = {
            "letter": self.mailing,
            "outcome": wanted.outcome,
            "reason": wanted.reason,
            "class": wanted.class_of,
        } | other
        return [(name, str(value)) for name, value in values.items() if value]

    def query(self, **other: object) -> str:
        """The same as the end of an address."""
        return urlencode(self.pairs(**other))


def asked_in(fields: Mapping[str, str]) -> Asked:
    """What is not one of ours counts as not asked for."""
    outcome = _one_of(Outcome, fields.get("outcome", ""))
    reason = _one_of(Reason, fields.get("reason", ""))
    if reason is not None:
        outcome = Outcome.NOT_REACHED
    return Asked(number_in(fields, "letter"), Wanted(outcome, reason, number_in(fields, "class")))


def number_in(fields: Mapping[str, str], name: str) -> int:
    """A row number, or 0."""
    return row_number(fields.get(name, ""))


def _one_of[T: StrEnum](kind: type[T], said: str) -> T | None:
    return kind(said) if said in set(kind) else None
