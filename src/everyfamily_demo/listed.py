"""How many children are in the demo's invented official lists: close to each roll, and at a few schools clearly
more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from everyfamily.core.schools.official_figures import OfficialFigure
from everyfamily_demo.chance import chance
from everyfamily_demo.schools import DemoSchool

COUNTED_ON = date(2027, 1, 21)
_CENSUS, _AT_HOME = "school census, invented", "return on home education, invented"
_NEAR = 4
"""Children who came or left between the day of the list and the day of the roll."""
_MORE = {"home educated": 4, "state secondary": 11}
"""Of the largest such school's children, one in this many is on the list and not on the roll."""


def listed_children(
    schools: Sequence[DemoSchool], seed: int, counted_on: date = COUNTED_ON
) -> dict[str, OfficialFigure]:
    """The official figure of each school by URN. None for a list that nobody has.

    If a school's return never comes, it is the roll, and those children count as not reached.
    """
    largest = {kind: _largest(schools, kind) for kind in _MORE}
    found = {}
    for school in schools:
        if school.roll is None:
            continue
        more = chance(seed, "listed", school.urn).randint(-_NEAR, _NEAR)
        if school.urn == largest.get(school.kind):
            more = school.roll // _MORE[school.kind]
        if school.returns == "missing":
            more = 0
        source = _AT_HOME if school.kind == "home educated" else _CENSUS
        found[school.urn] = OfficialFigure(max(school.roll + more, 0), counted_on, source)
    return found


def _largest(schools: Sequence[DemoSchool], kind: str) -> str:
    of_kind = [school for school in schools if school.kind == kind and school.returns is None and school.roll]
    return max(of_kind, key=lambda school: (school.roll or 0, school.urn)).urn
