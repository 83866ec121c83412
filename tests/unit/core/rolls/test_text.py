"""What spreadsheets and systems write as text is read; what is damaged is refused in one sentence, quickly."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.formats import text as text_files
from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import Roll, RollNotReadable
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each

URN = 900001
HEADER = "SCHOOL_URN,PUPIL_ID,ADULT_NAME,EMAIL"


def read(data: bytes) -> Roll:
    return read_roll(data, file="roll.csv", urn=URN)


def refused(data: bytes) -> EveryfamilyError:
    with pytest.raises(EveryfamilyError) as caught:
        read(data)
    return caught.value


def names(data: bytes) -> list[str]:
    return [row.adult_name for row in read(data).rows]


@each("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le mark", "utf-16-be mark"])
@each("separator", [",", ";", "\t"])
@each("end", ["\n", "\r\n", "\r"])
def test_every_encoding_separator_and_line_end_is_read(encoding: str, separator: str, end: str) -> None:
    lines = [HEADER, f"{URN},1042,Zoë O’Person,zoe@example.com", f"{URN},1043,Åsa Person,", ""]
    text = end.join(lines).replace(",", separator)
    codec, _, mark = encoding.partition(" ")
    data = f"\ufeff{text}".encode(codec) if mark else text.encode(codec)
    assert names(data) == ["Zoë O’Person", "Åsa Person"]


def test_a_comma_in_a_name_does_not_choose_the_separator() -> None:
    text = f"SCHOOL_URN;PUPIL_ID;ADULT_NAME;CLASS\n{URN};1042;Person, Ada, Dr, Prof, Rev;7,B\n"
    (row,) = read(text.encode()).rows
    assert (row.adult_name, row.class_name) == ("Person, Ada, Dr, Prof, Rev", "7,B")


def test_the_first_rows_are_looked_at_once_for_each_separator_that_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[str] = []
    first_rows = text_files._first_rows
    monkeypatch.setattr(text_files, "_first_rows", lambda *given: looked.append(given[1]) or first_rows(*given))
    assert names(f"{HEADER}\n{URN},1042,Ada; Bea,\n".encode()) == ["Ada; Bea"]
    assert looked == [",", ";"]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_excels_separator_line_is_no_row(first: str) -> None:
    text = f"{first}\r\nSCHOOL_URN;PUPIL_ID;ADULT_NAME\r\n{URN};1042;Ada\r\n{URN};;Bea\r\n"
    roll = read(text.encode())
    assert [row.row for row in roll.rows] == [2]
    assert [one.row for one in roll.set_aside] == [3]


def test_titles_above_the_header_keep_the_rows_own_numbers() -> None:
    text = f'"Example High School, contacts"\n\nPrinted 21/09/2026,,\n{HEADER}\n{URN},1042,Ada,\n{URN},,Bea,\n'
    roll = read(text.encode())
    assert [row.row for row in roll.rows] == [5]
    assert [one.row for one in roll.set_aside] == [6]


def test_a_header_further_down_than_a_title_reaches_is_not_found() -> None:
    titles = "x\n" * limits.HEADER_WITHIN
    assert refused(f"{titles}{HEADER}\n{URN},1042,Ada,\n".encode()).code == "EF204"


def test_line_breaks_within_a_cell_are_one_row() -> None:
    text = 'UPN,Contact Name,Contact Address,Postcode\n7,Ada,"1 Lantern Row\r\nEastmere",EM4 7QX\n8,Bea,,\n'
    roll = read(text.encode())
    assert [row.row for row in roll.rows] == [2, 3]
    assert roll.rows[0].address is not None
    assert roll.rows[0].address.lines == ("1 Lantern Row", "Eastmere", "EM4 7QX")


@each(
    "data, fact",
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        ("\n\n".encode("utf-16"), "empty"),
        (f"{HEADER}\n{URN},1,A\x00da,\n".encode(), "no text has"),
        (f"{HEADER}\n{URN},1,A\x00da,\n".encode("utf-16"), "no text has"),
        (f"{HEADER}\n".encode("utf-16") + b"x", "damaged or cut off"),
        (f"{HEADER}\n{URN},1,\x81\n".encode("latin-1"), "not UTF-8 and not Windows"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><table><tr><td>UPN</td></tr></table></html>", "web page"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", "web page"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), ".xls"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "password"),
        (f"{HEADER}\n".encode(), "no rows"),
    ],
)
def test_what_is_no_roll_is_refused_in_one_sentence(data: bytes, fact: str) -> None:
    problem = refused(data)
    assert fact in problem.fact
    assert str(problem.place).startswith("roll.csv:")


def test_the_line_of_a_nul_is_named() -> None:
    assert str(refused(f"{HEADER}\n{URN},1,A\x00,\n".encode()).place) == "roll.csv:2"


# Sizes.


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 1 << 20)
    assert "larger than 1 MB" in refused(b"x" * ((1 << 20) + 1)).fact


def test_more_rows_than_any_school_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS", 3)
    three = f"{HEADER}\n" + f"{URN},1,Ada,\n" * 3
    assert len(read(three.encode()).rows) == 3
    problem = refused(f"{three}{URN},1,Ada,\n".encode())
    assert "more than 3 rows" in problem.fact
    assert str(problem.place) == "roll.csv:5"


def test_a_header_of_ten_thousand_columns_is_refused() -> None:
    wide = HEADER + "".join(f",column {number}" for number in range(10_000))
    assert "10,004 columns" in refused(f"{wide}\n{URN},1,Ada,\n".encode()).fact


def test_ten_thousand_blank_columns_do_no_harm() -> None:
    commas = "," * 10_000
    assert names(f"{HEADER}{commas}\n{URN},1,Ada,{commas}\n".encode()) == ["Ada"]


def test_a_row_of_ten_thousand_cells_is_set_aside() -> None:
    roll = read(f"{HEADER}\n{URN},1,Ada,{',x' * 4_000}\n{URN},2,Bea,\n".encode())
    assert [(one.row, one.code) for one in roll.set_aside] == [(2, "ROW_NOT_WHOLE")]
    assert [row.pupil_id for row in roll.rows] == ["1", "2"]


@pytest.mark.parametrize("cell", ["x" * (limits.CELL_CHARACTERS + 1), "x" * 900_000, '"' + "x\n" * 600_000 + '"'])
def test_a_giant_cell_is_refused(cell: str) -> None:
    problem = refused(f"{HEADER}\n{URN},1,Ada,\n{URN},2,{cell},\n".encode())
    assert isinstance(problem, RollNotReadable)
    assert "never closed" in problem.fact


def test_a_cell_of_a_megabyte_is_refused() -> None:
    assert "longer than 1,000,000" in refused(f"{HEADER}\n{URN},2,{'x' * (1 << 20)},\n".encode()).fact


def test_a_quotation_mark_that_swallows_rows_is_refused() -> None:
    rows = "".join(f"{URN},{number},Adult,\n" for number in range(2_000))
    assert "never closed" in refused(f'{HEADER}\n{URN},x,"Ada,\n{rows}{URN},y,Bea",\n'.encode()).fact


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filling", "fact"),
    [("," * (1 << 22), "line of the file is longer"), ("\n" * (limits.LINE_ENDS + 1), "more than")],
    ids=["commas", "line ends"],
)
def test_a_file_of_nothing_is_refused_in_bounded_time_and_memory(filling: str, fact: str) -> None:
    data = f"{HEADER}\n{URN},1,Ada,\n{filling}".encode()
    tracemalloc.start()
    begun = time.process_time()
    assert fact in refused(data).fact
    assert time.process_time() - begun < 10
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 6 * len(data)


def test_blank_rows_count_towards_what_a_sheet_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ROWS_OF_A_WORKBOOK", 1_000)
    blank = " ,\n"
    assert names(f"{HEADER}\n{URN},1,Ada,\n{blank * 900}".encode()) == ["Ada"]
    assert "more than" in refused(f"{HEADER}\n{URN},1,Ada,\n{blank * 1_000}".encode()).fact


@pytest.mark.slow
def test_a_large_file_costs_bounded_time_and_memory() -> None:
    rows = [f"{URN},{number},Ada Person,ada@example.com\n" for number in range(20_000)]
    data = (f"{HEADER}\n" + "".join(rows)).encode()
    tracemalloc.start()
    begun = time.process_time()
    assert len(read(data).rows) == 20_000
    assert time.process_time() - begun < 20
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40 * len(data)
