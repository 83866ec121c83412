"""What the partnership may see of a city's coverage (docs/explanation/what-reached-means.md).

A school's contacts belong to the school. The partnership sees counts, but none from which one child's outcome could be
worked out. The rules, in the order in which they are applied:

1. A school is shown as a band of its share reached and a roll to the nearest 10. Under about 100 children there are
   only two bands. Four would reveal that at a school of 20 exactly 2 children are left.
2. Schools under 20 children are one line, of at least two schools and 20 children. If it needs more, schools under 100
   children are added, with those educated at home last. If there are none, the line has no number, because a large
   school would otherwise be hidden in it.
3. Reasons are for the whole area. A reason about people is named if it has at least 10 children at at least three
   schools (otherwise one school that sends for itself could read its own reason, and two could read each other's). The
   rest is one line of two or more reasons.
4. A reason that is a school's state (return late, held) is exact if three or more schools share it. Otherwise it is to
   the nearest 10, as rolls are, because with one such school it is that school's roll. Then the rest is rounded too,
   and as many more reasons as necessary, because their sum is known.
5. The area's outcomes are exact, unless they would narrow any school's figures to fewer than FEWEST values. Then they
   too are to the nearest 10, and if that is not enough, no school's band is shown.
6. Children who are not known to us, according to the official lists, are shown next to all this
   (core/accounting/not_known.py). So are children who are too young for the letter, to the nearest 10.

These rules do not cover two days' figures subtracted from each other, when few schools have changed in between. A
caller that knows of such a day asks for `exact=False`. The day's account does (account_record.py, may_be_exact).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from everyfamily.core.accounting.coverage import SMALL_SCHOOL, Coverage, Outcome, to_ten
from everyfamily.core.accounting.not_known import AT_HOME, published_not_known
from everyfamily.core.accounting.published import (
    FEWEST,
    FOUR_BANDS_FROM,
    WITH_FIGURES,
    Band,
    CityFigures,
    Disclosed,
    ReasonLine,
    SchoolFigures,
    SchoolLine,
    Standing,
    as_known,
    bands_for,
    figure_of,
    roll_range,
    shown_as_one,
)
from everyfamily.core.accounting.published_reasons import published_reasons
from everyfamily.core.accounting.subtraction import Range, fewest_values
from everyfamily.core.calendar.year_groups import EVERY_YEAR


def disclose(city: CityFigures, *, exact: bool = True, exact_not_known: bool = True) -> Disclosed:
    """What the partnership may see of `city`. `exact=False` gives every figure to the nearest 10 from the start.

    `exact_not_known=False` does so for the sum of the children who are not known to us.
    """
    known = [school for school in city.schools if school.state != "not known"]
    alone, group = _alone_and_group(known)
    lines, small = _lines(alone, group)
    shown = [line for line, _ in lines]
    for as_exact in (True, False) if exact else (False,):
        reasons = published_reasons(known, as_exact)
        if reasons is not None and _safe(lines, city.total, as_exact):
            found = _disclosed(city, known, shown, small, reasons, as_exact, True)
            break
    else:
        bare = [_without_band(line) for line in shown]
        found = _disclosed(city, known, bare, small, published_reasons(known, False) or (), False, False)

    def still_safe(rolls: Sequence[Range]) -> bool:
        return not found.bands_shown or _safe(lines, city.total, found.exact, rolls)

    not_known = published_not_known(
        city, alone, group, exact=found.exact, exact_sum=exact_not_known, still_safe=still_safe
    )
    return replace(found, not_known_to_us=not_known)


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
        children=figure_of(total.children, exact),
        left=figure_of(total.children - total.outcomes[Outcome.REACHED], exact),
        every_adult=figure_of(total.every_adult, exact),
        outcomes={outcome: figure_of(total.outcomes[outcome], exact) for outcome in Outcome},
        reasons=reasons,
        schools=tuple(sorted(alone, key=_most_left_first)),
        together=together,
        not_known=tuple(city.not_known),
        bands_shown=bands,
        school_count=len(known),
        stopped=city.stopped,
        stopped_because=city.stopped_because,
        from_year=city.from_year,
        # Never exact: with the official figures of a few schools it would give their rolls away.
        too_young=figure_of(city.too_young, False) if city.from_year > EVERY_YEAR else None,
    )


def _most_left_first(line: SchoolLine) -> tuple[int, str]:
    return -(line.still_to_reach or (0, 0))[1], line.name


def _alone_and_group(schools: Sequence[SchoolFigures]) -> tuple[list[SchoolFigures], list[SchoolFigures]]:
    """Schools with their own line, and the small ones that are shown together."""
    by_roll = sorted(schools, key=lambda school: (school.coverage.children, school.name))
    group = [school for school in by_roll if school.coverage.children < SMALL_SCHOOL]
    rest = sorted(
        by_roll[len(group) :], key=lambda school: (_standing(school) is not Standing.COUNTED, _is_at_home(school))
    )
    while group and not shown_as_one(group):
        more = next((school for school in rest if school.coverage.children < FOUR_BANDS_FROM), None)
        if more is None:
            break
        rest.remove(more)
        group.append(more)
    return rest, group


def _is_at_home(school: SchoolFigures) -> bool:
    return school.kind == AT_HOME


def _lines(
    rest: Sequence[SchoolFigures], group: Sequence[SchoolFigures]
) -> tuple[list[tuple[SchoolLine, Coverage]], list[SchoolLine]]:
    """Lines with the figures behind them, the small schools as one, and small schools whose state must be named."""
    lines = [(_line(school), school.coverage) for school in rest]
    if group:
        whole = sum((school.coverage for school in group), Coverage())
        about, band = _about_and_band(whole) if shown_as_one(group) else (None, None)
        names = tuple(sorted(school.name for school in group))
        line = SchoolLine("Small schools, shown as one", "", "", Standing.COUNTED, about, band, names)
        lines.append((line, whole))
    small = [
        SchoolLine(school.name, school.kind, school.sends, _standing(school), None, None)
        for school in group
        if _standing(school) is not Standing.COUNTED
    ]
    return lines, small


def _line(school: SchoolFigures) -> SchoolLine:
    about, band = _about_and_band(school.coverage)
    standing = _standing(school)
    shown = band if standing in WITH_FIGURES else None
    return SchoolLine(school.name, school.kind, school.sends, standing, about, shown)


def _about_and_band(coverage: Coverage) -> tuple[int, Band]:
    about = to_ten(coverage.children)
    reached = coverage.outcomes[Outcome.REACHED]
    return about, next(band for band in bands_for(about) if band.holds(reached, coverage.children))


def _standing(school: SchoolFigures) -> Standing:
    return Standing(school.state) if school.state in Standing else Standing.COUNTED


def _without_band(line: SchoolLine) -> SchoolLine:
    return SchoolLine(line.name, line.kind, line.sends, line.standing, line.about, None, line.members)


def _safe(
    lines: Sequence[tuple[SchoolLine, Coverage]], total: Coverage, exact: bool, known: Sequence[Range] = ()
) -> bool:
    """Whether the roll, children reached and children left of every line keep FEWEST values, given the area's.

    `known` are the rolls of the first lines, if something else narrows them. The roll of the small schools then counts
    as known.
    """
    rolls, reached, left = [], [], []
    for at, (line, coverage) in enumerate(lines):
        roll = roll_range(line.about) if line.about is not None else (0, (SMALL_SCHOOL - 1) * len(line.members))
        if known:
            roll = known[at] if at < len(known) else (coverage.children, coverage.children)
        none_yet = line.band is None and not coverage.outcomes[Outcome.REACHED]
        rolls.append(roll)
        reached.append(line.band.reached(roll) if line.band else (0, 0 if none_yet else roll[1]))
        left.append(line.band.left(roll) if line.band else (roll[0] if none_yet else 0, roll[1]))
    in_all, got = total.children, total.outcomes[Outcome.REACHED]
    every, counted = range(len(lines)), [at for at, (line, _) in enumerate(lines) if line.band]
    checks = (
        # If they are narrowed, their numbers have been counted.
        (None if known else fewest_values(rolls, as_known(in_all, exact), every), FEWEST),
        (fewest_values(reached, as_known(got, exact), counted), FEWEST),
        # Three left in a whole city leave no school five values. Each must still be able to have none, or all three.
        (fewest_values(left, as_known(in_all - got, exact), counted), min(FEWEST, in_all - got + 1)),
    )
    return all(values is None or values >= needed for values, needed in checks)
