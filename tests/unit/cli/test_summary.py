"""The summary of a run, as a terminal, a pipe and a program see it."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console

from everyfamily.cli.accounts.summary import Step, coverage_table, print_summary, summary_json
from everyfamily.core.accounting.coverage import Outcome
from tests.factories.coverage import city, coverage, school, small_city

STEPS = (Step("compose", "1 letter in English", 1.84), Step("reach", "16 schools by us, 2 workers", 31.4))
PATHS = {"csv": "demo/coverage.csv", "coverage": "demo/" + "a-long-folder/" * 9 + "coverage.html", "odd_one": "x"}


def _printed(width: int, encoding: str = "utf-8") -> str:
    buffer = io.BytesIO()
    file = io.TextIOWrapper(buffer, encoding=encoding)
    console = Console(file=file, width=width)
    print_summary(
        console,
        title="everyfamily demo  a small invented city",
        steps=STEPS,
        city=small_city(),
        unknown_line="4 unknown: settled by rule 3.",
        paths=PATHS,
    )
    coverage_table(console, small_city())
    file.flush()
    return buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [60, 80, 96, 200])
def test_no_line_of_a_table_is_wider_than_the_terminal(width: int) -> None:
    lines = [line for line in _printed(width).splitlines() if not line.startswith(("See it", "Same", "Odd"))]
    assert max(len(line) for line in lines) <= min(width, 96)


def test_a_path_is_never_broken() -> None:
    assert f"See it in a browser   {PATHS['coverage']}" in _printed(80)


def test_a_terminal_without_box_characters_gets_ascii() -> None:
    printed = _printed(80, "ascii")
    assert "=====" in printed
    assert "####" in printed


def test_a_pipe_gets_no_colour() -> None:
    assert "\x1b" not in _printed(96)


def test_the_total_stands_on_a_double_rule() -> None:
    lines = _printed(96).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("On roll"))
    total = f"{small_city().total.children:,}"
    assert lines[at + 1].strip() == "═" * len(total)
    assert lines[at].index(total) == lines[at + 1].index("═")


def test_attempts_add_up_across_and_down() -> None:
    lines = _printed(96).splitlines()
    rows = {}
    for name in ("email", "text message", "post", "pupil post"):
        line = next(line for line in lines if line.startswith(f"{name}  "))
        rows[name] = [int(number.replace(",", "")) for number in line.removeprefix(name).split()]
    assert rows["email"] == [6180, 5702, 419, 58, 1]
    assert all(row[0] == sum(row[1:]) for row in rows.values())
    every = next(line for line in reversed(lines) if line.startswith("all ") and len(line.split()) == 6)
    assert [int(n.replace(",", "")) for n in every.split()[1:]] == [
        sum(column) for column in zip(*rows.values(), strict=True)
    ]


def test_attempts_under_way_have_a_column_only_when_there_are_any() -> None:
    assert "under way" not in _printed(96)
    buffer = io.StringIO()
    busy = replace(small_city(), messages={"email": {"delivered": 3, "sending": 2}})
    print_summary(Console(file=buffer, width=96), title="x", steps=STEPS, city=busy)
    assert "under way" in buffer.getvalue()


def test_json_adds_up_and_has_the_agreed_shape() -> None:
    found = json.loads(json.dumps(summary_json(small_city(), steps=STEPS, paths=PATHS)))
    keys = ["schools", "children", "adults", "outcomes", "reasons", "attempts", "seconds", "paths"]
    assert list(found) == [*keys, "not_known_to_us"]
    assert list(found["outcomes"]) == ["reached", "accepted", "told_by_text", "on_its_way", "not_reached"]
    assert sum(found["outcomes"].values()) == found["children"] == small_city().total.children
    assert sum(found["reasons"].values()) == found["outcomes"]["not_reached"]
    assert found["attempts"]["post"] == {"accepted": 148}
    assert found["seconds"] == {"compose": 1.84, "reach": 31.4}
    assert found["schools"] == 25


def test_an_empty_city_is_printed_without_a_fault() -> None:
    buffer = io.StringIO()
    coverage_table(Console(file=buffer, width=80), city())
    assert "0 of 0 children" in buffer.getvalue()


def test_the_terminal_shows_the_city_exactly_and_schools_in_bands() -> None:
    printed = _printed(96)
    assert f"{small_city().total.outcomes[Outcome.NOT_REACHED]:,}" in printed
    assert "Brackenwath High School" in printed
    assert "90 to 94%" in printed


def test_a_return_to_look_at_stands_beside_its_band() -> None:
    strange = school("Strange School", coverage(300, 20), sends="school", state="return to look at")
    buffer = io.StringIO()
    ordinary = (school(f"S{at}", coverage(300, 20), school_id=at) for at in range(5))
    coverage_table(Console(file=buffer, width=96), city(strange, *ordinary))
    (line,) = [line for line in buffer.getvalue().splitlines() if "Strange School" in line]
    assert "90 to 94%; Return to look at" in line
