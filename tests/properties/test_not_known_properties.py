"""Children not known to us: never negative, never set off, they add up, and no school's roll can be worked out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.accounting.account_record import shown_as_json, shown_from_json
from everyfamily.core.accounting.coverage import Outcome, to_ten
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.not_known import AWAITED, counted_children, not_known_children, not_known_sum
from everyfamily.core.accounting.published import FEWEST, Figure, NotKnownToUs, as_known, roll_range
from everyfamily.core.schools.official_figures import NATIONAL_LIST, OfficialFigure, newest
from everyfamily.reports.queries import CityCoverage, SchoolCoverage
from tests.factories.coverage import coverage, school
from tests.properties.test_disclosure_properties import cities

pytestmark = pytest.mark.slow

_KINDS = ("state primary", "state secondary", "college", "home educated", "educated elsewhere")


@st.composite
def listed_cities(draw: st.DrawFn, most: int = 12, largest: int = 400) -> CityCoverage:
    """Cities whose schools are near their lists, far from them, or on none; some came in late."""
    whole = draw(cities(most=most, largest=largest))
    return replace(whole, schools=tuple(_listed(draw, part) for part in whole.schools), outside=_outside(draw))


def _listed(draw: st.DrawFn, part: SchoolCoverage) -> SchoolCoverage:
    part = replace(part, kind=draw(st.sampled_from(_KINDS)))
    if part.state == "return missing":
        return replace(part, official=OfficialFigure(part.coverage.children, None, NATIONAL_LIST))
    if part.state == "not known" or draw(st.integers(0, 9)) == 0:
        return part
    more = draw(st.integers(-12, 12) | st.integers(-400, 400))
    return replace(part, official=OfficialFigure(max(part.coverage.children + more, 0), None, NATIONAL_LIST))


def _outside(draw: st.DrawFn) -> tuple[SchoolCoverage, ...]:
    numbers = draw(st.lists(st.integers(0, 300), max_size=2))
    return tuple(
        school(f"New {at}", coverage(), state="not in this letter", listed=number, school_id=200 + at)
        for at, number in enumerate(numbers)
    )


def _found(whole: CityCoverage) -> NotKnownToUs:
    found = disclose(whole).not_known_to_us
    assert found is not None
    return found


def _schools(whole: CityCoverage) -> Iterator[tuple[int, int]]:
    """Listed and counted, of every school that is on a list."""
    for part in (*whole.schools, *whole.outside):
        if part.official is not None:
            yield part.official.children, counted_children(part)


@given(listed_cities())
def test_it_is_never_negative_and_never_set_off(whole: CityCoverage) -> None:
    missing = not_known_sum((*whole.schools, *whole.outside))
    assert missing == sum(listed - counted for listed, counted in _schools(whole) if listed > counted)
    assert missing >= sum(listed - counted for listed, counted in _schools(whole))
    assert 0 <= missing <= sum(listed for listed, _ in _schools(whole))


@given(listed_cities())
def test_lists_and_rolls_add_up(whole: CityCoverage) -> None:
    """Listed, and those beyond their list, are those counted and those not known."""
    beyond = sum(max(counted - listed, 0) for listed, counted in _schools(whole))
    listed, counted = (sum(pair[at] for pair in _schools(whole)) for at in (0, 1))
    assert listed + beyond == counted + not_known_sum((*whole.schools, *whole.outside))


@given(listed_cities())
def test_the_five_outcomes_and_those_not_known_are_all_children_of_the_list_and_the_roll(
    whole: CityCoverage,
) -> None:
    """For each school, whichever of the two has more; for the area, the sum of the schools."""
    in_all = 0
    for part in (*whole.schools, *whole.outside):
        five = sum(part.coverage.outcomes[outcome] for outcome in Outcome) if counted_children(part) else 0
        listed = part.official.children if part.official else five
        in_all += max(listed, five)
        assert five + not_known_children(listed, five) == max(listed, five)
    counted = sum(counted_children(part) for part in (*whole.schools, *whole.outside))
    assert counted + not_known_sum((*whole.schools, *whole.outside)) == in_all


@given(listed_cities())
def test_the_outcomes_do_not_change(whole: CityCoverage) -> None:
    without = replace(whole, schools=tuple(replace(part, official=None) for part in whole.schools), outside=())
    assert replace(disclose(whole), not_known_to_us=None) == replace(disclose(without), not_known_to_us=None)


@given(listed_cities())
def test_what_is_published_of_them_is_true(whole: CityCoverage) -> None:
    found, missing = _found(whole), not_known_sum((*whole.schools, *whole.outside))
    assert found.fewest <= missing <= found.most
    if found.children is not None:
        assert found.children.number == (missing if found.children.exact else to_ten(missing))
    by_name = {part.name: part for part in (*whole.schools, *whole.outside)}
    for line in (*found.schools, *found.at_home):
        if line.listed is not None:
            theirs = max(line.listed - counted_children(by_name[line.name]), 0)
            assert line.fewest <= theirs <= line.most <= line.listed
    assert found.awaited == sum(
        part.official.children for part in whole.schools if part.official and part.state in AWAITED
    )


@given(listed_cities())
def test_every_list_of_children_at_home_has_its_row_and_every_shortage_of_twenty_its_line(
    whole: CityCoverage,
) -> None:
    found = _found(whole)
    at_home = sorted(part.name for part in whole.schools if part.kind == "home educated")
    assert sorted(line.name for line in found.at_home) == at_home
    shown = disclose(whole)
    alone = {line.name for line in shown.schools if line.about is not None}
    named = {line.name for line in found.schools}
    for part in whole.schools:
        if part.official is None or part.name in at_home or part.name not in alone:
            continue
        if part.official.children - counted_children(part) >= 2 * 10:
            assert part.name in named


@given(listed_cities())
def test_a_school_s_line_says_no_more_than_its_list_and_its_roll_to_the_nearest_ten(whole: CityCoverage) -> None:
    """Another roll in the same ten has the same line."""
    found = _found(whole)
    by_name = {part.name: part for part in whole.schools}
    for line in found.schools:
        if line.about is None or line.listed is None:
            continue
        low, high = roll_range(line.about)
        fewest, most = max(line.listed - high, 0), max(line.listed - low, 0)
        assert (line.fewest, line.most) == (fewest // 10 * 10, min(-(-most // 10) * 10, line.listed))
        assert by_name[line.name].official is not None


@given(listed_cities())
@settings(max_examples=50)
def test_it_comes_back_from_a_kept_account_equal(whole: CityCoverage) -> None:
    dated = tuple(
        replace(part, official=replace(part.official, as_of=date(2027, 1, 21)) if part.official else None)
        for part in whole.schools
    )
    shown = disclose(replace(whole, schools=dated))
    assert shown_from_json(json.loads(json.dumps(shown_as_json(shown)))) == shown


@settings(max_examples=150, deadline=None)
@given(listed_cities(most=5, largest=120))
def test_no_roll_can_be_worked_out_from_the_sums_and_the_bands(whole: CityCoverage) -> None:
    """All worlds that fit are counted, for somebody who knows the lists, the area's children and the sum."""
    shown = disclose(whole)
    found = shown.not_known_to_us
    assert found is not None
    if found.children is None:
        return
    hidden = _hidden_rolls(whole)
    if not hidden:
        return
    public = sum(part.official.children for part in whole.schools if part.official and part.state in AWAITED)
    fixed = sum(
        part.official.children
        for part in (*whole.schools, *whole.outside)
        if part.official and part.state in (*AWAITED, "not in this letter")
    )
    before = _values(hidden, shown.children, None, public, fixed)
    after = _values(hidden, shown.children, found.children, public, fixed)
    for was, now in zip(before, after, strict=True):
        assert len(now) >= min(FEWEST, len(was)), (was, now)


type _Hidden = tuple[range, int | None]
"""The range of a roll according to what is published, and the school's list."""


def _hidden_rolls(whole: CityCoverage) -> list[_Hidden]:
    """For the schools with their own number. Small ones are left as they are: that knows more than anybody does."""
    shown = disclose(whole)
    about = {line.name: line.about for line in shown.schools if line.about is not None}
    hidden: list[_Hidden] = []
    for part in whole.schools:
        if part.state == "not known" or part.state in AWAITED:
            continue
        number = part.coverage.children
        low, high = roll_range(about[part.name] or 0) if part.name in about else (number, number)
        hidden.append((range(low, high + 1), None if part.official is None else part.official.children))
    return hidden


def _values(
    hidden: list[_Hidden], children: Figure, missing: Figure | None, public: int, fixed: int
) -> list[set[int]]:
    """For each roll, the numbers that some world has which fits what is published."""
    in_all = as_known(children.number, children.exact)
    lacking = None if missing is None else as_known(missing.number, missing.exact)
    found = []
    for at in range(len(hidden)):
        others = _sums(hidden[:at] + hidden[at + 1 :])
        rolls, listed = hidden[at]
        found.append(
            {
                roll
                for roll in rolls
                if any(
                    in_all[0] <= roll + a + public <= in_all[1]
                    and (lacking is None or lacking[0] <= _lack(roll, listed) + b + fixed <= lacking[1])
                    for a, b in others
                )
            }
        )
    return found


def _lack(roll: int, listed: int | None) -> int:
    return 0 if listed is None else max(listed - roll, 0)


def _sums(hidden: Iterable[_Hidden]) -> set[tuple[int, int]]:
    sums = {(0, 0)}
    for rolls, listed in hidden:
        sums = {(a + roll, b + _lack(roll, listed)) for a, b in sums for roll in rolls}
    return sums


@given(
    st.lists(
        st.builds(
            OfficialFigure,
            st.integers(0, 400),
            st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
            st.sampled_from(["a census", NATIONAL_LIST]),
        ),
        min_size=1,
    )
)
def test_whatever_comes_in_and_in_which_order_the_newest_day_counts(figures: list[OfficialFigure]) -> None:
    known: OfficialFigure | None = None
    for figure in figures:
        known = newest(known, figure)
    days = [figure.as_of for figure in figures if figure.as_of is not None]
    assert known in figures
    assert known is not None
    assert known.as_of == max(days, default=None)
