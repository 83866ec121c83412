"""Every child is counted once, and parts add up to the whole."""

from __future__ import annotations

import itertools
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.accounting.coverage import (
    ChildFacts,
    Coverage,
    Outcome,
    Reason,
    Return,
    from_facts,
    from_return,
    outcome_of,
    to_ten,
)

NAMES = [one.name for one in fields(ChildFacts)]
FACTS = st.builds(ChildFacts, **dict.fromkeys(NAMES, st.booleans()))
GROUPS = st.lists(st.tuples(FACTS, st.integers(0, 900)), max_size=12)


def adds_up(coverage: Coverage, children: int) -> None:
    assert coverage.children == sum(coverage.outcomes[outcome] for outcome in Outcome) == children
    assert sum(coverage.reasons.values()) == coverage.outcomes[Outcome.NOT_REACHED]
    assert set(coverage.outcomes) <= set(Outcome)
    assert set(coverage.reasons) <= set(Reason)


@given(GROUPS)
@settings(max_examples=50)
def test_children_by_outcome_add_up_to_the_roll(groups: list[tuple[ChildFacts, int]]) -> None:
    adds_up(from_facts(groups), sum(children for _, children in groups))


@given(st.lists(GROUPS, max_size=3))
@settings(max_examples=25)
def test_the_whole_is_the_sum_of_its_parts(schools: list[list[tuple[ChildFacts, int]]]) -> None:
    parts = [from_facts(groups) for groups in schools]
    added = sum(parts, Coverage())
    together = from_facts(itertools.chain.from_iterable(schools))
    assert +added.outcomes == +together.outcomes
    assert +added.reasons == +together.reasons
    adds_up(added, sum(part.children for part in parts))


@given(*[st.integers(0, 2000)] * 4, st.booleans())
@settings(max_examples=40)
def test_a_return_that_adds_up_is_counted_whole(
    by_email: int, by_text: int, on_paper: int, not_reached: int, confirmed: bool
) -> None:
    on_roll = by_email + by_text + on_paper + not_reached
    filed = Return(on_roll, by_email, by_text, on_paper, not_reached, confirmed)
    assert filed.adds_up()
    coverage = from_return(filed, on_roll + 7)
    adds_up(coverage, on_roll)
    assert coverage.outcomes[Outcome.REACHED] == on_paper + (by_email if confirmed else 0)
    assert not Return(on_roll + 1, by_email, by_text, on_paper, not_reached, confirmed).adds_up()


@given(st.integers(0, 2000))
def test_without_a_return_no_child_is_reached(on_roll: int) -> None:
    coverage = from_return(None, on_roll)
    adds_up(coverage, on_roll)
    assert coverage.reasons[Reason.RETURN_MISSING] == on_roll


def test_one_more_fact_never_takes_a_better_outcome_away() -> None:
    order = list(Outcome)
    for values in itertools.product((False, True), repeat=len(NAMES)):
        facts = dict(zip(NAMES, values, strict=True))
        outcome, reason = outcome_of(ChildFacts(**facts))
        assert (reason is None) == (outcome is not Outcome.NOT_REACHED)
        for name in (name for name in NAMES if not facts[name]):
            better, _ = outcome_of(ChildFacts(**(facts | {name: True})))
            assert order.index(better) <= order.index(outcome)


def test_reasons_are_asked_in_the_order_in_which_they_stand() -> None:
    asked = [reason for reason in Reason if reason.value in NAMES]
    for values in itertools.product((False, True), repeat=len(asked)):
        facts = {reason.value: value for reason, value in zip(asked, values, strict=True)}
        _, reason = outcome_of(ChildFacts(**facts))
        assert reason is next((one for one in asked if facts[one.value]), Reason.NOBODY_ENTITLED)


@pytest.mark.parametrize(("outcome", "reason"), [(Outcome.NOT_REACHED, None), (Outcome.REACHED, Reason.RETURNED)])
def test_a_reason_belongs_to_not_reached_and_only_to_it(outcome: Outcome, reason: Reason | None) -> None:
    with pytest.raises(ValueError, match="belongs to not reached"):
        Coverage().add(outcome, reason, 1)


@given(st.integers(0, 100_000))
def test_a_rounded_roll_is_within_five(roll: int) -> None:
    assert to_ten(roll) % 10 == 0
    assert -5 <= roll - to_ten(roll) < 5
