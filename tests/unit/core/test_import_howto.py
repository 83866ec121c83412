"""The page on importing a roll says what the reader does."""

from __future__ import annotations

import re
from pathlib import Path

from everyfamily.core import roll
from everyfamily.core.recipients import ValueProblem

PAGE = (Path(__file__).parents[3] / "docs" / "howto" / "import-a-roll.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([A-Z0-9_]+)`")


def first_cells(heading: str) -> list[str]:
    """The codes in the first column of the table under a heading."""
    part = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return [code for cell in rows for code in CODE.findall(cell)]


def test_every_column_of_the_template_is_on_the_page() -> None:
    assert sorted(first_cells("Columns")) == sorted(roll.COLUMNS)


def test_every_name_that_is_thrown_away_is_on_the_page() -> None:
    assert set(CODE.findall(PAGE)) >= roll.CHILD_NAME_COLUMNS


def test_every_code_is_on_the_page() -> None:
    source = Path(roll.__file__).read_text(encoding="utf-8")
    written = set(re.findall(r'(?:_RowSetAside|_set_aside)\("([A-Z_]+)"', source))
    chosen = {f"{column}_NOT_KNOWN" for column in re.findall(r'_choice\("([A-Z_]+)"', source)}
    assert len(written) >= 6
    assert len(chosen) >= 7
    assert sorted(first_cells("What is set aside")) == sorted(
        written | chosen | {one.name for one in ValueProblem}
    )


def test_the_example_can_be_read() -> None:
    example = PAGE.split("```csv\n")[1].split("```")[0]
    read = roll.read_roll(example.encode(), file="harbour.csv", urn=900003)
    assert read.set_aside == []
    assert [row.restriction for row in read.rows] == ["none", "none", "hold"]
    assert read.rows[0].language == "so"
    assert read.rows[0].address is not None
