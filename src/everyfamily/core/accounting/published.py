"""Coverage as the partnership may see it: figures, bands, lines. Only disclosure.py makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from everyfamily.core.accounting.coverage import (
    BANDS,
    NEXT,
    SMALL_SCHOOL,
    Coverage,
    NextAction,
    Outcome,
    Reason,
    to_ten,
)
from everyfamily.core.accounting.subtraction import Range
from everyfamily.core.calendar.year_groups import EVERY_YEAR
from everyfamily.core.schools.official_figures import OfficialFigure

FEWEST = 5
"""Every number that is not published must have at least this many values that fit everything published."""
FEWEST_SCHOOLS = 3
"""A reason about people is named only if it comes from this many schools."""
FOUR_BANDS_FROM = 100
"""Schools with fewer children on roll, to the nearest 10, have two bands."""
OF_SCHOOLS = frozenset({Reason.RETURN_MISSING, Reason.NO_ROLL, Reason.SCHOOL_HELD})
"""Reasons that are a state of a school and say nothing about a person."""


class SchoolFigures(Protocol):
    """One school's exact figures, as reports/queries.py counts them."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def sends(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def coverage(self) -> Coverage: ...
    @property
    def official(self) -> OfficialFigure | None:
        """How many children the newest official list has."""

    @property
    def lead_role(self) -> str: ...
    @property
    def phone(self) -> str: ...


class CityFigures(Protocol):
    """The whole area's exact figures."""

    @property
    def at(self) -> datetime: ...
    @property
    def schools(self) -> Sequence[SchoolFigures]: ...
    @property
    def not_known(self) -> Sequence[str]: ...
    @property
    def outside(self) -> Sequence[SchoolFigures]:
        """Schools with children today that do not get this letter, because they came in after it was opened."""

    @property
    def held_to_the_lists(self) -> bool:
        """Whether the account is about every child in the area. A correction's is not."""

    @property
    def from_year(self) -> int:
        """The first year group that the letter is offered to."""

    @property
    def too_young(self) -> int:
        """Children on rolls in a year below it, who are in none of the figures."""

    @property
    def stopped(self) -> str: ...
    @property
    def stopped_because(self) -> str: ...
    @property
    def total(self) -> Coverage: ...


class Standing(StrEnum):
    """The state of a school, never of a person."""

    COUNTED = "counted"
    PLANNED = "planned"
    HELD = "held"
    PAUSED = "paused"
    """A person has stopped its part. What a carrier had before counts."""
    RETURN_MISSING = "return missing"
    RETURN_TO_LOOK_AT = "return to look at"
    """It counts, but something in it is strange. Only the school sees which number."""
    ROLL_MISSING = "roll missing"


WITH_FIGURES = frozenset({Standing.COUNTED, Standing.RETURN_TO_LOOK_AT, Standing.PAUSED})
"""Schools in one of these states have a share that may be shown as a band."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it may be shown."""

    number: int
    exact: bool = True

    def __str__(self) -> str:
        if self.exact:
            return f"{self.number:,}"
        return f"about {self.number:,}" if self.number else "under 5"


@dataclass(frozen=True, slots=True)
class Band:
    """A share of children reached: from `floor` to under `ceiling`, in per cent. 100 belongs to the highest."""

    floor: int
    ceiling: int
    name: str

    def holds(self, reached: int, on_roll: int) -> bool:
        """Whether this is the band of `reached` among `on_roll`."""
        below = self.ceiling == 100 or reached * 100 < self.ceiling * on_roll
        return below and reached * 100 >= self.floor * on_roll

    def reached(self, roll: Range) -> Range:
        """Fewest and most children reached at a school with a roll in the range `roll`."""
        most = roll[1] if self.ceiling == 100 else -(-self.ceiling * roll[1] // 100) - 1
        return -(-self.floor * roll[0] // 100), max(most, 0)

    def left(self, roll: Range) -> Range:
        """Fewest and most children not reached at a school with a roll in the range `roll`."""
        fewest = 0 if self.ceiling == 100 else roll[0] - (-(-self.ceiling * roll[0] // 100) - 1)
        return fewest, roll[1] + (-self.floor * roll[1] // 100)


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """A school, or several small ones together, as the partnership sees it."""

    name: str
    kind: str
    sends: str
    standing: Standing
    about: int | None
    """Children on roll to the nearest 10, or None if they are counted only among the small schools."""
    band: Band | None
    """None if there is no figure, or none that may be shown."""
    members: tuple[str, ...] = ()
    """Names of the schools that are shown together."""

    @property
    def still_to_reach(self) -> Range | None:
        """Fewest and most children not yet reached, rounded outwards to 10, from what this line says. None if it says
        none."""
        if self.about is None:
            return None
        if self.band is None:
            return None if self.standing in WITH_FIGURES else (self.about, self.about)
        fewest, most = self.band.left((self.about, self.about))
        return fewest // 10 * 10, min(-(-most // 10) * 10, self.about)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One line of the reasons for the area. `reason` None is the merged rest, without naming its reasons."""

    reason: Reason | None
    figure: Figure
    schools: int | None = None
    """How many schools, if the reason is a school's state."""

    @property
    def next(self) -> NextAction:
        """What happens about it, by whom and when."""
        return NEXT[self.reason] if self.reason else REST


REST = NextAction("Other reasons", "in each school's own list", "school leads", None)


@dataclass(frozen=True, slots=True)
class NotKnownLine:
    """One school, and its children who are on the official list but on no roll or return. Made from published
    figures."""

    name: str
    kind: str
    listed: int | None
    """Children on the newest official list, or None if there is no such list."""
    as_of: date | None
    source: str
    about: int | None
    """Children on its roll or return, to the nearest 10, or None if that has not come in, or is counted with others."""
    fewest: int
    most: int
    """The range of children not known to us: rounded outwards to 10, and never more than are listed."""
    why: str
    """"" when a roll or return came in; "roll missing", "return missing" or "not in this letter"."""
    lead_role: str
    phone: str
    """Blank unless somebody has checked it."""


@dataclass(frozen=True, slots=True)
class NotKnownToUs:
    """Children in the area who are on the official lists but not with us: next to the outcomes, never inside them.

    One school's surplus never makes up for another's shortage.
    """

    children: Figure | None
    """The area's sum, or None if it would give a school's roll away."""
    fewest: int
    most: int
    """The range of children not known: the sum of the schools' own ranges, which says nothing new about any of them."""
    awaited: int
    """Of these, children at schools with no roll or return yet. They also count among those not reached."""
    listed: int
    """Children on the official lists of all schools that have one."""
    schools: tuple[NotKnownLine, ...]
    """Schools that certainly miss ten children or more, most first, without those educated at home."""
    at_home: tuple[NotKnownLine, ...]
    """Children educated at home, whatever the number, as a row of their own."""
    perhaps: int
    """Other schools, for which published figures do not show whether a few children are missing."""
    without_list: int = 0
    """Schools with a roll or a return but no official figure."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Everything that the partnership sees. Code that shows coverage to it uses this, and not the exact figures."""

    at: datetime
    exact: bool
    """Whether the area's outcomes are exact. If not, every figure is to the nearest 10."""
    children: Figure
    left: Figure
    """Children not counted as reached."""
    every_adult: Figure
    outcomes: Mapping[Outcome, Figure]
    reasons: tuple[ReasonLine, ...]
    """Most children first, the rest last."""
    schools: tuple[SchoolLine, ...]
    """With the most children possibly not reached first."""
    together: SchoolLine | None
    """The small schools as one."""
    not_known: tuple[str, ...]
    bands_shown: bool
    school_count: int
    stopped: str = ""
    """"paused" or "withdrawn" if the whole mailing is."""
    stopped_because: str = ""
    not_known_to_us: NotKnownToUs | None = None
    """Children who are on the official lists but not with us, or None if the account is not compared with them."""
    from_year: int = EVERY_YEAR
    """The first year group that the letter is offered to."""
    too_young: Figure | None = None
    """Children on rolls in a year below it, to the nearest 10, next to the outcomes. None if it is for every child."""

    def reason(self, wanted: Reason) -> ReasonLine | None:
        """The line of a reason, if it has its own."""
        return next((line for line in self.reasons if line.reason is wanted), None)

    def standing(self, wanted: Standing) -> tuple[SchoolLine, ...]:
        """Schools in a state."""
        return tuple(line for line in self.schools if line.standing is wanted)


def bands_for(about: int) -> tuple[Band, ...]:
    """The bands of a school with `about` children on roll, highest first. This depends on nothing that is not shown."""
    if about < FOUR_BANDS_FROM:
        return Band(80, 100, "80% or more"), Band(0, 80, "under 80%")
    floors = [round(floor * 100) for floor, _ in BANDS]
    ceilings = [100, *floors]
    return tuple(
        Band(floor, ceiling, name)
        for floor, ceiling, (_, name) in zip(floors, ceilings[: len(floors)], BANDS, strict=True)
    )


def roll_range(about: int) -> Range:
    """The rolls that are possible behind a line that says `about`."""
    return (max(about - 5, SMALL_SCHOOL if about >= SMALL_SCHOOL else 0), about + 4)


def shown_as_one(group: Sequence[SchoolFigures]) -> bool:
    """Whether small schools together are enough for their own number: two of them, with 20 children or more."""
    return len(group) >= 2 and sum(school.coverage.children for school in group) >= SMALL_SCHOOL


def group_range(group: Sequence[SchoolFigures]) -> Range:
    """The range in which published figures put the children of all small schools together."""
    if shown_as_one(group):
        return roll_range(to_ten(sum(school.coverage.children for school in group)))
    return 0, (SMALL_SCHOOL - 1) * len(group)


def figure_of(number: int, exact: bool) -> Figure:
    """`number`, or the nearest 10 to it."""
    return Figure(number if exact else to_ten(number), exact)


def as_known(number: int, exact: bool) -> Range:
    """The numbers that are possible behind a figure of `number`."""
    return (number, number) if exact else (max(to_ten(number) - 5, 0), to_ten(number) + 4)
