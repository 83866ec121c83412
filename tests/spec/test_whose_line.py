"""Whose line a row of the register is, and what it may not give (whose_line.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from everyfamily.core.partnership.partnership import NumberNotOfThisLine
from everyfamily.core.partnership.routes import Route
from everyfamily.core.partnership.whose_line import OURS, fault_of_row, faults_of_lines, line_of
from tests.factories.demonstration import demo_partnership
from tests.factories.each import each
from tests.unit.core.test_partnership import refusal

ROWS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("whose_line.toml").read_text(encoding="utf-8")
)["row"]
STRANGER = "0151 496 0999"


def route(**said: str) -> Route:
    return Route(**{"hours": "Any time", "owner": "a test"} | said)  # type: ignore[arg-type]


@each("row", ROWS)
def test_each_row_is_one_line_and_gives_only_its_own(row: dict[str, Any]) -> None:
    given = route(**row["row"])
    line, fault = line_of(replace(given, belongs_to=None) if row["line"] == OURS else given), fault_of_row(given)
    assert (line.id if line else OURS, fault[0] if fault else "") == (row["line"], row["fault"])


def test_a_stranger_s_number_gets_into_no_national_row_of_the_demonstration() -> None:
    routes = demo_partnership().routes
    national = [one for one in routes if line_of(one) is not None and one.number]
    assert len(national) > 8
    for one in national:
        assert fault_of_row(replace(one, number=STRANGER)) is not None, one.id


def test_one_number_has_one_name_unless_both_bodies_say_so() -> None:
    one = route(id="day", need="By day", label="the day team", number="0151 496 0120")
    two = route(id="night", need="By night", label="the night team", number="01514 960120")
    assert [fault.row for fault in faults_of_lines([one, two])] == [1]
    assert list(faults_of_lines([one, replace(two, same_number_as="day")])) == []
    assert [fault.row for fault in faults_of_lines([one, replace(two, same_number_as="other")])] == [1]


def test_the_police_s_number_has_one_row_whatever_anybody_says() -> None:
    police = route(id="police", need="Police", label="the police", number="101")
    again = route(id="again", need="Ring them", label="them", number="101", same_number_as="police")
    assert [fault.row for fault in faults_of_lines([police, again])] == [1]


def test_a_file_with_another_s_number_is_refused_at_its_line() -> None:
    error, line = refusal('number = "0800 1111"', 'number = "0151 496 0999"')
    assert isinstance(error, NumberNotOfThisLine)
    assert line == 'number = "0151 496 0999"'
    assert "Childline" in error.fact and "0800 1111" in error.fix
