"""A workbook is read row by row; what a spreadsheet made of a value is put right or set aside, never believed."""

from __future__ import annotations

import io
import random
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, VALUE_NOT_READ, Roll, RollNotReadable
from everyfamily.core.rolls.read_roll import read_roll

URN = 900001
HEADER = ["SCHOOL_URN", "PUPIL_ID", "CLASS", "ADULT_NAME", "RESTRICTION", "EMAIL", "MOBILE"]
SHEET = "xl/worksheets/sheet1.xml"


def book(
    *rows: Sequence[object], title: str = "Roll", more: dict[str, list[list[object]]] | None = None
) -> bytes:
    workbook = openpyxl.Workbook()
    sheet: Any = workbook.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for name, others in (more or {}).items():
        other: Any = workbook.create_sheet(name)
        for row in others:
            other.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def row(pupil: object = "7", name: object = "Ada", restriction: object = "none", **more: object) -> list[object]:
    return [URN, pupil, more.get("group"), name, restriction, more.get("email"), more.get("mobile")]


def read(data: bytes, **more: Any) -> Roll:
    return read_roll(data, file="roll.xlsx", urn=URN, **more)


def refused(data: bytes) -> EveryfamilyError:
    with pytest.raises(EveryfamilyError) as caught:
        read(data)
    return caught.value


def changed(data: bytes, entry: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            held = old.read(name)
            new.writestr(name, change(held) if name == entry else held)
    return out.getvalue()


def codes(roll: Roll) -> list[tuple[int, str]]:
    return [(one.row, one.code) for one in roll.set_aside]


def test_hidden_rows_and_columns_are_read_and_counted() -> None:
    def hide(sheet: bytes) -> bytes:
        sheet = sheet.replace(b'<row r="3"', b'<row hidden="1" r="3"').replace(
            b'<row r="9"', b'<row hidden="1" r="9"'
        )
        cols = b'<cols><col min="4" max="4" hidden="1"/><col min="6" max="16384" width="9" hidden="true"/></cols>'
        return sheet.replace(b"<sheetData>", cols + b"<sheetData>")

    roll = read(changed(book(HEADER, row("7"), row("8"), row("9")), SHEET, hide))
    assert [one.pupil_id for one in roll.rows] == ["7", "8", "9"]
    assert roll.hidden == (1, 3)
    assert read(book(HEADER, row("7"))).hidden == (0, 0)


def test_a_workbook_is_read_like_the_template() -> None:
    roll = read(book(HEADER, row(email="ada@example.com", mobile="07700 900123"), row("8", "Bea", "hold")))
    assert (roll.format, roll.read, roll.set_aside) == ("everyfamily template, .xlsx", 2, [])
    assert [(one.row, one.pupil_id, one.adult_name) for one in roll.rows] == [(2, "7", "Ada"), (3, "8", "Bea")]
    assert [one.restriction for one in roll.rows] == ["none", "hold"]
    assert (roll.rows[0].email, roll.rows[0].mobile) == ("ada@example.com", "+447700900123")


def test_numbers_that_are_ids_and_phones_are_read_as_they_were_meant() -> None:
    roll = read(book(HEADER, row(1234.0, mobile=7700900123), row(41, mobile=7700900124.0), row(True)))
    assert [one.pupil_id for one in roll.rows] == ["1234", "41", "True"]
    assert [one.mobile for one in roll.rows[:2]] == ["+447700900123", "+447700900124"]
    assert roll.set_aside == []


def test_a_formula_is_set_aside_and_its_result_is_not_believed() -> None:
    data = book(
        HEADER, row("=1+6"), row("8", "=A1"), row("9", email='=HYPERLINK("x")'), row("10", restriction="=A1")
    )
    roll = read(data)
    assert codes(roll) == [
        (2, "FORMULA_IN_CELL"),
        (3, "FORMULA_IN_CELL"),
        (4, "FORMULA_IN_CELL"),
        (5, "RESTRICTION_NOT_KNOWN"),
    ]
    assert [(one.pupil_id, one.adult_name) for one in roll.rows] == [("8", ""), ("9", "Ada"), ("10", "Ada")]
    assert roll.rows[2].restriction_reason == NOT_READABLE


def test_a_date_that_a_spreadsheet_made_is_set_aside() -> None:
    data = book(
        HEADER, row(group=date(2026, 8, 7)), row(datetime(2026, 8, 7)), row("9", restriction=date(2026, 8, 7))
    )
    roll = read(data)
    assert codes(roll) == [
        (2, "DATE_IN_CELL"),
        (3, "DATE_IN_CELL"),
        (3, "PUPIL_ID_MISSING"),
        (4, "RESTRICTION_NOT_KNOWN"),
    ]
    assert [(one.pupil_id, one.class_name, one.restriction) for one in roll.rows] == [
        ("7", "", "none"),
        ("9", "", "unknown"),
    ]
    assert roll.rows[1].restriction_reason == VALUE_NOT_READ


def test_a_birthday_may_be_a_date_where_the_childs_id_is_made_of_it() -> None:
    header = ["CHILD_SCHOOL_URN", "PARENT_1_NAME", "CHILD_FIRST_NAME", "CHILD_LAST_NAME", "CHILD_DATE_OF_BIRTH"]
    roll = read(
        book(header, [URN, "Ada", "C", "Child", date(2013, 11, 2)], [URN, "Bea", "C", "Child", "02/11/2013"])
    )
    assert roll.set_aside == []
    assert len({one.pupil_id for one in roll.rows}) == 1


def test_the_first_sheet_with_a_header_that_is_known_is_read() -> None:
    more: dict[str, list[list[object]]] = {"Contacts": [["Contacts of Year 7"], [], list(HEADER), row()]}
    roll = read(book(["About this export"], ["Some words"], title="Read me", more=more))
    assert [(one.row, one.pupil_id) for one in roll.rows] == [(4, "7")]


def test_a_hidden_sheet_is_not_read() -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(book(HEADER, row(), more={"Old": [list(HEADER), row("99")]})))
    workbook["Roll"].sheet_state = "hidden"
    out = io.BytesIO()
    workbook.save(out)
    assert [one.pupil_id for one in read(out.getvalue()).rows] == ["99"]


def test_blank_rows_count_as_rows_of_the_sheet() -> None:
    roll = read(book(HEADER, [], row(), ["  "], row("")))
    assert [one.row for one in roll.rows] == [3]
    assert codes(roll) == [(5, "PUPIL_ID_MISSING")]


def test_an_export_and_a_saved_mapping_are_read_out_of_a_workbook_too() -> None:
    header = ["UPN", "Contact Priority", "Contact Forename", "Contact Surname", "Court Order"]
    assert read(book(header, ["7", 1, "Ada", "Person", "F"])).format == "SIMS, .xlsx"
    mapping = ColumnMapping((("Kid", 1, "PUPIL_ID"), ("Who", 2, "ADULT_NAME")))
    roll = read(book(["Kid", "Who", "Who"], [7, "Marked", "Ada"]), mapping=mapping)
    assert (roll.format, roll.rows[0].adult_name) == ("mapped by the school, .xlsx", "Ada")


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (book(), "empty"),
        (book(HEADER), "no rows"),
        (book(["Colour", "House"], ["a", "b"]), "which gives the adult's name"),
        (book(HEADER, row(name="x" * (limits.CELL_CHARACTERS + 1))), "longer than 10,000"),
        (book([*HEADER, *(f"c{number}" for number in range(600))], row()), "columns, more than 500"),
        (changed(book(HEADER, row()), SHEET, lambda held: held[: len(held) // 2]), "damaged"),
        (changed(book(HEADER, row()), "xl/workbook.xml", lambda held: b"<workbook/>"), ""),
        (changed(book(HEADER, row()), "[Content_Types].xml", lambda held: b"x"), "damaged"),
        (changed(book(HEADER, row()), SHEET, lambda held: held.replace(b't="n"', b't="s"')), "damaged"),
    ],
    ids=["blank", "no rows", "unknown", "cell", "columns", "cut", "no sheets", "no types", "no text"],
)
def test_a_workbook_that_is_no_roll_is_refused_in_one_sentence(data: bytes, fact: str) -> None:
    problem = refused(data)
    assert isinstance(problem, RollNotReadable)
    assert fact in problem.fact


@pytest.mark.parametrize(
    ("name", "fact"),
    [("xl/workbook.bin", ".xlsb"), ("word/document.xml", "Word")],
)
def test_another_office_file_is_told_by_its_kind(name: str, fact: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, b"x")
    assert fact in refused(out.getvalue()).fact


# Hostile workbooks.


@pytest.mark.slow
def test_a_row_number_beyond_any_sheet_is_refused_and_does_not_go_on_for_ever() -> None:
    data = changed(book(HEADER, row()), SHEET, lambda held: held.replace(b'<row r="2"', b'<row r="99999999999"'))
    begun = time.process_time()
    assert "rows" in refused(data).fact
    assert time.process_time() - begun < 20


def test_a_sheet_may_claim_any_size() -> None:
    claim = b'<dimension ref="A1:XFD1048576"/>'
    data = changed(book(HEADER, row()), SHEET, lambda held: re.sub(rb"<dimension[^>]*>", claim, held))
    assert [one.pupil_id for one in read(data).rows] == ["7"]


@pytest.mark.slow
def test_a_row_that_is_far_too_long_is_refused_before_it_is_built() -> None:
    giant = b'<row r="2">' + b"<c/>" * 2_000_000 + b"</row></sheetData>"
    # Varied enough that the zip's own ratio lets it through.
    filler = b"".join(b"<!--%d-->" % (number * 7919) for number in range(200_000))
    data = changed(book(HEADER), SHEET, lambda held: held.replace(b"</sheetData>", giant) + filler)
    tracemalloc.start()
    problem = refused(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "far too long" in problem.fact
    assert peak < 60_000_000


def test_entities_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    data = changed(
        book(HEADER, row()), SHEET, lambda held: re.sub(rb"(<worksheet)", bomb + rb"\1", held, count=1)
    )
    assert isinstance(refused(data), RollNotReadable)


def test_more_rows_than_any_school_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    data = book(HEADER, row(), row(), row())
    monkeypatch.setattr(limits, "ROWS", 2)
    assert "more than 2 rows" in refused(data).fact


@pytest.mark.parametrize("what", ["sheets", "part"])
def test_what_the_library_builds_as_a_whole_is_refused_before_it_does(what: str) -> None:
    sheet = b'<sheet name="%d" sheetId="%d" r:id="rId1"/>'
    many = {
        "sheets": b"".join(sheet % (number, number) for number in range(2, 20_000)),
        "part": b"".join(b"<x n='%d'/>" % number for number in range(700_000)),
    }[what]
    data = changed(
        book(HEADER, row()), "xl/workbook.xml", lambda held: held.replace(b"</sheets>", many + b"</sheets>")
    )
    tracemalloc.start()
    assert "far more in it than a roll" in refused(data).fact
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000


@pytest.mark.slow
def test_a_large_workbook_whose_packed_bytes_are_damaged_is_refused() -> None:
    more = b"".join(b"<row n='%d'/>" % (number * number) for number in range(200_000))
    whole = changed(
        book(HEADER, row()), SHEET, lambda held: held.replace(b"</sheetData>", more + b"</sheetData>")
    )
    assert read(whole).rows
    entry = zipfile.ZipFile(io.BytesIO(whole)).getinfo(SHEET)
    for seed in range(12):
        chance = random.Random(seed)
        at = entry.header_offset + 30 + len(SHEET) + chance.randrange(entry.compress_size - 600)
        problem = refused(whole[:at] + chance.randbytes(500) + whole[at + 500 :])
        assert "damaged" in problem.fact
