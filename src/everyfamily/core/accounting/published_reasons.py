"""Which reasons have their own line for the whole area, and which figures are exact (rules 3 and 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from everyfamily.core.accounting.coverage import SMALL, Reason, to_ten
from everyfamily.core.accounting.published import (
    FEWEST,
    FEWEST_SCHOOLS,
    OF_SCHOOLS,
    ReasonLine,
    SchoolFigures,
    as_known,
    figure_of,
    roll_range,
)
from everyfamily.core.accounting.subtraction import fewest_values


def published_reasons(schools: Sequence[SchoolFigures], exact: bool) -> tuple[ReasonLine, ...] | None:
    """The reasons' lines, most children first and the rest last, or None if they would give a school's roll away."""
    count, at = _count_reasons(schools)
    named, rest = _named_and_rest(count, at)
    rounded = _rounded(named, sum(count[reason] for reason in rest), schools, exact)
    if rounded is None:
        return None
    lines = [
        ReasonLine(
            reason, figure_of(count[reason], reason not in rounded), at[reason] if reason in OF_SCHOOLS else None
        )
        for reason in sorted(named, key=lambda reason: (-count[reason], reason))
    ]
    if rest:
        lines.append(ReasonLine(None, figure_of(sum(count[reason] for reason in rest), exact and not rounded)))
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
    """Reasons with their own line, and those in the rest: two or more, because otherwise the one would be known."""
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
    """Which named reasons are to the nearest 10, so that no school's state gives away its roll, or None if all fail."""
    if not exact:
        return set(named)
    of_schools = [reason for reason in named if reason in OF_SCHOOLS and not _shared(reason, schools)]
    if not of_schools:
        return set()
    others = sorted((reason for reason in named if reason not in of_schools), key=lambda reason: named[reason])
    for more in range(len(others) + 1):
        chosen = of_schools + others[:more]
        numbers = [named[reason] for reason in chosen] + ([rest] if rest else [])
        ranges = [as_known(number, exact=False) for number in numbers]
        values = fewest_values(ranges, (sum(numbers), sum(numbers)), range(len(of_schools)))
        if values is not None and values >= FEWEST:
            return set(chosen)
    return None


def _shared(reason: Reason, schools: Sequence[SchoolFigures]) -> bool:
    """Whether enough schools are in this state that its exact figure gives away none of their rolls."""
    parts = [school.coverage.reasons[reason] for school in schools if school.coverage.reasons[reason]]
    ranges = [roll_range(to_ten(part)) for part in parts]
    values = fewest_values(ranges, (sum(parts), sum(parts)), range(len(parts)))
    return len(parts) >= FEWEST_SCHOOLS and values is not None and values >= FEWEST
