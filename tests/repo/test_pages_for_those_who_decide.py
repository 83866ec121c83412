"""The pages for a coordinator, a data protection officer and a director lead somewhere and name what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from everyfamily.cli.commands import COMMANDS
from tests.factories.demonstration import ROOT

PAGES = (
    "docs/howto/set-up-your-area.md",
    "docs/explanation/for-the-data-protection-officer.md",
    "docs/explanation/dpia-to-adapt.md",
    "docs/explanation/for-a-director.md",
)
OFFICER = (ROOT / PAGES[1]).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_page(page: str) -> None:
    file = ROOT / page
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", file.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (file.parent / link).resolve().is_file()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)everyfamily ([a-z-]+)", text, flags=re.MULTILINE))
    assert named <= set(COMMANDS)


def test_what_was_read_second_hand_is_to_be_confirmed() -> None:
    """Facts marked R or 2nd in the sources: a person looks them up before anybody relies on them."""
    for fact in (
        "Data (Use and Access) Act",
        "Article 9 or 10",
        "joint controllers",
        "whether it must be granted",
    ):
        line = next(one for one in re.split(r"\n\n|\n\|", OFFICER) if fact in one)
        assert "to be confirmed" in line, fact


def test_each_right_of_the_people_has_a_way() -> None:
    for article in ("13, 14", "15", "16", "17", "18", "21"):
        assert re.search(rf"\({article}\) \| .{{20,}} \|", OFFICER), article


def test_the_director_s_page_is_one_page() -> None:
    words = Path(ROOT / PAGES[3]).read_text(encoding="utf-8").split()
    assert len(words) < 900


def test_each_file_that_leaves_the_database_has_an_end() -> None:
    for file in (
        "--set-aside",
        "families --csv",
        "subject-access --out",
        "EVERYFAMILY_REHEARSAL",
        "_SECURITY_LOG",
    ):
        assert any(file in line and line.count("|") == 4 for line in OFFICER.split("\n")), file


def test_the_director_is_told_that_a_mail_server_confirms_nothing() -> None:
    director = (ROOT / PAGES[3]).read_text(encoding="utf-8")
    assert "With your own mail server nothing is ever confirmed" in director
    assert "second number" not in director
