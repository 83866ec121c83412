"""A file of waivers: read with its lines, refused with its faults."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from everyfamily.checks.model.waiver_file import load_waivers, parse_waivers
from everyfamily.checks.model.waivers import Waiver
from everyfamily.core.errors import SourceLocation
from everyfamily.core.files.toml_files import TomlNotValid

TWO = """# Agreed on 1 March.
[[waiver]]
code = "RD001"
passage = "what/1"
reason = "The law's own words"
agreed_by = ["childrens-services", "police"]
ends_on = 2027-07-31

[[waiver]]
code = "HM104"
passage = "paragraph 4"
reason = "A service of that name"
agreed_by = ["Jo Marsh, safeguarding lead"]
ends_on = 2027-04-01
language = "pl"
"""


def test_a_file_is_read_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "agreed.toml"
    file.write_text(TWO, encoding="utf-8")
    assert load_waivers(file) == (
        Waiver(
            "RD001",
            "what/1",
            "The law's own words",
            ("childrens-services", "police"),
            date(2027, 7, 31),
            place=SourceLocation("agreed.toml", 2),
        ),
        Waiver(
            "HM104",
            "paragraph 4",
            "A service of that name",
            ("Jo Marsh, safeguarding lead",),
            date(2027, 4, 1),
            "pl",
            SourceLocation("agreed.toml", 9),
        ),
    )


@pytest.mark.parametrize(
    ("was", "becomes", "line"),
    [
        ('reason = "The law\'s own words"\n', "", 2),
        ('code = "RD001"', 'code = "rd1"', 3),
        ('agreed_by = ["childrens-services", "police"]', "agreed_by = []", 6),
        ("ends_on = 2027-07-31", 'ends_on = "soon"', 7),
        ('passage = "what/1"', 'passages = "what/1"', 4),
        ("[[waiver]]", "[waiver]", 2),
    ],
)
def test_a_fault_is_refused_at_its_line(was: str, becomes: str, line: int) -> None:
    text = TWO.split('\n[[waiver]]\ncode = "HM104"')[0].replace(was, becomes, 1)
    with pytest.raises(TomlNotValid) as refused:
        parse_waivers(text, "agreed.toml")
    assert refused.value.place is not None
    assert (refused.value.place.file, refused.value.place.line) in {("agreed.toml", line), ("agreed.toml", 2)}
