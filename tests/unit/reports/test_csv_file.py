"""coverage.csv: the page's figures and no more, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from everyfamily.core.accounting.coverage import NEXT, Outcome
from everyfamily.core.accounting.disclosure import disclose
from everyfamily.core.accounting.published import OF_SCHOOLS
from everyfamily.reports.csv_file import COLUMNS, coverage_csv
from everyfamily.reports.queries import CityCoverage
from tests.factories.coverage import city, coverage, school, small_city


def _file(whole: CityCoverage) -> str:
    return coverage_csv(
        disclose(whole), area="Eastmere", letter_title="A letter", term="spring term 2027", demonstration=True
    )


def _rows(whole: CityCoverage) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(_file(whole).removeprefix("\ufeff"))))


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert _file(small_city()).encode("utf-8").startswith(b"\xef\xbb\xbfpart,")
    assert "\r\n" in _file(small_city())


def test_every_row_has_every_column() -> None:
    for row in csv.reader(StringIO(_file(small_city()))):
        assert len(row) == len(COLUMNS)


def test_the_outcomes_are_the_city_s() -> None:
    rows = [row for row in _rows(small_city()) if row["part"] == "outcome, whole area"]
    assert [int(row["children"]) for row in rows] == [small_city().total.outcomes[outcome] for outcome in Outcome]


def test_it_holds_no_figure_that_the_page_does_not_hold() -> None:
    shown = disclose(small_city())
    figures = [
        *shown.outcomes.values(),
        shown.children,
        shown.every_adult,
        *(line.figure for line in shown.reasons),
    ]
    assert shown.not_known_to_us is not None
    if shown.not_known_to_us.children is not None:
        figures.append(shown.not_known_to_us.children)
    allowed = {str(figure.number) for figure in figures}
    for row in _rows(small_city()):
        if row["part"] in ("school", "small schools as one"):
            numbers = [row["children"], row["still to reach, from"], row["still to reach, to"]]
            assert all(number == "" or int(number) % 10 == 0 for number in numbers)
        else:
            assert row["children"] in {*allowed, ""}


def test_no_school_s_row_holds_a_reason_about_people() -> None:
    people = {action.why for reason, action in NEXT.items() if reason not in OF_SCHOOLS}
    for row in _rows(small_city()):
        if row["part"] == "school":
            assert not people & set(row.values())


def test_lists_of_unknown_length_have_no_number() -> None:
    (row,) = [row for row in _rows(small_city()) if row["part"] == "not in these figures"]
    assert (row["children"], row["state"]) == ("", "their number is not known")


@pytest.mark.parametrize("name", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_no_cell_begins_a_formula(name: str) -> None:
    whole = city(
        school(name, coverage(300, 20)), *(school(f"S{at}", coverage(300, 20), school_id=at) for at in range(5))
    )
    assert f"'{name}" in [row["name"] for row in _rows(whole)]


def test_a_return_to_look_at_is_a_state_beside_its_band() -> None:
    strange = school("Strange School", coverage(300, 20), sends="school", state="return to look at")
    ordinary = (school(f"S{at}", coverage(300, 20), school_id=at) for at in range(5))
    (row,) = [row for row in _rows(city(strange, *ordinary)) if row["name"] == "Strange School"]
    assert (row["state"], row["reached, as a band"]) == ("Return to look at", "90 to 94%")
