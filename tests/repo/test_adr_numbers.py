"""Decisions are numbered without gaps, and each says what a decision has to say."""

from __future__ import annotations

import re
from pathlib import Path

from tests.factories.each import each
from tests.repo.files import ROOT

FOLDER = ROOT / "docs" / "adr"
PAGES = sorted(FOLDER.glob("*.md"))
NAME = re.compile(r"(\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md")
PARTS = ["Context", "Decision", "Consequences", "Status"]


def test_numbers_have_no_gap_and_no_twin() -> None:
    numbers = [int(match[1]) for page in PAGES if (match := NAME.fullmatch(page.name))]
    assert len(numbers) == len(PAGES), [page.name for page in PAGES if not NAME.fullmatch(page.name)]
    assert numbers == list(range(1, len(PAGES) + 1))


@each("page", PAGES)
def test_a_page_has_its_number_and_its_four_parts(page: Path) -> None:
    lines = page.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {int(page.name[:4])}. ")
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == PARTS
