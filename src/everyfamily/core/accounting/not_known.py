"""Children who are on an official list but on no roll or return: the count, and what of it may be published.

The official figures are public, and a school's roll is published to the nearest 10. So a school's line is made only
from these two and says nothing new. The area's sum is new. It is exact, unless somebody who knows the official figures,
the number of children on all rolls and the sum could narrow a school's roll down to fewer than FEWEST numbers
(docs/adr/0030).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from everyfamily.core.accounting.coverage import SMALL_SCHOOL, to_ten
from everyfamily.core.accounting.published import (
    FEWEST,
    CityFigures,
    Figure,
    NotKnownLine,
    NotKnownToUs,
    SchoolFigures,
    as_known,
    figure_of,
    group_range,
    roll_range,
    shown_as_one,
)
from everyfamily.core.accounting.rolls_that_fit import Roll, RollsThatFit
from everyfamily.core.accounting.subtraction import Range

AWAITED = ("roll missing", "return missing")
"""States of a school that has sent nothing yet: all its listed children are not known."""
NOT_IN_THIS_LETTER = "not in this letter"
_NOTHING_CAME = (*AWAITED, NOT_IN_THIS_LETTER, "not known")
AT_HOME = "home educated"
_WORTH_A_LINE = 10
"""How many children a school must certainly miss before it has its own line."""


def not_known_children(listed: int, counted: int) -> int:
    """Children on the list beyond those counted. If more are counted than listed, that is none, and makes up for no
    other school."""
    return max(listed - counted, 0)


def counted_children(school: SchoolFigures) -> int:
    """Children about whom a roll or a return says something."""
    return 0 if school.state in _NOTHING_CAME else school.coverage.children


def not_known_sum(schools: Iterable[SchoolFigures]) -> int:
    """Children in the area who are on the official lists but not with us."""
    listed = ((school.official, school) for school in schools)
    return sum(
        not_known_children(figure.children, counted_children(school))
        for figure, school in listed
        if figure is not None
    )


def published_not_known(
    city: CityFigures,
    alone: Sequence[SchoolFigures],
    group: Sequence[SchoolFigures],
    *,
    exact: bool,
    exact_sum: bool,
    still_safe: Callable[[Sequence[Range]], bool],
) -> NotKnownToUs | None:
    """What the partnership may see, or None if the account is not compared with the lists.

    `alone` are the schools with their own line, and `group` those shown together. `exact` says whether the area's
    children are exact. With `exact_sum` False, the sum is to the nearest 10 from the start. `still_safe` is called to
    ask whether what else is published about the schools `alone` stays safe if their rolls are known to be in these
    ranges.
    """
    if not city.held_to_the_lists:
        return None
    schools = [*alone, *group, *city.outside]
    rolls = _rolls_that_fit(alone, group, city.total.children, exact)

    def fits(of_sum: Range) -> bool:
        left = rolls.of_each(of_sum, FEWEST)
        if left is None:
            return False
        each = iter(left)
        return still_safe([_as_public(school) or next(each) for school in alone])

    # It is known that one of several small schools has no more than all of them together.
    small = group_range(group)[1] if shown_as_one(group) else SMALL_SCHOOL - 1
    lines = [
        *(_line(school, _within_ten(school.coverage.children), shown=True) for school in alone),
        *(_line(school, (0, small), shown=False) for school in group),
        *(_line(school, (0, 0), shown=False) for school in city.outside),
        *(_line(school, (0, 0), shown=False) for school in city.schools if school.state == "not known"),
    ]
    known = [line for line in lines if line.listed is not None]
    others = [line for line in known if line.kind != AT_HOME]
    worth = [line for line in others if line.fewest >= _WORTH_A_LINE]
    awaited = [school for school in (*alone, *group) if school.state in AWAITED]
    return NotKnownToUs(
        children=_sum(not_known_sum(schools), fits, exact_sum),
        fewest=sum(line.fewest for line in known),
        most=sum(line.most for line in known),
        awaited=not_known_sum(awaited),
        listed=sum(school.official.children for school in schools if school.official),
        schools=tuple(sorted(worth, key=lambda line: (-line.most, line.name))),
        at_home=tuple(line for line in lines if line.kind == AT_HOME),
        without_list=sum(school.official is None for school in (*alone, *group)),
        perhaps=sum(line.fewest < _WORTH_A_LINE and line.most > 0 for line in others),
    )


def _line(school: SchoolFigures, roll: Range, *, shown: bool) -> NotKnownLine:
    """`roll` is the range in which published figures put the school's roll, and `shown` says whether they give it a
    number."""
    figure = school.official
    nothing_came = school.state in _NOTHING_CAME
    low, high = (0, 0) if nothing_came else roll
    listed = 0 if figure is None else figure.children
    fewest, most = not_known_children(listed, high), not_known_children(listed, low)
    return NotKnownLine(
        name=school.name,
        kind=school.kind,
        listed=None if figure is None else figure.children,
        as_of=None if figure is None else figure.as_of,
        source="" if figure is None else figure.source,
        about=to_ten(school.coverage.children) if shown and not nothing_came else None,
        fewest=fewest // 10 * 10,
        most=min(-(-most // 10) * 10, listed),
        why=school.state if nothing_came and school.state != "not known" else "",
        lead_role=school.lead_role,
        phone=school.phone,
    )


def _sum(number: int, fits: Callable[[Range], bool], exact_sum: bool) -> Figure | None:
    for exact in (True, False) if exact_sum else (False,):
        lowest, highest = as_known(number, exact)
        if fits((lowest - number, highest - number)):
            return figure_of(number, exact)
    return None


def _rolls_that_fit(
    alone: Sequence[SchoolFigures], group: Sequence[SchoolFigures], total: int, exact: bool
) -> RollsThatFit:
    """For the rolls that are not public. Those with nothing sent yet count as their official figure, which is
    public."""
    low, high = group_range(group)
    lowest, highest = as_known(total, exact)
    return RollsThatFit(
        [_roll(school, _within_ten(school.coverage.children)) for school in alone if school.state not in AWAITED],
        [_roll(school, (0, high)) for school in group if school.state not in AWAITED],
        together=(low - _children(group), high - _children(group)),
        total=(lowest - total, highest - total),
    )


def _roll(school: SchoolFigures, within: Range) -> Roll:
    listed = None if school.official is None else school.official.children
    return Roll(school.coverage.children, within, listed)


def _as_public(school: SchoolFigures) -> Range | None:
    """The number in the area's figures for a school that has sent nothing yet: its official figure."""
    children = school.coverage.children
    return (children, children) if school.state in AWAITED else None


def _children(schools: Iterable[SchoolFigures]) -> int:
    return sum(school.coverage.children for school in schools)


def _within_ten(number: int) -> Range:
    return roll_range(to_ten(number))
