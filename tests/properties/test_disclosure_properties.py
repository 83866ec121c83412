"""No number that is held back can be worked out from what is published, whatever the city."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.accounting.coverage import SMALL, SMALL_SCHOOL, Outcome, Reason, to_ten
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.published import (
    FEWEST_SCHOOLS,
    FOUR_BANDS_FROM,
    OF_SCHOOLS,
    WITH_FIGURES,
    Disclosed,
    Figure,
    SchoolLine,
    bands_for,
)
from everyfamily.reports.queries import CityCoverage, SchoolCoverage
from tests.factories.coverage import PEOPLE_REASONS, city, coverage, school

pytestmark = pytest.mark.slow


@st.composite
def schools(draw: st.DrawFn, largest: int = 400) -> SchoolCoverage:
    """A school in any state; most of its children reached, the rest anything."""
    states = (
        "sending",
        "sends itself",
        "return to look at",
        "held",
        "paused",
        "return missing",
        "planned",
        "not known",
    )
    state = draw(st.sampled_from(states))
    roll = draw(st.integers(0, largest) | st.integers(0, 30))
    sends = "school" if state in ("sends itself", "return to look at", "return missing") else "us"
    if state == "not known":
        return school("?", coverage(), sends=sends, state=state)
    if state == "planned":
        return school("?", coverage(on_its_way=roll), state=state)
    if state in ("held", "return missing"):
        why = Reason.SCHOOL_HELD if state == "held" else Reason.RETURN_MISSING
        return school("?", coverage(reasons={why: roll}), sends=sends, state=state)
    left = draw(st.integers(0, roll) | st.integers(0, min(roll, 6)))
    missed = draw(st.integers(0, left))
    reasons: dict[Reason, int] = {}
    if sends == "school":
        reasons = {Reason.SCHOOL_COULD_NOT: missed}
    elif missed:
        reasons = dict(Counter(draw(st.lists(st.sampled_from(PEOPLE_REASONS), min_size=missed, max_size=missed))))
    part = coverage(roll - left, accepted=left - missed, reasons=reasons)
    return school("?", part, sends=sends, state=state)


def cities(fewest: int = 1, most: int = 12, largest: int = 400) -> st.SearchStrategy[CityCoverage]:
    """Cities of a few schools, where subtraction is most dangerous, each school with its own name."""

    def named(found: list[SchoolCoverage]) -> CityCoverage:
        made = [
            school(f"School {at}", s.coverage, sends=s.sends, state=s.state, school_id=at)
            for at, s in enumerate(found)
        ]
        return city(*made, not_known=tuple(s.name for s in made if s.state == "not known"))

    return st.lists(schools(largest), min_size=fewest, max_size=most).map(named)


@given(cities())
def test_the_whole_is_the_sum_of_the_schools(whole: CityCoverage) -> None:
    total = whole.total
    assert total.children == sum(part.coverage.children for part in whole.schools)
    for outcome in Outcome:
        assert total.outcomes[outcome] == sum(part.coverage.outcomes[outcome] for part in whole.schools)
    assert sum(total.reasons.values()) == total.outcomes[Outcome.NOT_REACHED]


@given(cities())
def test_what_is_published_is_true(whole: CityCoverage) -> None:
    shown = disclose(whole)
    exact = {part.name: part for part in whole.schools}
    for line in shown.schools:
        part = exact[line.name].coverage
        assert line.about is None or line.about == to_ten(part.children)
        if line.band is not None:
            assert line.band.holds(part.outcomes[Outcome.REACHED], part.children)
    for outcome, figure in shown.outcomes.items():
        _is_true(figure, whole.total.outcomes[outcome])
    hidden = whole.total.outcomes[Outcome.NOT_REACHED]
    for reason in shown.reasons:
        if reason.reason is not None:
            hidden -= whole.total.reasons[reason.reason]
            _is_true(reason.figure, whole.total.reasons[reason.reason])
    for reason in shown.reasons:
        assert shown.exact or not reason.figure.exact
        if reason.reason is None:
            _is_true(reason.figure, hidden)
    if shown.reasons and shown.exact and all(line.figure.exact for line in shown.reasons):
        assert sum(line.figure.number for line in shown.reasons) == whole.total.outcomes[Outcome.NOT_REACHED]


def _is_true(figure: Figure, number: int) -> None:
    assert figure.number == (number if figure.exact else to_ten(number))


@given(cities())
def test_every_school_with_a_known_roll_is_shown_once(whole: CityCoverage) -> None:
    shown = disclose(whole)
    alone = [line.name for line in shown.schools if line.about is not None]
    together = list(shown.together.members) if shown.together else []
    assert sorted(alone + together) == sorted(part.name for part in whole.schools if part.state != "not known")


@given(cities())
def test_small_schools_are_never_shown_alone(whole: CityCoverage) -> None:
    shown = disclose(whole)
    small = {part.name for part in whole.schools if part.coverage.children < SMALL_SCHOOL}
    assert not [line.name for line in shown.schools if line.name in small and line.about is not None]
    if shown.together and shown.together.about is not None:
        assert len(shown.together.members) >= 2


@given(cities())
def test_no_large_school_is_hidden_among_the_small(whole: CityCoverage) -> None:
    shown = disclose(whole)
    children = {part.name: part.coverage.children for part in whole.schools}
    if shown.together:
        assert all(children[name] < FOUR_BANDS_FROM for name in shown.together.members)


@given(cities())
def test_a_named_reason_about_people_has_ten_children_of_three_schools(whole: CityCoverage) -> None:
    for line in disclose(whole).reasons:
        if line.reason is None or line.reason in OF_SCHOOLS:
            continue
        at = [part for part in whole.schools if part.coverage.reasons[line.reason]]
        assert whole.total.reasons[line.reason] >= SMALL
        assert len(at) >= FEWEST_SCHOOLS


@given(cities())
def test_the_rest_hides_two_reasons_or_is_all_there_is(whole: CityCoverage) -> None:
    shown = disclose(whole)
    named = {line.reason for line in shown.reasons}
    hidden = [reason for reason, children in whole.total.reasons.items() if children and reason not in named]
    assert len(hidden) != 1 or named in ({None}, set())


@given(cities())
def test_the_figure_of_a_school_s_state_does_not_give_its_roll_away(whole: CityCoverage) -> None:
    for line in disclose(whole).reasons:
        if line.reason in OF_SCHOOLS and line.figure.exact:
            assert line.schools is not None and line.schools >= FEWEST_SCHOOLS


@settings(max_examples=60, deadline=None)
@given(cities(most=4, largest=44))
def test_no_school_s_number_is_left_with_one_value(whole: CityCoverage) -> None:
    """All worlds that fit the page are counted, roll and reached together, and in none is a school pinned down."""
    shown = disclose(whole)
    lines = [line for line in (*shown.schools, shown.together) if line is not None and line.about is not None]
    for place, line in enumerate(lines):
        if line.band is not None and line.standing in WITH_FIGURES:
            left = {roll - reached for roll, reached in _worlds(lines, place, shown, whole)}
            nobody = whole.total.children == whole.total.outcomes[Outcome.REACHED]
            assert len(left) >= 2 or nobody, (line, left)


def _pairs(line: SchoolLine, whole: CityCoverage) -> set[tuple[int, int]]:
    """Every (roll, reached) that the line allows; a reader also knows that a late school has reached nobody."""
    about = line.about or 0
    rolls = range(max(about - 5, SMALL_SCHOOL if about >= SMALL_SCHOOL else 0), about + 5)
    if line.band is not None:
        return {(roll, got) for roll in rolls for got in range(roll + 1) if line.band.holds(got, roll)}
    if line.standing in WITH_FIGURES:
        return {(roll, got) for roll in rolls for got in range(roll + 1)}
    return {(roll, 0) for roll in rolls}


def _worlds(
    lines: list[SchoolLine], asked: int, shown: Disclosed, whole: CityCoverage
) -> Iterable[tuple[int, int]]:
    """The (roll, reached) of one line in every world whose sums give the published figures."""
    sums = {(0, 0)}
    for place, line in enumerate(lines):
        if place != asked:
            pairs = _pairs(line, whole)
            sums = {(a + roll, b + got) for a, b in sums for roll, got in pairs}
    found: dict[tuple[int, int], bool] = defaultdict(bool)
    for roll, got in _pairs(lines[asked], whole):
        found[roll, got] = any(
            _fits(shown.children, a + roll)
            and _fits(shown.outcomes[Outcome.REACHED], b + got)
            and _fits(shown.left, a + roll - b - got)
            for a, b in sums
        )
    return [pair for pair, fits in found.items() if fits]


def _fits(figure: Figure, number: int) -> bool:
    return figure.number == (number if figure.exact else to_ten(number))


@given(st.integers(2, 300).map(lambda tens: tens * 10))
def test_a_band_alone_leaves_five_numbers_of_children_not_reached(about: int) -> None:
    rolls = range(max(about - 5, SMALL_SCHOOL), about + 5)
    for band in bands_for(about):
        left = {roll - got for roll in rolls for got in range(roll + 1) if band.holds(got, roll)}
        assert len(left) >= 5
        assert left <= set(range(band.left((rolls[0], rolls[-1]))[0], band.left((rolls[0], rolls[-1]))[1] + 1))
