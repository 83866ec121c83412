"""A child's outcome follows its table."""

from __future__ import annotations

from typing import Any

from everyfamily.core.accounting.coverage import (
    NEXT,
    ChildFacts,
    Outcome,
    Reason,
    Return,
    from_no_roll,
    from_return,
    outcome_of,
)
from tests.factories.each import each
from tests.spec.tables import table

TABLE = table("outcomes")


@each("row", TABLE["child"])
def test_a_childs_outcome_is_the_tables(row: dict[str, Any]) -> None:
    facts = ChildFacts(**dict.fromkeys(row["facts"], True))
    assert outcome_of(facts) == (row["outcome"], row.get("reason"))


@each("row", TABLE["school"])
def test_a_schools_return_counts_as_the_table_says(row: dict[str, Any]) -> None:
    filed = Return(**row["filed"]) if "filed" in row else None
    on_roll = filed.on_roll if filed else row["expected"]
    assert filed is None or filed.adds_up()
    coverage = from_return(filed, on_roll)
    assert +coverage.outcomes == row["counts"]
    assert coverage.reasons == {row["reason"]: row["counts"]["not_reached"]}
    assert coverage.children == on_roll


def test_the_table_speaks_of_every_outcome_and_reason() -> None:
    rows = TABLE["child"] + TABLE["school"]
    assert {row["outcome"] for row in TABLE["child"]} == set(Outcome)
    # A school whose roll never came in has no children to ask about: all it has is a number (from_no_roll).
    assert {row["reason"] for row in rows if "reason" in row} | {Reason.NO_ROLL} == set(Reason) == set(NEXT)


def test_a_school_whose_roll_has_not_come_in_counts_what_it_is_expected_to_have() -> None:
    coverage = from_no_roll(30)
    assert (coverage.children, dict(coverage.reasons)) == (30, {Reason.NO_ROLL: 30})
