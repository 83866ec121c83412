"""What is true of the demo city, whatever the seed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily_demo.chance import share_out
from everyfamily_demo.children import DemoFamilies
from everyfamily_demo.families import family
from everyfamily_demo.returns import return_counts
from everyfamily_demo.schools import SMALL_ROLL, STATE_ROLL, demo_schools

seeds = st.integers(min_value=0, max_value=2**32)


@given(
    total=st.integers(0, 10_000),
    weights=st.lists(st.integers(0, 2_000), min_size=1, max_size=40).filter(sum),
)
def test_what_is_shared_out_adds_up_and_follows_the_weights(total: int, weights: list[int]) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_the_city_has_its_exact_size_whatever_the_seed(seed: int) -> None:
    full = demo_schools("full", seed)
    assert len(full) == 189
    small = demo_schools("small", seed)
    assert len(small) == 24
    assert sum(school.roll or 0 for school in small) == SMALL_ROLL
    invented = {"independent", "nursery", "home educated", "educated elsewhere"}
    types = {"Other independent special school", "Alternative provision", "Further education"}
    state = [s for s in full if s.kind not in invented and s.establishment_type not in types]
    assert sum(school.roll or 0 for school in state) == STATE_ROLL


@settings(max_examples=25, deadline=None)
@given(seed=seeds)
def test_a_return_adds_up_to_the_roll_and_only_a_filed_one_exists(seed: int) -> None:
    for school in demo_schools("full", seed):
        counts = return_counts(school, seed)
        if school.returns in ("filed", "filed late"):
            assert counts is not None
            lines = (counts.by_email, counts.by_text, counts.on_paper, counts.not_reached)
            assert sum(lines) == counts.on_roll == school.roll
            assert min(lines) >= 0
            assert bool(counts.reason) == bool(counts.not_reached)
            assert counts.emails_confirmed == school.emails_confirmed
        else:
            assert counts is None


@settings(max_examples=5, deadline=None)
@given(seed=seeds)
@pytest.mark.slow
def test_each_child_on_roll_has_one_family_and_each_family_its_number_of_children(seed: int) -> None:
    schools = demo_schools("small", seed)
    city = DemoFamilies(schools, seed)
    sizes: dict[int, list[int]] = {}
    for school in schools:
        children = list(city.children(school))
        assert len(children) == (school.roll or 0)
        assert len({child.pupil_id for child in children}) == len(children)
        for child in children:
            sizes.setdefault(child.family, []).append(child.siblings)
    assert sorted(sizes) == list(range(city.count))
    assert all(set(siblings) == {len(siblings) - 1} for siblings in sizes.values())


@given(number=st.integers(0, 200_000), seed=seeds)
@settings(max_examples=200, deadline=None)
def test_a_family_is_made_from_its_number_alone(number: int, seed: int) -> None:
    adults = family(number, seed)
    assert adults == family(number, seed)
    assert [adult.priority for adult in adults] == list(range(1, len(adults) + 1))
