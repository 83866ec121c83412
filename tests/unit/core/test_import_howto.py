"""The page on importing a roll says what the reader does."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from everyfamily.core.contacts.recipients import ValueProblem
from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.model.roll_rows import CHILD_NAME_COLUMNS, COLUMNS
from everyfamily.core.rolls.model.sheet import EXTRA
from everyfamily.core.rolls.read_roll import read_roll

PAGE = (Path(__file__).parents[3] / "docs" / "howto" / "import-a-roll.md").read_text(encoding="utf-8")
RULES = Path(__file__).parents[3] / "src/everyfamily/core/rolls"
CODE = re.compile(r"`([A-Z0-9_]+)`")


def first_cells(heading: str) -> list[str]:
    """The codes in the first column of the table under a heading."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return [code for cell in rows for code in CODE.findall(cell)]


def test_every_column_of_the_template_is_on_the_page() -> None:
    assert sorted(first_cells("Columns")) == sorted(COLUMNS)


def test_every_name_that_is_thrown_away_is_on_the_page() -> None:
    assert set(CODE.findall(PAGE)) >= CHILD_NAME_COLUMNS


def test_every_code_is_on_the_page() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in RULES.rglob("*.py") if "ctf" not in path.name)
    written = set(re.findall(r'(?:[sS]et_?[aA]side)\(\s*(?:[\w.+ ]+,\s*)?"([A-Z]+(?:_[A-Z]+)+)"', source))
    asked = re.findall(r'(?:_word|_not_known|\.has)\(\s*(?:(?:self\._)?cells,\s*)?"([A-Z_]+)"', source)
    assert len(written) >= 12
    assert len(asked) >= 8
    chosen = {f"{column}_NOT_KNOWN" for column in asked}
    assert sorted(first_cells("What is set aside")) == sorted(
        written | chosen | {one.name for one in ValueProblem}
    )


def test_every_system_and_every_further_column_is_on_the_page() -> None:
    systems = tomllib.loads((RULES / "layout/systems.toml").read_text(encoding="utf-8"))["system"]
    part = PAGE.split("## Exports of records systems\n")[1].split("\n## ")[0]
    rows = {line.split("|")[1].strip() for line in part.splitlines() if line.startswith("| ")}
    assert set(systems) <= {row.removeprefix("NHS ") for row in rows}
    assert set(EXTRA) <= set(CODE.findall(PAGE.split("## When headings cannot be guessed\n")[1]))


def test_the_mapping_on_the_page_is_one() -> None:
    mapping = ColumnMapping.from_json(json.loads(PAGE.split("lantern.json -->\n```json\n")[1].split("```")[0]))
    text = "PNo,FN,SN,PFN,PSN,Order?,E-post,House\n7,C,C,Ada,Person,n,ada@example.com,Marked\n"
    read = read_roll(text.encode(), file="own.csv", urn=900003, mapping=mapping)
    assert [(row.pupil_id, row.adult_name, row.email) for row in read.rows] == [
        ("7", "Ada Person", "ada@example.com")
    ]


def test_the_example_can_be_read() -> None:
    example = PAGE.split("<!-- file: harbour.csv -->\n```csv\n")[1].split("```")[0]
    read = read_roll(example.encode(), file="harbour.csv", urn=900003)
    assert read.set_aside == []
    assert [row.restriction for row in read.rows] == ["none", "none", "hold", "none"]
    assert read.rows[0].language == "so"
    assert read.rows[0].address is not None
