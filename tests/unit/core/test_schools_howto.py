"""The page on importing schools says what the readers do."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from everyfamily.core.contacts.recipients import ValueProblem
from everyfamily.core.schools import gias, gias_rows, school_list
from everyfamily.core.schools.school_kinds import PHASES, SCHOOL_KINDS
from everyfamily.core.sending.channel_policy import CHOICES

PAGE = (Path(__file__).parents[3] / "docs" / "howto" / "import-schools.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([A-Z0-9_]+)`")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return [line.split("|")[1:-1] for line in part.splitlines() if line.startswith("| `")]


def codes(heading: str) -> list[str]:
    return [code for cells in rows(heading) for code in CODE.findall(cells[0])]


def test_every_column_of_the_own_list_is_on_the_page() -> None:
    assert codes("Your own list") == list(school_list.COLUMNS)


def test_every_word_for_a_column_is_on_the_page() -> None:
    values = {CODE.findall(cells[0])[0]: cells[1].strip() for cells in rows("Your own list")}
    assert values["KIND"] == ", ".join(SCHOOL_KINDS)
    assert sorted(values["PHASE"].split(", ")) == sorted(PHASES.values())
    assert values["CHANNELS"] == ", ".join(CHOICES)


def test_every_code_is_on_the_page() -> None:
    source = "".join(
        Path(module.__file__ or "").read_text(encoding="utf-8") for module in (gias, gias_rows, school_list)
    )
    written = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', source)) - set(school_list.COLUMNS)
    for method, suffix in (("_one_of", "NOT_KNOWN"), ("_number", "NOT_A_NUMBER"), ("_text", "NOT_READABLE")):
        written |= {f"{column}_{suffix}" for column in re.findall(rf'self\.{method}\("([A-Z_]+)"', source)}
    problems = {ValueProblem.EMAIL_NOT_VALID, ValueProblem.PHONE_NOT_VALID, ValueProblem.PHONE_WITH_WORDS}
    assert len(written) > 15
    assert sorted(codes("What is set aside")) == sorted(written | {problem.name for problem in problems})


def test_the_example_can_be_read() -> None:
    example = PAGE.split("```csv\n")[1].split("```")[0]
    listed = school_list.read_school_list(example.encode(), file="own.csv", today=date(2027, 3, 2))
    assert listed.set_aside == []
    assert [school.roll_expected for school in listed.schools] == [None, 1150, None, 140]
    assert listed.schools[0].phone_checked_on == date(2026, 9, 1)
