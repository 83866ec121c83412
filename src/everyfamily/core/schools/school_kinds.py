"""Which establishments in the national list are schools of the area, and of which kind. The rules are data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from everyfamily.core.files.data_tables import load_rows

SchoolKind = Literal[
    "state primary",
    "state secondary",
    "nursery",
    "all-through",
    "special",
    "pru",
    "independent",
    "college",
    "home educated",
    "educated elsewhere",
    "missing education",
]
"""The kind of school. A pru is a pupil referral unit or other alternative provision. A college teaches at 16 to 18. The
last three are lists that the council holds."""
SCHOOL_KINDS: tuple[SchoolKind, ...] = get_args(SchoolKind)

PHASES = {
    0: "Not applicable",
    1: "Nursery",
    2: "Primary",
    3: "Middle deemed primary",
    4: "Secondary",
    5: "Middle deemed secondary",
    6: "16 plus",
    7: "All-through",
}
"""Phases of education by the national list's codes."""

STATUSES = {1: "open", 2: "closed", 3: "proposed to close", 4: "proposed to open"}
"""Statuses of an establishment by the national list's codes."""
STATUS_WORDS = {
    "open": "open",
    "closed": "closed",
    "open, but proposed to close": "proposed to close",
    "proposed to open": "proposed to open",
}
"""The same statuses by the national list's words, in lower case."""
ON_ROLL = ("open", "proposed to close")
"""An establishment with one of these has children today."""

_BY_PHASE: dict[int, SchoolKind] = {
    1: "nursery",
    2: "state primary",
    3: "state primary",
    4: "state secondary",
    5: "state secondary",
    6: "college",
    7: "all-through",
}


@dataclass(frozen=True, slots=True)
class EstablishmentType:
    """One type of establishment: its kind, or why it is left out."""

    code: int
    name: str
    kind: Literal[SchoolKind, "by phase"] | None = None
    left_out: str | None = None

    def __post_init__(self) -> None:
        if (self.kind is None) == (self.left_out is None):
            raise ValueError("a type has either a kind or a reason to be left out")


@cache
def establishment_types() -> dict[int, EstablishmentType]:
    """Every type that is known here, by code."""
    return {one.code: one for one in load_rows(EstablishmentType, __file__, table="type")}


def kind_of(type_code: int, phase: int, ages: tuple[int | None, int | None]) -> SchoolKind | None:
    """The kind of a school, or None if establishments of its type are left out.

    `ages` are the lowest and highest that it teaches. They decide if neither type nor phase does. A type that is not
    known here is judged by its phase. One establishment too many can be taken off, but one too few is not noticed.
    """
    known = establishment_types().get(type_code)
    if known is not None and known.left_out is not None:
        return None
    if known is not None and known.kind is not None and known.kind != "by phase":
        return known.kind
    return _BY_PHASE.get(phase) or _by_ages(*ages)


def _by_ages(low: int | None, high: int | None) -> SchoolKind:
    if low is not None and low >= 16:
        return "college"
    if low is not None and low >= 9:
        return "state secondary"
    if high is not None and high <= 5:
        return "nursery"
    if high is not None and high <= 13:
        return "state primary"
    return "all-through"
