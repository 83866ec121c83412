"""The edges of what published figures say: bands, rolls to the nearest 10, and what subtraction shows."""

from __future__ import annotations

from datetime import date

import pytest

from everyfamily.core.accounting.coverage import Coverage, Outcome, Reason
from everyfamily.core.accounting.published import (
    as_known,
    bands_for,
    figure_of,
    group_range,
    roll_range,
    shown_as_one,
)
from everyfamily.core.accounting.return_reminders import ReminderKind, still_true
from everyfamily.core.accounting.subtraction import fewest_values, narrowed
from everyfamily.core.actors import Actor
from tests.factories.coverage import coverage, school

DUE = date(2027, 3, 12)


@pytest.mark.parametrize(
    ("reached", "on_roll", "name"),
    [
        (100, 100, "95% or more"),
        (95, 100, "95% or more"),
        (94, 100, "90 to 94%"),
        (90, 100, "90 to 94%"),
        (89, 100, "80 to 89%"),
        (80, 100, "80 to 89%"),
        (79, 100, "under 80%"),
        (0, 100, "under 80%"),
        (949, 1000, "90 to 94%"),
    ],
)
def test_a_share_is_in_one_band(reached: int, on_roll: int, name: str) -> None:
    assert [band.name for band in bands_for(on_roll) if band.holds(reached, on_roll)] == [name]


@pytest.mark.parametrize(
    ("about", "possible"),
    [(0, (0, 4)), (10, (5, 14)), (20, (20, 24)), (30, (25, 34)), (100, (95, 104))],
)
def test_a_roll_to_the_nearest_ten_is_one_of_ten(about: int, possible: tuple[int, int]) -> None:
    assert roll_range(about) == possible


@pytest.mark.parametrize(
    ("number", "possible"), [(0, (0, 4)), (4, (0, 4)), (5, (5, 14)), (14, (5, 14)), (95, (95, 104))]
)
def test_a_figure_to_the_nearest_ten_hides_which_of_ten_it_is(number: int, possible: tuple[int, int]) -> None:
    low, high = possible
    assert as_known(number, exact=False) == possible
    assert as_known(number, exact=True) == (number, number)
    assert len({figure_of(one, exact=False) for one in range(low, high + 1)}) == 1
    assert figure_of(high + 1, exact=False) != figure_of(high, exact=False)


@pytest.mark.parametrize(
    ("rolls", "together", "possible"),
    [
        ([10, 10], True, (20, 24)),
        ([10, 9], False, (0, 38)),
        ([19], False, (0, 19)),
        ([20], False, (0, 19)),
        ([7, 7, 7], True, (20, 24)),
        ([], False, (0, 0)),
    ],
)
def test_small_schools_are_shown_as_one_from_two_of_them_and_twenty_children(
    rolls: list[int], together: bool, possible: tuple[int, int]
) -> None:
    group = [school(f"School {at}", coverage(reached=one)) for at, one in enumerate(rolls)]
    assert shown_as_one(group) is together
    assert group_range(group) == possible


@pytest.mark.parametrize(
    ("ranges", "total", "expected"),
    [
        ([(0, 10), (0, 10)], (0, 20), [(0, 10), (0, 10)]),
        ([(0, 10), (0, 10)], (15, 18), [(5, 10), (5, 10)]),
        ([(0, 10), (0, 10)], (2, 5), [(0, 5), (0, 5)]),
        ([(3, 9), (4, 8)], (8, 9), [(3, 5), (4, 6)]),
        ([(3, 9)], (5, 6), [(5, 6)]),
    ],
)
def test_a_sum_narrows_its_parts(
    ranges: list[tuple[int, int]], total: tuple[int, int], expected: list[tuple[int, int]]
) -> None:
    assert narrowed(ranges, total) == expected
    assert fewest_values(ranges, total, range(len(ranges))) == min(high - low + 1 for low, high in expected)
    assert fewest_values(ranges, total, []) is None


def test_coverage_begins_with_nothing_and_is_added_up() -> None:
    one, other = Coverage(every_adult=2), Coverage(every_adult=3)
    one.add(Outcome.REACHED, None, 4)
    other.add(Outcome.NOT_REACHED, Reason.RETURN_MISSING, 5)
    both = one + other
    assert (both.children, both.every_adult, both.outcomes[Outcome.REACHED]) == (9, 5, 4)
    assert (Coverage().children, Coverage().every_adult) == (0, 0)
    for outcome, reason in ((Outcome.REACHED, Reason.RETURN_MISSING), (Outcome.NOT_REACHED, None)):
        with pytest.raises(ValueError, match="a reason belongs to not reached"):
            Coverage().add(outcome, reason, 1)


@pytest.mark.parametrize(
    ("kind", "true_on"),
    [
        (ReminderKind.LINK, (-1, 0, 1)),
        (ReminderKind.BEFORE, (-1, 0)),
        (ReminderKind.DUE, (0,)),
        (ReminderKind.LATE, (-1, 0, 1)),
    ],
)
def test_what_a_reminder_says_about_the_day_is_true_when_it_goes(
    kind: ReminderKind, true_on: tuple[int, ...]
) -> None:
    found = tuple(by for by in (-1, 0, 1) if still_true(kind, DUE, DUE.replace(day=DUE.day + by)))
    assert found == true_on


def test_a_name_is_kept_as_one_line_as_long_as_the_tables_have_room() -> None:
    assert len(Actor.typed("x" * 81).text) == 80
    assert Actor.typed("Una\n  Marsh ").text == "Una Marsh"
