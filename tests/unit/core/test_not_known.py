"""Children whom the official lists have and no roll or return has: one case for each rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from everyfamily.core.accounting.coverage import Reason
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.not_known import not_known_children, not_known_sum
from everyfamily.core.accounting.published import Figure, NotKnownToUs
from everyfamily.core.schools.official_figures import NATIONAL_LIST, OfficialFigure, imported, newest
from everyfamily.reports.queries import CityCoverage, SchoolCoverage
from tests.factories.coverage import city, coverage, school, small_city

JANUARY, OCTOBER = date(2027, 1, 21), date(2026, 10, 1)


def found(whole: CityCoverage, **options: bool) -> NotKnownToUs:
    shown = disclose(whole, **options).not_known_to_us
    assert shown is not None
    return shown


def _ordinary(count: int = 8, roll: int = 203) -> list[SchoolCoverage]:
    """Schools whose rolls have about as many children as the national list, some a few more and some a few less."""
    parts = (coverage(roll + at - 12, 12) for at in range(count))
    return [
        school(f"Ordinary {at}", part, school_id=at, listed=roll + at + (-4, 6, 3)[at % 3])
        for at, part in enumerate(parts)
    ]


def test_a_school_s_shortage_is_not_hidden_by_another_s_surplus() -> None:
    short = school("Short School", coverage(1150, 51), listed=1463)
    more = school("Longer School", coverage(800, 51), listed=500)
    whole = city(short, more, *_ordinary())
    assert not_known_sum([short, more]) == 262
    (line,) = found(whole).schools
    assert (line.name, line.listed, line.about) == ("Short School", 1463, 1200)
    assert line.fewest <= 262 <= line.most <= line.fewest + 20


def test_the_area_s_sum_is_exact() -> None:
    whole = city(school("Short School", coverage(1150, 51), listed=1463), *_ordinary())
    assert found(whole).children == Figure(not_known_sum(whole.schools))


def test_the_sum_stands_beside_the_outcomes_and_changes_none() -> None:
    schools = [school("Short School", coverage(1150, 51), listed=1463), *_ordinary()]
    listed, unlisted = disclose(city(*schools)), disclose(city(*(replace(one, official=None) for one in schools)))
    assert replace(listed, not_known_to_us=None) == replace(unlisted, not_known_to_us=None)


@pytest.mark.parametrize(("state", "sends"), [("roll missing", "us"), ("return missing", "school")])
def test_of_a_school_of_which_nothing_came_in_no_child_is_known(state: str, sends: str) -> None:
    why = Reason.NO_ROLL if state == "roll missing" else Reason.RETURN_MISSING
    late = school("Late School", coverage(reasons={why: 341}), sends=sends, state=state, listed=341)
    shown = found(city(late, *_ordinary()))
    (line,) = shown.schools
    assert (line.fewest, line.most, line.why, line.about) == (340, 341, state, None)
    assert shown.awaited == 341
    assert shown.children == Figure(341 + not_known_sum(_ordinary()))


def test_a_school_that_came_in_after_the_letter_was_opened_is_not_known() -> None:
    new = school("New School", coverage(), state="not in this letter", listed=120)
    shown = found(city(*_ordinary(), outside=(new,)))
    assert [(line.name, line.most, line.why) for line in shown.schools] == [
        ("New School", 120, "not in this letter")
    ]
    assert shown.awaited == 0, "it is in none of the five outcomes"


def test_children_educated_at_home_have_a_row_of_their_own() -> None:
    home = school("Children educated at home", coverage(1), kind="home educated", listed=212)
    shown = found(city(home, school("Tiny School", coverage(19, 2), listed=21), *_ordinary()))
    (line,) = shown.at_home
    assert (line.listed, line.about) == (212, None), "counted with the small schools, and still in a row"
    assert line.fewest <= 211 <= line.most
    assert line not in shown.schools


def test_children_at_home_whom_nobody_has_counted_are_not_none() -> None:
    home = school("Children educated at home", coverage(), kind="home educated", state="not known")
    (line,) = found(city(home, *_ordinary())).at_home
    assert line.listed is None


def test_a_roll_that_the_sum_would_give_away_takes_the_sum_s_last_digit() -> None:
    """One school, whose list says 300, and the sum is 37: its roll were 263."""
    alone = city(school("Only School", coverage(250, 13), listed=300), *(_unlisted(at) for at in range(6)))
    shown = found(alone)
    assert shown.children == Figure(40, exact=False)


def _unlisted(at: int) -> SchoolCoverage:
    return school(f"Unlisted {at}", coverage(190, 12), school_id=90 + at)


def test_the_only_school_with_more_children_than_listed_is_not_worked_out() -> None:
    """All rolls' sum and the sum of those missing would leave the one roll that is on the other side of its list."""
    short = [school(f"Short {at}", coverage(190, 12), school_id=at, listed=230) for at in range(6)]
    shown = found(city(school("Longer School", coverage(300, 7), listed=290), *short))
    assert shown.children is None or not shown.children.exact


def test_two_days_sums_are_not_both_exact_when_the_caller_says_so() -> None:
    whole = city(school("Short School", coverage(1150, 51), listed=1463), *_ordinary())
    assert found(whole, exact_not_known=False).children == Figure(290, exact=False)


def test_schools_without_an_official_figure_are_counted_as_such() -> None:
    shown = found(small_city())
    assert (shown.listed, shown.schools, shown.without_list) == (0, (), 24)


def test_a_correction_is_not_held_against_the_lists() -> None:
    assert disclose(replace(small_city(), held_to_the_lists=False)).not_known_to_us is None


def test_more_counted_than_listed_is_none_missing() -> None:
    assert not_known_children(200, 210) == 0


@pytest.mark.parametrize(
    ("known", "offered", "counts"),
    [
        (None, OfficialFigure(200), 200),
        (OfficialFigure(200, OCTOBER, "school census"), OfficialFigure(210, JANUARY, NATIONAL_LIST), 210),
        (OfficialFigure(200, JANUARY, "school census"), OfficialFigure(210, OCTOBER, NATIONAL_LIST), 200),
        (OfficialFigure(200, JANUARY, "school census"), OfficialFigure(210, None, NATIONAL_LIST), 200),
        (OfficialFigure(200, JANUARY, "school census"), OfficialFigure(210, JANUARY, NATIONAL_LIST), 200),
        (OfficialFigure(200, JANUARY, NATIONAL_LIST), OfficialFigure(210, JANUARY, NATIONAL_LIST), 210),
        (OfficialFigure(200, JANUARY, "school census"), OfficialFigure(210, JANUARY, "EHE return"), 210),
        (OfficialFigure(200, JANUARY, NATIONAL_LIST), None, 200),
    ],
)
def test_the_newest_figure_counts(
    known: OfficialFigure | None, offered: OfficialFigure | None, counts: int
) -> None:
    after = newest(known, offered)
    assert after is not None
    assert after.children == counts


def test_a_list_without_a_day_and_with_the_known_number_is_no_news() -> None:
    known = OfficialFigure(200, OCTOBER, NATIONAL_LIST)
    other = OfficialFigure(201, None, NATIONAL_LIST)
    assert imported(known, OfficialFigure(200, None, NATIONAL_LIST), JANUARY) == known
    assert imported(known, other, JANUARY) == replace(other, as_of=JANUARY)
