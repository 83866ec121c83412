"""A line of the report itself is told from a child's row, whichever column it begins in."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.tables.report_lines import is_report_line
from tests.factories.each import each

ADULTS_OWN = {5, 6, 7}
HEADER = "Surname,Adno,Year,Reg,Contact Priority,Contact Surname,Contact Primary Email"
CHILD = "Sample,2041,4,4B,1,Ferris,ana@example.com"


@each(
    "row",
    [
        "Total,2458,,,",
        "TOTAL",
        "2458,Total",
        "Count: 210",
        "Count,,,14",
        ",,Grand total,210",
        ",,,,,,,Number of contacts: 9",
        "Number of pupils,,,210",
        "Total contacts,11",
        "Total open: 6",
        "Total pupils = 210",
        "Sub-total: 28",
        "Class total,28",
        "4B total,28",
        "Total,28,4B",
        "Pupils: 210",
        "210 records",
        "Sum,210",
        "Page 3 of 4",
        "Page,3",
        "Page,1,of,4",
        "Page 1 of 1,,Printed 21/09/2026",
        "Printed on 21/09/2026 by A Clerk",
        "Printed on,21/09/2026",
        "Generated on 21 Sep 2026, 08:42",
        "Report generated on 1 September 2026",
        "*** end of report ***",
        "-- 12 rows --",
        "OFFICIAL-SENSITIVE",
    ],
)
def test_it_is_a_line_of_the_report(row: str) -> None:
    assert is_report_line(row.split(","), ADULTS_OWN)


@each(
    "row",
    [
        "Page,Ruth,X900000004001,Year 4,4B",
        "Page,1234,4",
        "Page,1234,4,4B",
        "Sum,Li,1234",
        "Sum,1234,4,4B",
        "Count,Ada,77",
        "End,Tom,1234",
        "Tom Page,1234,4,4B",
        "Confidential,Bo,12",
        "Total,X9,4,4B,,Ana Ferris",
        "Rowe,1234",
        "Childs,Ana,12,4",
        "1001,4,4B",
        "2041,Sian,Sample",
        "",
    ],
)
def test_it_is_a_childs_row(row: str) -> None:
    assert not is_report_line(row.split(","), ADULTS_OWN)


@pytest.mark.parametrize(
    "foot", ["Total,2458,,,,,", "Number of pupils,,,210,,,", ",,,,,Count: 210,", "Total contacts,11"]
)
def test_a_total_is_no_child_and_no_adult_wherever_it_begins(foot: str) -> None:
    roll = read_roll(f"{HEADER}\n{CHILD}\n{foot}\n".encode(), file="roll.csv", urn=900001)
    assert [(row.pupil_id, row.adult_name) for row in roll.rows] == [("2041", "Ferris")]
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "LINE_OF_THE_REPORT")]


def test_a_file_that_ends_with_a_total_and_no_line_end_is_not_cut_off() -> None:
    roll = read_roll(f"{HEADER}\n{CHILD}\nCount: 1".encode(), file="roll.csv", urn=900001)
    assert [row.pupil_id for row in roll.rows] == ["2041"]


def test_another_schools_file_is_refused_although_it_ends_with_a_total() -> None:
    from everyfamily.core.rolls.model.roll_rows import RollOfOtherSchool

    data = b"SCHOOL_URN,PUPIL_ID,ADULT_NAME\n900002,1,Ana Ferris\nTotal,1,\n"
    with pytest.raises(RollOfOtherSchool):
        read_roll(data, file="roll.csv", urn=900001)
