"""A child who, according to a row, has left or died is never imported as an ordinary child."""

from __future__ import annotations

import pytest

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.layout.systems import recognise
from everyfamily.core.rolls.model.roll_rows import Roll, RollNotReadable
from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.tables.table import best_header
from tests.factories.each import each
from tests.unit.core.rolls.test_workbook import book

URN = 999001
SIMS = "UPN,Forename,Surname,Contact Priority,Contact Forename,Contact Surname,Court Order,Contact Email"
ROW = "Sian,Marked,1,Ada,Person,F,ada@example.com"


def read(header: str, *rows: str, mapping: ColumnMapping | None = None) -> Roll:
    text = "\n".join((header, *rows, ""))
    return read_roll(text.encode(), file="roll.csv", urn=URN, mapping=mapping)


def said(heading: str, value: str) -> tuple[list[str], list[str]]:
    """Adults that were imported with a child with one more heading, and codes; another child's row is blank there."""
    roll = read(f"{SIMS},{heading}", f"1,{ROW},{value}", f"2,{ROW},")
    assert [row.adult_name for row in roll.rows if row.pupil_id == "2"] == ["Ada Person"]
    assert heading not in "".join(roll.ignored)
    return [row.adult_name for row in roll.rows if row.pupil_id == "1"], [one.code for one in roll.set_aside]


@each("heading", ["Leaving Date", "Date of Leaving", "Student Leaving Date", "DateLeft", "Off Roll Date"])
@each("value", ["21/07/2026", "2031-07-31", "45859", "y", "moved away", "=TODAY()"])
def test_a_day_of_leaving_keeps_the_child_and_nobody_beside_it(heading: str, value: str) -> None:
    assert said(heading, value) == ([""], ["CHILD_LEAVING"])


@each("heading", ["Leaving Date", "Leaver", "Reason for Leaving", "Deceased", "Date of Death"])
@each("value", ["", "no", "F", "0", "n/a", "Current", "00/00/0000", "31/12/9999"])
def test_no_day_says_nothing(heading: str, value: str) -> None:
    assert said(heading, value) == (["Ada Person"], [])


@each("value", ["T", "yes", "1", "12/03/2026", "anything"])
@each("heading", ["Deceased", "Pupil deceased?", "Date of death"])
def test_a_death_keeps_the_child_and_nobody_beside_it(heading: str, value: str) -> None:
    assert said(heading, value) == ([""], ["CHILD_DIED"])


@pytest.mark.parametrize("heading", ["Reason for Leaving", "Enrolment Status", "On Roll"])
@pytest.mark.parametrize("value", ["Deceased", "death of pupil", "Died 12/03/2026"])
def test_a_death_may_stand_under_another_heading(heading: str, value: str) -> None:
    assert said(heading, value) == ([""], ["CHILD_DIED"])


@each("heading", ["On Roll", "Currently on roll", "Enrolment Status", "Pupil Status", "Status"])
@each("value", ["No", "F", "0", "Leaver", "Left 21/07/2026", "former pupil", "Off Roll"])
def test_who_is_not_on_the_roll_is_no_child_of_the_file(heading: str, value: str) -> None:
    assert said(heading, value) == ([], ["CHILD_NOT_ON_ROLL"])


@pytest.mark.parametrize("value", ["Yes", "T", "C", "Current (single registration)", "Main", "01/09/2020", ""])
def test_who_is_on_the_roll_is_and_so_is_who_has_a_word_that_nobody_knows(value: str) -> None:
    assert said("On Roll", value) == (["Ada Person"], [])


def test_a_death_in_one_row_is_a_death_in_the_childs_every_row() -> None:
    roll = read(f"{SIMS},Deceased", f"1,{ROW},", f"1,{ROW.replace('Ada', 'Ben')},T", f"2,{ROW},")
    assert [(row.pupil_id, row.adult_name) for row in roll.rows] == [("1", ""), ("1", ""), ("2", "Ada Person")]
    assert [(one.row, one.code) for one in roll.set_aside] == [(2, "CHILD_DIED"), (3, "CHILD_DIED")]


def test_a_day_of_leaving_of_a_child_who_is_plainly_on_the_roll_is_to_come() -> None:
    roll = read(f"{SIMS},On Roll,Leaving Date", f"1,{ROW},Yes,31/07/2031", f"2,{ROW},No,31/07/2020")
    assert [row.adult_name for row in roll.rows] == ["Ada Person"]
    assert [one.code for one in roll.set_aside] == ["CHILD_NOT_ON_ROLL"]


def test_of_several_headings_what_closes_furthest_counts() -> None:
    header = f"{SIMS},Leaving Date,Leaver,Reason for Leaving"
    roll = read(header, f"1,{ROW},n/a,no,Deceased", f"2,{ROW},n/a,no,moved", f"3,{ROW},n/a,no,")
    assert [row.adult_name for row in roll.rows] == ["", "", "Ada Person"]
    assert [one.code for one in roll.set_aside] == ["CHILD_DIED", "CHILD_LEAVING"]


@pytest.mark.parametrize(
    "heading", ["Previous School Leaving Date", "Expected Leaving Date", "Sibling Leaver", "Sibling Deceased"]
)
def test_another_time_or_child_is_not_read(heading: str) -> None:
    roll = read(f"{SIMS},{heading}", f"1,{ROW},31/07/2020")
    assert roll.rows[0].adult_name == "Ada Person"
    assert roll.ignored == (f'"{heading}"',)


@pytest.mark.parametrize("heading", ["Contact Deceased", "Parent deceased?"])
def test_an_adult_who_died_is_held(heading: str) -> None:
    roll = read(f"{SIMS},{heading}", f"1,{ROW},T", f"2,{ROW},F")
    assert [row.restriction for row in roll.rows] == ["hold", "none"]


def test_a_saved_mapping_that_does_not_speak_of_leaving_does_not_hide_it() -> None:
    mapping = ColumnMapping((("Kid", 1, "PUPIL_ID"), ("Who", 1, "ADULT_NAME")))
    roll = read("Kid,Who,Deceased,Date left", "1,Ada,yes,", "2,Ada,,1/2/26", "3,Ada,,", mapping=mapping)
    assert [row.adult_name for row in roll.rows] == ["", "", "Ada"]
    silent = ColumnMapping((*mapping.entries, ("Date left", 1, "-")))
    assert read("Kid,Who,Date left", "1,Ada,1/2/26", mapping=silent).rows[0].adult_name == "Ada"


def test_a_date_in_a_workbook_counts_like_one_in_text() -> None:
    from datetime import datetime

    data = book(
        ["UPN", "Contact Name", "Leaving Date", "Date of death"],
        ["1", "Ada", datetime(2026, 7, 21), None],
        ["2", "Ada", None, datetime(2026, 3, 1)],
        ["3", "Ada", None, None],
    )
    roll = read_roll(data, file="roll.xlsx", urn=URN)
    assert [row.adult_name for row in roll.rows] == ["", "", "Ada"]
    assert [one.code for one in roll.set_aside] == ["CHILD_LEAVING", "CHILD_DIED"]


def test_our_template_has_no_such_column_and_refuses_it() -> None:
    with pytest.raises(RollNotReadable):
        recognise(["SCHOOL_URN", "PUPIL_ID", "ADULT_NAME", "LEAVING_DATE"], SourceLocation("x"))


def test_such_a_heading_makes_no_row_a_header() -> None:
    assert best_header([["On roll", "Leaver"], ["UPN", "Contact Name", "On Roll"]], None)[1] == 1
