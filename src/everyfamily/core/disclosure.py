"""What the partnership may see of a city's coverage (DESIGN section 7; docs/explanation/what-reached-means.md).

A school's contacts are the school's; the partnership sees counts, and none from which one child's outcome could
be worked out. The rules, in the order in which they are applied:

1. A school is a band of its share reached and a roll to the nearest 10. Under about 100 children there are two
   bands only: four would say of a school of 20 that exactly 2 children are left.
2. Schools under 20 children are one line, of two schools and 20 children or more.
3. Reasons are for the whole area. One about people is named if it has 10 children or more at three schools or
   more (one school that sends for itself would else read its own reason, and two each other's); the rest is one
   line of two reasons or more.
4. A reason that is a school's state (return late, held) is exact if three schools or more share it; else it is
   to the nearest 10, as rolls are, because with one such school it is that school's roll. So is then the rest, and
   as many more reasons as it takes, because what they add up to is known.
5. The area's outcomes are exact, unless they would narrow any school's figures to fewer than FEWEST values; then
   they too are to the nearest 10, and if that is not enough no school's band is shown.

Not kept by these rules: two days' figures subtracted from each other, when a single school has changed between
them. A caller that knows of such a day asks for `exact=False`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from everyfamily.core.coverage import (
    BANDS,
    NEXT,
    SMALL,
    SMALL_SCHOOL,
    Coverage,
    NextAction,
    Outcome,
    Reason,
    to_ten,
)
from everyfamily.core.subtraction import Range, fewest_values

FEWEST = 5
"""Every number that is not published must have at least so many values that fit all that is."""
FEWEST_SCHOOLS = 3
"""A reason about people is named only if it comes from so many schools."""
FOUR_BANDS_FROM = 100
"""Schools with fewer children on roll, to the nearest 10, have two bands."""
OF_SCHOOLS = frozenset({Reason.RETURN_MISSING, Reason.SCHOOL_HELD})
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


class CityFigures(Protocol):
    """The whole area's exact figures."""

    @property
    def at(self) -> datetime: ...
    @property
    def schools(self) -> Sequence[SchoolFigures]: ...
    @property
    def not_known(self) -> Sequence[str]: ...
    @property
    def total(self) -> Coverage: ...


class Standing(StrEnum):
    """The state of a school, never of a person."""

    COUNTED = "counted"
    PLANNED = "planned"
    HELD = "held"
    RETURN_MISSING = "return missing"


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
    """A share of children reached: from `floor` to under `ceiling`, in per cent; 100 belongs to the highest."""

    floor: int
    ceiling: int
    name: str

    def holds(self, reached: int, on_roll: int) -> bool:
        """Whether this is the band of `reached` among `on_roll`."""
        below = self.ceiling == 100 or reached * 100 < self.ceiling * on_roll
        return below and reached * 100 >= self.floor * on_roll

    def reached(self, roll: Range) -> Range:
        """Fewest and most children reached at a school whose roll lies in `roll`."""
        most = roll[1] if self.ceiling == 100 else -(-self.ceiling * roll[1] // 100) - 1
        return -(-self.floor * roll[0] // 100), max(most, 0)

    def left(self, roll: Range) -> Range:
        """Fewest and most children not reached at a school whose roll lies in `roll`."""
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
    """Children on roll to the nearest 10; None if they are counted among the small schools only."""
    band: Band | None
    """None where there is no figure, or none that may be shown."""
    members: tuple[str, ...] = ()
    """Names of the schools that are shown together."""

    @property
    def still_to_reach(self) -> Range | None:
        """Fewest and most children not yet reached, outwards to 10, from what this line says; None if it says none."""
        if self.about is None:
            return None
        if self.band is None:
            return None if self.standing is Standing.COUNTED else (self.about, self.about)
        fewest, most = self.band.left((self.about, self.about))
        return fewest // 10 * 10, min(-(-most // 10) * 10, self.about)


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One line of the reasons for the area. `reason` None is the merged rest, whose own reasons are not named."""

    reason: Reason | None
    figure: Figure
    schools: int | None = None
    """How many schools, where the reason is a school's state."""

    @property
    def next(self) -> NextAction:
        """What happens about it, by whom and when."""
        return NEXT[self.reason] if self.reason else REST


REST = NextAction("Other reasons", "in each school's own list", "school leads", None)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """All that the partnership sees. Whatever shows coverage to it takes this, and not the exact figures."""

    at: datetime
    exact: bool
    """Whether the area's outcomes are exact; if not, every figure is to the nearest 10."""
    children: Figure
    left: Figure
    """Children not counted as reached."""
    every_adult: Figure
    outcomes: Mapping[Outcome, Figure]
    reasons: tuple[ReasonLine, ...]
    """Most children first, the rest last."""
    schools: tuple[SchoolLine, ...]
    """Most children possibly not reached first."""
    together: SchoolLine | None
    """The small schools as one."""
    not_known: tuple[str, ...]
    bands_shown: bool
    school_count: int

    def reason(self, wanted: Reason) -> ReasonLine | None:
        """The line of a reason, if it has one of its own."""
        return next((line for line in self.reasons if line.reason is wanted), None)

    def standing(self, wanted: Standing) -> tuple[SchoolLine, ...]:
        """Schools in a state."""
        return tuple(line for line in self.schools if line.standing is wanted)


def disclose(city: CityFigures, *, exact: bool = True) -> Disclosed:
    """What the partnership may see of `city`. `exact=False` gives every figure to the nearest 10 from the start."""
    known = [school for school in city.schools if school.state != "not known"]
    lines, small = _lines(known)
    shown = [line for line, _ in lines]
    for as_exact in (True, False) if exact else (False,):
        reasons = _reasons(known, as_exact)
        if reasons is not None and _safe(lines, city.total, as_exact):
            return _disclosed(city, known, shown, small, reasons, as_exact, True)
    bare = [_without_band(line) for line in shown]
    return _disclosed(city, known, bare, small, _reasons(known, False) or (), False, False)


def _disclosed(
    city: CityFigures,
    known: Sequence[SchoolFigures],
    lines: Sequence[SchoolLine],
    small: Sequence[SchoolLine],
    reasons: tuple[ReasonLine, ...],
    exact: bool,
    bands: bool,
) -> Disclosed:
    total = city.total
    together = next((line for line in lines if line.members), None)
    alone = [line for line in lines if not line.members] + list(small)
    return Disclosed(
        at=city.at,
        exact=exact,
        children=_figure(total.children, exact),
        left=_figure(total.children - total.outcomes[Outcome.REACHED], exact),
        every_adult=_figure(total.every_adult, exact),
        outcomes={outcome: _figure(total.outcomes[outcome], exact) for outcome in Outcome},
        reasons=reasons,
        schools=tuple(sorted(alone, key=_most_left_first)),
        together=together,
        not_known=tuple(city.not_known),
        bands_shown=bands,
        school_count=len(known),
    )


def _figure(number: int, exact: bool) -> Figure:
    return Figure(number if exact else to_ten(number), exact)


def _most_left_first(line: SchoolLine) -> tuple[int, str]:
    return -(line.still_to_reach or (0, 0))[1], line.name


# ---- Schools ----


def bands_for(about: int) -> tuple[Band, ...]:
    """The bands of a school with `about` children on roll, highest first. Depends on nothing that is not shown."""
    if about < FOUR_BANDS_FROM:
        return Band(80, 100, "80% or more"), Band(0, 80, "under 80%")
    floors = [round(floor * 100) for floor, _ in BANDS]
    ceilings = [100, *floors]
    return tuple(
        Band(floor, ceiling, name)
        for floor, ceiling, (_, name) in zip(floors, ceilings[: len(floors)], BANDS, strict=True)
    )


def roll_range(about: int) -> Range:
    """The rolls that may stand behind a line that says `about`."""
    return (max(about - 5, SMALL_SCHOOL if about >= SMALL_SCHOOL else 0), about + 4)


def _lines(schools: Sequence[SchoolFigures]) -> tuple[list[tuple[SchoolLine, Coverage]], list[SchoolLine]]:
    """Lines with the figures behind them, the small schools as one; and small schools whose state must be named."""
    by_roll = sorted(schools, key=lambda school: (school.coverage.children, school.name))
    group = [school for school in by_roll if school.coverage.children < SMALL_SCHOOL]
    rest = sorted(by_roll[len(group) :], key=lambda school: _standing(school) is not Standing.COUNTED)
    while group and rest and (len(group) < 2 or _children(group) < SMALL_SCHOOL):
        group.append(rest.pop(0))
    lines = [(_line(school), school.coverage) for school in rest]
    if group:
        whole = sum((school.coverage for school in group), Coverage())
        about, band = _about_and_band(whole)
        names = tuple(sorted(school.name for school in group))
        line = SchoolLine("Small schools, shown as one", "", "", Standing.COUNTED, about, band, names)
        lines.append((line, whole))
    small = [
        SchoolLine(school.name, school.kind, school.sends, _standing(school), None, None)
        for school in group
        if _standing(school) is not Standing.COUNTED
    ]
    return lines, small


def _children(schools: Iterable[SchoolFigures]) -> int:
    return sum(school.coverage.children for school in schools)


def _line(school: SchoolFigures) -> SchoolLine:
    about, band = _about_and_band(school.coverage)
    standing = _standing(school)
    shown = band if standing is Standing.COUNTED else None
    return SchoolLine(school.name, school.kind, school.sends, standing, about, shown)


def _about_and_band(coverage: Coverage) -> tuple[int, Band]:
    about = to_ten(coverage.children)
    reached = coverage.outcomes[Outcome.REACHED]
    return about, next(band for band in bands_for(about) if band.holds(reached, coverage.children))


def _standing(school: SchoolFigures) -> Standing:
    return Standing(school.state) if school.state in Standing else Standing.COUNTED


def _without_band(line: SchoolLine) -> SchoolLine:
    return SchoolLine(line.name, line.kind, line.sends, line.standing, line.about, None, line.members)


def _safe(lines: Sequence[tuple[SchoolLine, Coverage]], total: Coverage, exact: bool) -> bool:
    """Whether rolls, children reached and children left of every line keep FEWEST values beside the area's."""
    rolls, reached, left = [], [], []
    for line, coverage in lines:
        roll = roll_range(line.about or 0)
        none_yet = line.band is None and not coverage.outcomes[Outcome.REACHED]
        rolls.append(roll)
        reached.append(line.band.reached(roll) if line.band else (0, 0 if none_yet else roll[1]))
        left.append(line.band.left(roll) if line.band else (roll[0] if none_yet else 0, roll[1]))
    in_all, got = total.children, total.outcomes[Outcome.REACHED]
    every, counted = range(len(lines)), [at for at, (line, _) in enumerate(lines) if line.band]
    checks = (
        (fewest_values(rolls, _as_known(in_all, exact), every), FEWEST),
        (fewest_values(reached, _as_known(got, exact), counted), FEWEST),
        # Three left in a whole city leave no school five values; each must still be able to have none, or all three.
        (fewest_values(left, _as_known(in_all - got, exact), counted), min(FEWEST, in_all - got + 1)),
    )
    return all(values is None or values >= needed for values, needed in checks)


def _as_known(number: int, exact: bool) -> Range:
    return (number, number) if exact else (max(to_ten(number) - 5, 0), to_ten(number) + 4)


# ---- Reasons ----


def _reasons(schools: Sequence[SchoolFigures], exact: bool) -> tuple[ReasonLine, ...] | None:
    """The reasons' lines, most children first and the rest last; None if they would give a school's roll away."""
    count, at = _count_reasons(schools)
    named, rest = _named_and_rest(count, at)
    rounded = _rounded(named, sum(count[reason] for reason in rest), schools, exact)
    if rounded is None:
        return None
    lines = [
        ReasonLine(
            reason, _figure(count[reason], reason not in rounded), at[reason] if reason in OF_SCHOOLS else None
        )
        for reason in sorted(named, key=lambda reason: (-count[reason], reason))
    ]
    if rest:
        lines.append(ReasonLine(None, _figure(sum(count[reason] for reason in rest), exact and not rounded)))
    return tuple(lines)


def _count_reasons(schools: Sequence[SchoolFigures]) -> tuple[Counter[Reason], Counter[Reason]]:
    """Children of each reason, and schools that have any."""
    count: Counter[Reason] = Counter()
    at: Counter[Reason] = Counter()
    for school in schools:
        count.update(school.coverage.reasons)
        at.update(reason for reason, children in school.coverage.reasons.items() if children)
    return count, at


def _named_and_rest(count: Counter[Reason], at: Counter[Reason]) -> tuple[dict[Reason, int], set[Reason]]:
    """Reasons with a line of their own, and those in the rest: two or more, else the one would be known."""
    found = {reason: children for reason, children in count.items() if children}
    named = {
        reason: children
        for reason, children in found.items()
        if children >= SMALL and (reason in OF_SCHOOLS or at[reason] >= FEWEST_SCHOOLS)
    }
    rest = set(found) - set(named)
    if len(rest) == 1 and named:
        moved = min(named, key=lambda reason: (reason in OF_SCHOOLS, named[reason], reason))
        del named[moved]
        rest.add(moved)
    return named, rest


def _rounded(
    named: Mapping[Reason, int], rest: int, schools: Sequence[SchoolFigures], exact: bool
) -> set[Reason] | None:
    """Which named reasons are to the nearest 10, so that no school's state gives away its roll; None if all fail."""
    if not exact:
        return set(named)
    of_schools = [reason for reason in named if reason in OF_SCHOOLS and not _shared(reason, schools)]
    if not of_schools:
        return set()
    others = sorted((reason for reason in named if reason not in of_schools), key=lambda reason: named[reason])
    for more in range(len(others) + 1):
        chosen = of_schools + others[:more]
        numbers = [named[reason] for reason in chosen] + ([rest] if rest else [])
        ranges = [_as_known(number, exact=False) for number in numbers]
        values = fewest_values(ranges, (sum(numbers), sum(numbers)), range(len(of_schools)))
        if values is not None and values >= FEWEST:
            return set(chosen)
    return None


def _shared(reason: Reason, schools: Sequence[SchoolFigures]) -> bool:
    """Whether so many schools are in this state that its exact figure gives away the roll of none."""
    parts = [school.coverage.reasons[reason] for school in schools if school.coverage.reasons[reason]]
    ranges = [roll_range(to_ten(part)) for part in parts]
    values = fewest_values(ranges, (sum(parts), sum(parts)), range(len(parts)))
    return len(parts) >= FEWEST_SCHOOLS and values is not None and values >= FEWEST
