"""Who may have the letter, and whose ways are closed, follow their table; the database's views do too (see
tests/integration/database/test_eligibility.py)."""

from __future__ import annotations

from typing import Any

from everyfamily.core.adults.eligibility import (
    CONTACT_STATUSES,
    LinkFacts,
    Standing,
    carries_paper,
    closes_shared_ways,
    is_here,
    is_usable,
    standing_of,
)
from everyfamily.core.calendar.year_groups import up_to_year
from everyfamily.core.rolls.model.roll_rows import RESTRICTION_REASONS, RESTRICTIONS
from tests.factories.each import each
from tests.spec.tables import table

TABLE = table("who_may_have_it")


@each("row", TABLE["adult"])
def test_an_adults_standing_is_the_tables(row: dict[str, Any]) -> None:
    links = [LinkFacts(**link) for link in row["links"]]
    asked = {"objects": row.get("objects", False), "from_year": row.get("from_year", 0)}
    assert standing_of(links, **asked) == row["standing"]
    assert standing_of(reversed(links), **asked) == row["standing"]


@each("row", TABLE["year"])
def test_a_childs_year_is_the_tables(row: dict[str, Any]) -> None:
    assert up_to_year(row["year_group"], row["phase"]) == row["up_to_year"]


@each("row", TABLE["closes"])
def test_a_link_closes_shared_ways_as_the_table_says(row: dict[str, Any]) -> None:
    link = LinkFacts(**row["link"])
    assert closes_shared_ways(link.restriction, link.reason) is row["closes"]


@each("row", TABLE["child"])
def test_a_child_is_here_as_the_table_says(row: dict[str, Any]) -> None:
    assert is_here(has_left=row.get("left", False), has_died=row.get("died", False)) is row["here"]


@each("row", TABLE["way"])
def test_a_way_is_usable_as_the_table_says(row: dict[str, Any]) -> None:
    assert is_usable(row.get("status", "usable"), is_purged=row.get("purged", False)) is row["usable"]


@each("row", TABLE["paper"])
def test_a_child_carries_paper_as_the_table_says(row: dict[str, Any]) -> None:
    link = LinkFacts(**row.get("link", {}))
    assert carries_paper(link, is_purged=row.get("purged", False)) is row["carries"]


def test_the_table_speaks_of_every_restriction_reason_and_standing() -> None:
    links = [LinkFacts(**link) for row in TABLE["adult"] for link in row["links"]]
    assert {link.restriction for link in links} == set(RESTRICTIONS)
    assert {link.reason for link in links} == set(RESTRICTION_REASONS)
    assert {row["standing"] for row in TABLE["adult"]} == set(Standing)
    assert {row.get("status", "usable") for row in TABLE["way"]} == set(CONTACT_STATUSES)
    told = {(row["link"]["restriction"], row["link"].get("reason", "")) for row in TABLE["closes"]}
    assert {restriction for restriction, _ in told} == set(RESTRICTIONS)
    assert {reason for _, reason in told} == set(RESTRICTION_REASONS)
