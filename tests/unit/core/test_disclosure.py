"""What the partnership may see: one case for each rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.published import Figure, SchoolLine, Standing, bands_for
from everyfamily.core.accounting.subtraction import fewest_values, narrowed
from everyfamily.reports.queries import SchoolCoverage
from tests.factories.coverage import city, coverage, school, small_city


def _ordinary(count: int, roll: int = 203, **reasons: int) -> list[SchoolCoverage]:
    """Schools that we send for, each with the same reasons and 10 children accepted."""
    why = {Reason(name): number for name, number in reasons.items()}
    left = 10 + sum(why.values())
    return [school(f"Ordinary {at}", coverage(roll - left, 10, reasons=why), school_id=at) for at in range(count)]


def test_a_city_of_ordinary_schools_has_exact_outcomes() -> None:
    shown = disclose(small_city())
    assert shown.exact
    assert shown.outcomes[Outcome.REACHED] == Figure(small_city().total.outcomes[Outcome.REACHED])


def test_a_single_school_s_figures_are_never_the_city_s() -> None:
    alone = city(school("Only School", coverage(150, 5, 3, 0, {Reason.SCHOOL_COULD_NOT: 12}), sends="school"))
    shown = disclose(alone)
    assert not shown.exact
    assert [(line.reason, str(line.figure)) for line in shown.reasons] == [(None, "about 10")]


def test_the_reason_of_the_only_school_that_sends_for_itself_is_not_named() -> None:
    own = school("Sends Itself", coverage(300, reasons={Reason.SCHOOL_COULD_NOT: 40}), sends="school")
    shown = disclose(city(own, *_ordinary(6, no_contact=4, undecided=3)))
    assert shown.exact
    assert shown.reason(Reason.SCHOOL_COULD_NOT) is None
    assert shown.reason(Reason.NO_CONTACT) is not None
    assert shown.reasons[-1].figure == Figure(40 + 18), (
        "one more reason joins it, else 40 were left by subtraction"
    )


def test_the_only_held_school_does_not_give_its_roll_away() -> None:
    held = school("Held School", coverage(reasons={Reason.SCHOOL_HELD: 63}), state="held")
    shown = disclose(city(held, *_ordinary(6, no_contact=4, undecided=3)))
    line = shown.reason(Reason.SCHOOL_HELD)
    assert line is not None
    assert str(line.figure) == "about 60"
    assert sum(not other.figure.exact for other in shown.reasons) >= 2, "what they add up to is known"
    assert shown.outcomes[Outcome.NOT_REACHED] == Figure(63 + 42)


def test_two_rolls_at_the_top_of_their_tens_take_a_third_figure_with_them() -> None:
    held = school("Held School", coverage(reasons={Reason.SCHOOL_HELD: 64}), state="held")
    late = school(
        "Late School", coverage(reasons={Reason.RETURN_MISSING: 44}), sends="school", state="return missing"
    )
    shown = disclose(city(held, late, *_ordinary(6, no_contact=5, undecided=3)))
    rounded = {line.reason for line in shown.reasons if not line.figure.exact}
    assert rounded == {Reason.SCHOOL_HELD, Reason.RETURN_MISSING, Reason.UNDECIDED}


def test_three_late_returns_may_be_added_up_exactly() -> None:
    late = [
        school(
            f"Late {roll}",
            coverage(reasons={Reason.RETURN_MISSING: roll}),
            sends="school",
            state="return missing",
        )
        for roll in (211, 118, 73)
    ]
    line = disclose(city(*late, *_ordinary(6, no_contact=4))).reason(Reason.RETURN_MISSING)
    assert line is not None
    assert (line.figure, line.schools) == (Figure(402), 3)


def test_a_single_small_school_takes_the_next_with_it() -> None:
    small = school("Tiny School", coverage(9, 3))
    shown = disclose(city(small, *_ordinary(5), school("Next School", coverage(70, 3))))
    assert shown.together is not None
    assert shown.together.members == ("Next School", "Tiny School")
    assert "Next School" not in [line.name for line in shown.schools]


def test_a_small_school_s_late_return_is_named_without_a_number() -> None:
    late = school(
        "Tiny School", coverage(reasons={Reason.RETURN_MISSING: 9}), sends="school", state="return missing"
    )
    shown = disclose(city(late, *_ordinary(5), school("Next School", coverage(70, 3))))
    (line,) = shown.standing(Standing.RETURN_MISSING)
    assert (line.name, line.about, line.band) == ("Tiny School", None, None)


def test_lists_of_unknown_length_are_named_and_never_counted_as_zero() -> None:
    shown = disclose(small_city())
    assert shown.not_known == ("Children placed outside Eastmere, no list yet",)
    assert "Children placed outside Eastmere, no list yet" not in [line.name for line in shown.schools]


def test_a_school_of_twenty_is_not_said_to_have_exactly_two_children_left() -> None:
    assert [band.name for band in bands_for(20)] == ["80% or more", "under 80%"]
    assert [band.name for band in bands_for(100)] == ["95% or more", "90 to 94%", "80 to 89%", "under 80%"]


@pytest.mark.parametrize(
    ("reached", "name"),
    [(190, "95% or more"), (189, "90 to 94%"), (180, "90 to 94%"), (179, "80 to 89%"), (159, "under 80%")],
)
def test_a_band_begins_at_its_floor(reached: int, name: str) -> None:
    assert next(band.name for band in bands_for(200) if band.holds(reached, 200)) == name


def test_figures_can_be_asked_for_to_the_nearest_ten() -> None:
    shown = disclose(small_city(), exact=False)
    figures = [*shown.outcomes.values(), shown.children, shown.left, shown.every_adult]
    assert not any(figure.exact for figure in [*figures, *(line.figure for line in shown.reasons)])


@pytest.mark.parametrize(
    ("figure", "words"),
    [(Figure(7341), "7,341"), (Figure(0), "0"), (Figure(60, False), "about 60"), (Figure(0, False), "under 5")],
)
def test_a_figure_says_whether_it_is_exact(figure: Figure, words: str) -> None:
    assert str(figure) == words


def test_an_empty_city_is_shown_as_empty() -> None:
    shown = disclose(city())
    assert (shown.children.number, shown.schools, shown.together, shown.reasons) == (0, (), None, ())


def test_a_sum_narrows_the_ranges_of_its_parts() -> None:
    assert narrowed([(55, 64), (35, 44)], (108, 108)) == [(64, 64), (44, 44)]
    assert narrowed([(55, 64), (35, 44)], (95, 95)) == [(55, 60), (35, 40)]
    assert fewest_values([(55, 64), (35, 44)], (95, 95), [0]) == 6
    assert fewest_values([(55, 64)], (60, 60), []) is None


@pytest.mark.parametrize(("left", "exact"), [(0, True), (3, True)])
def test_a_city_with_nearly_everybody_reached_may_say_so(left: int, exact: bool) -> None:
    done = [school(f"Done {at}", coverage(303 + at), school_id=at) for at in range(5)]
    shown = disclose(city(school("Last School", coverage(300, left)), *done))
    assert shown.exact is exact
    assert str(shown.left) == str(left)


def test_a_return_to_look_at_is_named_as_a_state_and_keeps_its_band() -> None:
    strange = school("Strange School", coverage(300, 20), sends="school", state="return to look at")
    shown = disclose(city(strange, *_ordinary(6)))
    (line,) = shown.standing(Standing.RETURN_TO_LOOK_AT)
    assert (line.name, line.about, line.still_to_reach) == ("Strange School", 320, (10, 40))
    plain = disclose(city(replace(strange, state="sends itself"), *_ordinary(6)))
    assert [one.band for one in shown.schools] == [one.band for one in plain.schools]
    assert shown.reasons == plain.reasons


def test_a_return_to_look_at_without_a_band_does_not_say_that_all_are_left() -> None:
    line = SchoolLine("Strange School", "", "school", Standing.RETURN_TO_LOOK_AT, about=320, band=None)
    assert line.still_to_reach is None
