"""Which version of a letter an adult gets, as a table that people read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from everyfamily.core.adults.eligibility import LinkFacts, version_of
from everyfamily.core.calendar.letter_versions import Version, at_least_year, version_for, versions_at
from tests.factories.each import each

CASES = tomllib.loads(Path(__file__).with_name("which_version.toml").read_text(encoding="utf-8"))["case"]
FROM = 7


def links_of(case: dict[str, Any]) -> list[tuple[str, LinkFacts]]:
    """The adult's links in a case, each with the year group as the roll has it."""
    phase = case["phase"]
    found = [(year, LinkFacts(at_least_year=at_least_year(year, phase))) for year in case["children"]]
    for other in case.get("others", ()):
        year = other["year"]
        rest = {name: value for name, value in other.items() if name != "year"}
        found.append((year, LinkFacts(at_least_year=at_least_year(year, phase), **rest)))
    return found


@each("case", CASES)
def test_an_adult_gets_the_version_that_the_table_says(case: dict[str, Any]) -> None:
    assert version_of((facts for _, facts in links_of(case)), secondary_from=FROM) == case["gets"], case["why"]


@each("case", CASES)
def test_the_schools_kit_has_that_version(case: dict[str, Any]) -> None:
    unusual = case["why"].startswith("The roll's year counts")
    assert (Version(case["gets"]) in versions_at(case["phase"], FROM)) is not unusual, case["why"]


def test_a_letter_in_one_version_has_none() -> None:
    assert version_for([3, 8], None) is None
    assert versions_at("Primary", None) == ()


def test_a_school_of_one_phase_needs_one_version() -> None:
    assert versions_at("Primary", FROM) == (Version.PRIMARY,)
    assert versions_at("Nursery", FROM) == (Version.PRIMARY,)
    assert versions_at("Secondary", FROM) == (Version.SECONDARY,)
    assert versions_at("Middle deemed primary", FROM) == (Version.PRIMARY, Version.SECONDARY)
    assert versions_at("", FROM) == (Version.PRIMARY, Version.SECONDARY)
