"""Excel's XML of 2003 is read as a workbook is, and never more freely than it says."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, Roll, RollNotReadable
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.office_tables import excel_xml, excel_xml_of, excel_xml_row

HEADER = ["UPN", "Class", "Contact", "Relationship", "Email", "Court Order"]
ADA = ["X900000092001", "4B", "Ada Person", "Mother", "ada@example.com", "No"]
BO = ["X900000092001", "4B", "Bo Person", "Father", "bo@example.com", "No"]
CY = ["X900000092002", "4B", "Cy Person", "Father", "cy@example.com", "No"]
WAITS, OPEN = ("unknown", NOT_READABLE), ("none", "")
STYLES = (
    '<Style ss:ID="gone"><Font ss:StrikeThrough="1"/></Style><Style ss:ID="child" ss:Parent="gone"/>'
    '<Style ss:ID="not" ss:Parent="gone"><Font ss:StrikeThrough="0"/></Style>'
)


def read(data: bytes) -> Roll:
    return read_roll(data, file="roll.xls", urn=900001)


def cell(inside: str, more: str = "") -> str:
    return f"<Cell {more}>{inside}</Cell>"


def data(text: str, kind: str = "String") -> str:
    return f'<Data ss:Type="{kind}">{text}</Data>'


def said(roll: Roll) -> list[tuple[str, str]]:
    return [(row.restriction, row.restriction_reason) for row in roll.rows]


def test_it_is_read_like_a_workbook() -> None:
    roll = read(excel_xml_of([["Contacts of 4B"], HEADER, ADA, BO, [], CY]))
    assert (roll.format, said(roll)) == ("generic export, .xml", [OPEN, OPEN, OPEN])
    assert [(row.row, row.adult_name) for row in roll.rows] == [
        (3, "Ada Person"),
        (4, "Bo Person"),
        (6, "Cy Person"),
    ]


def test_places_are_where_the_file_says() -> None:
    header = excel_xml_row("UPN", cell(data("Class"), 'ss:MergeAcross="1"'), "Contact", "Mobile", "Court Order")
    row = excel_xml_row(
        cell(data("41", "Number")),
        cell(data("Ada Person"), 'ss:Index="4"'),
        cell(data("7700900123.0", "Number")),
        cell(data("No"), 'ss:Formula="=A1"'),
        more='ss:Index="7"',
    )
    (found,) = read(excel_xml(header, row)).rows
    assert (found.row, found.pupil_id, found.adult_name, found.mobile) == (7, "41", "Ada Person", "+447700900123")
    assert found.restriction == "unknown"


@pytest.mark.parametrize(
    ("contact", "row", "expected"),
    [
        (
            cell(f"{data('Bo Person')}<Comment><ss:Data>Do <html:B>not</html:B> contact</ss:Data></Comment>"),
            "",
            WAITS,
        ),
        (cell(f"{data('Bo Person')}<Comment><ss:Data>Works nights</ss:Data></Comment>"), "", OPEN),
        (cell(data("Bo Person"), 'ss:StyleID="gone"'), "", WAITS),
        (cell(data("Bo Person"), 'ss:StyleID="child"'), "", WAITS),
        (cell(data("Bo Person"), 'ss:StyleID="not"'), "", OPEN),
        (cell("<ss:Data>Bo <html:S>Person</html:S></ss:Data>"), "", WAITS),
        ("Bo Person", 'ss:StyleID="gone"', WAITS),
        (cell(data("Bo Person"), 'ss:HRefScreenTip="No contact"'), "", WAITS),
    ],
)
def test_what_is_said_beside_an_adult_closes_that_adult(
    contact: str, row: str, expected: tuple[str, str]
) -> None:
    rows = (
        excel_xml_row(*HEADER),
        excel_xml_row(*ADA),
        excel_xml_row(*BO[:2], contact, *BO[3:], more=row),
        excel_xml_row(*CY),
    )
    roll = read(excel_xml(*rows, styles=STYLES))
    assert (said(roll), roll.rows[1].adult_name) == ([OPEN, expected, OPEN], "Bo Person")


def test_a_column_may_be_crossed_out() -> None:
    column = '<Column ss:Index="3" ss:StyleID="gone"/>'
    assert said(read(excel_xml(column, excel_xml_row(*HEADER), excel_xml_row(*ADA), styles=STYLES))) == [WAITS]


def test_a_hidden_sheet_is_not_read() -> None:
    shown = f'<Worksheet ss:Name="4B"><Table>{excel_xml_row(*HEADER)}{excel_xml_row(*ADA)}</Table></Worksheet>'
    rows = (excel_xml_row("UPN", "Contact", "Email"), excel_xml_row("X900000092009", "Old Person"))
    roll = read(excel_xml(*rows, more=shown, options="<Visible>SheetHidden</Visible>", title="Old"))
    assert ([row.adult_name for row in roll.rows], roll.ignored) == (["Ada Person"], ('the sheet "Old"',))


@pytest.mark.parametrize(
    ("held", "fact"),
    [
        (excel_xml(), "empty"),
        (excel_xml(excel_xml_row(*HEADER, more='ss:Index="x"')), "no number"),
        (excel_xml(excel_xml_row(*HEADER, more='ss:Index="3"'), excel_xml_row(more='ss:Index="2"')), "order"),
        (excel_xml(excel_xml_row(*HEADER, more='ss:Index="9999999"')), "rows"),
        (excel_xml_of([HEADER, ADA])[:-20], "damaged"),
        (excel_xml_of([HEADER, ADA]).replace(b"<Workbook", b"<!DOCTYPE x><Workbook"), "DOCTYPE"),
    ],
)
def test_a_damaged_one_is_refused(held: bytes, fact: str) -> None:
    with pytest.raises(RollNotReadable) as caught:
        read(held)
    assert fact in caught.value.fact
