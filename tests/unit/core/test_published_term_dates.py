"""Term dates as a council publishes them, and bank holidays as the government does, against what we compute with."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import holidays
import pytest

from everyfamily.core.calendar.academic_year import Term

DATA = Path(__file__).parents[2] / "data" / "terms"
PUBLISHED = json.loads((DATA / "liverpool_2025-26.json").read_text(encoding="utf-8"))


def term(row: dict[str, object]) -> Term:
    """A published row as a term."""
    first, last = (date.fromisoformat(day) for day in row["half_term"])  # type: ignore[attr-defined]
    return Term(row["term"], date.fromisoformat(row["start"]), date.fromisoformat(row["end"]), first, last)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", PUBLISHED["terms"], ids=lambda row: row["term"])
def test_a_published_term_has_no_fault(row: dict[str, object]) -> None:
    assert term(row).faults() == ()


def test_the_days_that_the_page_calls_tuesdays_are_mondays() -> None:
    # A newspaper's page names two weekdays wrongly: the date counts, never the word beside it.
    summer = term(PUBLISHED["terms"][2])
    assert [f"{day:%A}" for day in (summer.opens_on, summer.closes_on)] == ["Monday", "Monday"]


def test_a_day_that_cannot_be_a_school_day_is_a_fault() -> None:
    row = PUBLISHED["terms"][1] | {"start": "2026-01-04"}
    assert term(row).faults() == ("opens_on is a Sunday",)


def test_bank_holidays_are_those_that_the_government_publishes() -> None:
    file = json.loads((DATA / "bank-holidays_shape_sample.json").read_text(encoding="utf-8"))
    published = {date.fromisoformat(event["date"]) for event in file["england-and-wales"]["events"]}
    ours = holidays.country_holidays("GB", subdiv="ENG", years=2026)
    assert published <= ours.keys()
