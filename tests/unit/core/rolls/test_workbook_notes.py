"""Comments, crossed-out cells and other sheets of a workbook never leave an adult freer than they say."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.unit.core.rolls.test_workbook import book, changed

HEADER = ["UPN", "Class", "Contact", "Relationship", "Email", "Court Order"]
ADA = ["X900000092001", "4B", "Ada Person", "Mother", "ada@example.com", "No"]
BO = ["X900000092001", "4B", "Bo Person", "Father", "bo@example.com", "No"]
CY = ["X900000092002", "4B", "Cy Person", "Father", "cy@example.com", "No"]
WAITS, OPEN, SILENT = ("unknown", NOT_READABLE), ("none", ""), ("unknown", NOT_SAID)


def read(
    comments: Mapping[str, str] | None = None,
    crossed_out: Sequence[str] = (),
    more: Mapping[str, list[list[str]]] | None = None,
    cells: Mapping[str, str] | None = None,
) -> Roll:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    for row in (HEADER, ADA, BO, CY):
        sheet.append(row)
    for at, text in (comments or {}).items():
        sheet[at].comment = Comment(text, "Office")
    for at, text in (cells or {}).items():
        sheet[at] = text
    for at in crossed_out:
        sheet[at].font = Font(strike=True)
    for name, rows in (more or {}).items():
        other: Any = workbook.create_sheet(name)
        for row in rows:
            other.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return read_roll(out.getvalue(), file="roll.xlsx", urn=900001)


def said(roll: Roll) -> list[tuple[str, str]]:
    return [(row.restriction, row.restriction_reason) for row in roll.rows]


def test_a_comment_beside_an_adult_closes_that_adult() -> None:
    assert said(read({"C3": "Do not contact"})) == [OPEN, WAITS, OPEN]
    assert said(read({"C3": "Works nights"})) == [OPEN, OPEN, OPEN]


def test_a_comment_beside_the_child_holds_all_of_the_childs_adults() -> None:
    assert said(read({"A2": "Dad must not collect"})) == [WAITS, WAITS, OPEN]


def test_a_note_written_beside_the_table_is_looked_at() -> None:
    assert said(read(cells={"I3": "Not to be contacted"})) == [WAITS, WAITS, OPEN]
    assert said(read(cells={"I3": "Works nights"})) == [OPEN, OPEN, OPEN]


@pytest.mark.parametrize("cells", [("C3",), ("E3",), ("A3", "B3", "C3", "D3", "E3", "F3")])
def test_who_is_crossed_out_waits(cells: Sequence[str]) -> None:
    assert said(read(crossed_out=cells)) == [OPEN, WAITS, OPEN]


def test_a_comment_above_the_rows_leaves_nobody_free() -> None:
    roll = read({"C1": "Do not contact Mr Person"})
    assert said(roll) == [SILENT, SILENT, SILENT]
    assert [one.code for one in roll.set_aside] == ["WORDS_ELSEWHERE"]


def test_a_sheet_that_is_not_read_is_named_and_who_stands_there_waits() -> None:
    roll = read(more={"Do not contact": [["UPN", "Who"], ["X900000092001", "Mr Person"]]})
    assert said(roll) == [WAITS, WAITS, SILENT]
    assert 'the sheet "Do not contact"' in roll.ignored
    in_a_cell = read(more={"Other": [["X900000092002", "Restraining order"], ["X900000092001", "Likes tea"]]})
    assert said(in_a_cell) == [OPEN, OPEN, WAITS]


def test_an_ordinary_sheet_that_is_not_read_is_named_only() -> None:
    roll = read(more={"Read me": [["Updated in May"]]})
    assert (said(roll), roll.ignored, roll.set_aside) == ([OPEN, OPEN, OPEN], ('the sheet "Read me"',), [])


def test_a_sheet_of_leavers_is_no_class() -> None:
    gone = ["X900000092009", "6A", "Di Person", "Mother", "di@example.com", "No"]
    roll = read(more={"Leavers": [HEADER, gone], "5C": [HEADER, [*gone[:1], "5C", *gone[2:]]]})
    assert [row.class_name for row in roll.rows] == ["4B", "4B", "4B", "5C"]
    assert roll.ignored == ('the sheet "Leavers"',)


def test_what_a_formula_shows_is_looked_at_and_not_believed() -> None:
    for result, expected in (("Not to be contacted", WAITS), ("mum@example.com", OPEN)):
        formula = [*BO[:4], "=VLOOKUP(A1,Z1:Z9,1)", BO[5]]
        whole = changed(
            book(HEADER, ADA, formula, CY),
            "xl/worksheets/sheet1.xml",
            lambda held, shown=result: re.sub(
                rb"<c r=.E3.[^>]*>(<f>.*?</f>)<v ?/?>(?:</v>)?",
                rf'<c r="E3" t="str">\1<v>{shown}</v>'.encode(),
                held,
            ),
        )
        roll = read_roll(whole, file="roll.xlsx", urn=900001)
        assert (said(roll), roll.rows[1].email) == ([OPEN, expected, OPEN], None)
