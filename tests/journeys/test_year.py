"""Story: somebody types `everyfamily demo --year`, and a school year from September to July goes by.

It has few children, so that it takes less time. The schools, the letters and the days are those of the small city.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories.homes import new_home
from tests.journeys.served_demo import FEW, everyfamily, stop_and_remove

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.nightly]
Year = dict[str, Any]
_COMMAND = f"{FEW}from everyfamily.cli.main import main\nmain()\n"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A home of the demo's own; its server is stopped afterwards."""
    path = new_home()
    path.mkdir()
    yield path
    stop_and_remove(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the year leaves its files."""
    return tmp_path_factory.mktemp("year")


@pytest.fixture(scope="module")
def year(home: Path, folder: Path) -> Year:
    """The figures of the year."""
    done = everyfamily("demo", "--year", "--json", home=home, cwd=folder, program=("-c", _COMMAND))
    assert done.returncode == 0, done.stderr
    figures: Year = json.loads(done.stdout)
    return figures


def test_five_letters_go_out_and_each_accounts_for_every_child(year: Year) -> None:
    assert len(year["letters"]) == 5
    for letter in year["letters"]:
        assert sum(letter["outcomes"].values()) == letter["children"]
        assert letter["outcomes"]["reached"] > letter["children"] / 2


def test_the_rolls_change_between_the_letters(year: Year) -> None:
    changes = list(year["rolls"].values())
    assert len(changes) == 5
    assert all(change["joined"] and change["left"] and change["moved"] for change in changes)


def test_one_letter_is_withdrawn_and_corrected(year: Year) -> None:
    corrected = [letter for letter in year["letters"] if letter["corrections"]]
    assert [letter["topic"] for letter in corrected] == ["criminal-exploitation"]
    # Two adults with one inbox had one letter, and an adult who was tried by two ways may need two.
    had = corrected[0]["had_the_wrong_letter"]
    assert had * 0.8 <= corrected[0]["corrections"] <= had * 1.2


def test_families_of_new_children_get_the_letters_so_far_in_accounts_of_their_own(year: Year) -> None:
    joiners = year["joiners"]
    # One after October, one after Christmas, and then one more each half-term: what a letter that is withdrawn, or has
    # a dead number, would add is not there.
    assert [one["begins"][:7] for one in joiners] == [
        *("2026-11", "2027-01", "2027-02", "2027-03"),
        *("2027-04", "2027-04", "2027-05", "2027-06", "2027-06", "2027-06", "2027-06"),
    ]
    assert "ES-2611-P6X3" not in {one["reference"] for one in joiners}
    assert [one["reference"] for one in joiners].count("ES-2609-H4N8") == 1
    for one in joiners:
        assert 0 < one["children"] == sum(one["outcomes"].values())
        assert one["messages"] <= 4 * one["children"], "a few adults each, and the next way for some"


def test_the_years_report_has_every_letter(year: Year, folder: Path) -> None:
    page = (folder / "demo" / "year.html").read_text(encoding="utf-8")
    assert "5 letters in 2026-27" in page
    assert all(letter["reference"] in page for letter in year["letters"])
