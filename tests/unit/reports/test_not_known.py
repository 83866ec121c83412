"""Children not known to us in words: on the page, in the table, on the terminal."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from everyfamily.cli.accounts.summary import coverage_table, summary_json
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.published import Figure, NotKnownToUs
from everyfamily.reports import not_known
from everyfamily.reports.csv_file import coverage_csv
from everyfamily.reports.page import coverage_page
from everyfamily.reports.queries import CityCoverage
from tests.factories.coverage import city, coverage, listed_city, school

_ABOUT = {"area": "Eastmere", "letter_title": "A letter", "term": "spring term 2027", "demonstration": True}


def shown(whole: CityCoverage) -> NotKnownToUs:
    found = disclose(whole).not_known_to_us
    assert found is not None
    return found


def test_the_page_has_the_sum_the_lists_and_whom_to_ring() -> None:
    page = coverage_page(disclose(listed_city()), next_update=None, **_ABOUT)  # type: ignore[arg-type]
    section = page.split('id="h-missing"')[1].split("</section>")[0]
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", section))
    assert "Not known to us: 578 children" in text
    assert "61 of them count above as not reached" in text
    order = ["Children educated at home", "Short School", "New School", "Late School"]
    assert sorted(order, key=text.index) == order
    assert "National list" not in text
    assert "Get Information about Schools, 21 January 2027" in text
    for words in (
        "all 61",
        "all 120",
        "not part of this letter",
        "return not in yet",
        "Deputy head, 0151 496 0100",
    ):
        assert words in text
    assert "elective home education officer" in text
    # A number on two lines is dialled wrong.
    assert "0151\u00a0496\u00a00100" in section


def test_the_page_says_beside_the_five_how_many_are_not_known() -> None:
    page = coverage_page(disclose(listed_city()), next_update=None, **_ABOUT)  # type: ignore[arg-type]
    assert "Not among them: 578 children on the official lists whom we do not know." in page


def test_the_page_of_a_correction_has_no_such_section() -> None:
    page = coverage_page(disclose(replace(listed_city(), held_to_the_lists=False)), next_update=None, **_ABOUT)  # type: ignore[arg-type]
    assert "h-missing" not in page


def test_the_table_holds_the_same_lines_as_the_page() -> None:
    text = coverage_csv(disclose(listed_city()), **_ABOUT)  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    lines = {row["name"]: row for row in rows if row["part"] == "not known to us"}
    found = shown(listed_city())
    assert list(lines) == [line.name for line in (*found.at_home, *found.schools)]
    short = lines["Short School"]
    assert (short["on the official list"], short["not known to us, from"], short["not known to us, to"]) == (
        "1463",
        "250",
        "270",
    )
    (whole,) = (row for row in rows if row["part"] == "not known to us, whole area")
    assert (whole["children"], whole["exact or to 10"]) == ("578", "exact")


def test_the_terminal_says_the_sum_exactly_and_schools_as_ranges() -> None:
    buffer = io.StringIO()
    coverage_table(Console(file=buffer, width=120), listed_city())
    said = buffer.getvalue()
    assert "not known to us: 578 of" in said
    assert "250 to 270" in said
    assert "Council's elective" in said


def test_json_has_the_exact_sum_and_no_school_s_exact_number() -> None:
    found = summary_json(listed_city())["not_known_to_us"]
    assert (found["children"], found["counted_as_not_reached"]) == (578, 61)
    (short,) = (line for line in found["schools"] if line["name"] == "Short School")
    assert (short["from"], short["to"], short["as_of"]) == (250, 270, "2027-01-21")


def test_without_any_list_nobody_says_that_no_child_is_missing() -> None:
    plain = city(*(school(f"School {at}", coverage(200), school_id=at) for at in range(4)))
    found = shown(plain)
    assert not_known.heading(found) == "Not known to us: no official list to ask"
    assert not_known.aside(found) == "No official list says here how many children there should be."
    assert summary_json(plain)["not_known_to_us"]["children"] is None


def test_children_at_home_have_their_row_although_nobody_has_a_list_of_them() -> None:
    found = shown(city(*(school(f"School {at}", coverage(200), school_id=at, listed=200) for at in range(4))))
    row = next(not_known.missing_rows(found))
    assert (row.name, row.missing) == ("Children educated at home", "not known")


@pytest.mark.parametrize(
    ("children", "awaited", "heading"),
    [
        (Figure(1), 0, "Not known to us: 1 child"),
        (Figure(0), 0, "Not known to us: no child"),
        (Figure(0, exact=False), 0, "Not known to us: under 5 children"),
        (Figure(310, exact=False), 61, "Not known to us: about 310 children"),
        (Figure(61), 61, "Not known to us: 61 children"),
        (None, 0, "Not known to us: 480 to 650 children"),
    ],
)
def test_every_sum_has_its_words(children: Figure | None, awaited: int, heading: str) -> None:
    found = replace(shown(listed_city()), children=children, awaited=awaited, fewest=480, most=650)
    assert not_known.heading(found) == heading
    assert not_known.explained(found).startswith("The official lists have ")
    assert not_known.aside(found).endswith(".")
