"""A roll is read whole or refused whole; a bad row is set aside and keeps its child."""

from __future__ import annotations

from dataclasses import replace

import pytest

from everyfamily.core.rolls.model.roll_rows import (
    COLUMNS,
    NOT_SAID,
    RESTRICTIONS,
    VALUE_NOT_READ,
    Roll,
    RollNotReadable,
    RollOfOtherSchool,
    RollRow,
    SetAside,
)
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.city import address, adult, roll_csv
from tests.factories.each import each

URN = 900001
HEADER = "SCHOOL_URN,PUPIL_ID,ADULT_NAME"


def read(*rows: dict[str, str], demonstration: bool = False) -> Roll:
    return read_roll(roll_csv(URN, rows), file="roll.csv", urn=URN, demonstration=demonstration)


def read_bytes(data: bytes) -> Roll:
    return read_roll(data, file="roll.csv", urn=URN)


def refused(data: bytes) -> RollNotReadable:
    with pytest.raises(RollNotReadable) as caught:
        read_bytes(data)
    return caught.value


def only(roll: Roll) -> RollRow:
    (row,) = roll.rows
    return row


def test_a_full_row_is_normalised() -> None:
    roll = read(
        adult(
            " 1042 ",
            " Ada   Person ",
            PRIORITY="1",
            EMAIL="Ada@Example.com ",
            MOBILE="07700 900123",
            LANGUAGE="ur",
            FORMAT="Large print",
            CHANNEL="paper",
            **address(27),
        )
    )
    row = only(roll)
    assert not roll.set_aside
    assert roll.read == 1
    assert (row.row, row.pupil_id, row.year_group, row.class_name) == (2, "1042", "7", "7B")
    assert (row.adult_name, row.relationship, row.parental_responsibility) == ("Ada Person", "mother", "yes")
    assert (row.has_care, row.priority, row.restriction, row.objects) == ("yes", 1, "none", False)
    assert (row.email, row.mobile) == ("ada@example.com", "+447700900123")
    assert row.address is not None
    assert row.address.postcode == "EM4 7QX"
    assert (row.language, row.format, row.wishes) == ("ur", "large print", "paper")


def test_blank_cells_say_nothing() -> None:
    row = only(read_bytes(f"{HEADER}\n{URN},1042,Ada Person\n".encode()))
    assert row == RollRow(2, "1042", "", "", "Ada Person", restriction_reason=NOT_SAID)
    assert (row.relationship, row.parental_responsibility, row.has_care) == ("other", "unknown", "unknown")
    assert (row.restriction, row.language, row.format, row.wishes) == ("unknown", "und", "", "")


# A file as a whole.


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert "empty" in refused(data).fact


@pytest.mark.parametrize(
    "data",
    [
        HEADER.encode("utf-16-le"),
        f"{HEADER}\n{URN},1,\x00\n".encode(),
        f"{HEADER}\n{URN},1,{'x' * 5000}\x00\n".encode(),
    ],
    ids=["utf-16 without its mark", "nul", "nul far in"],
)
def test_a_file_that_is_not_csv_is_refused(data: bytes) -> None:
    assert "not a CSV file" in refused(data).fact


def test_text_in_neither_encoding_is_refused_with_its_line() -> None:
    problem = refused(f"{HEADER}\n{URN},1,Ada\n{URN},2,".encode() + b"\x81\n")
    assert "not UTF-8 and not Windows" in problem.fact
    assert str(problem.place) == "roll.csv:3"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_write_is_read(encoding: str, end: str) -> None:
    text = end.join((HEADER, f"{URN},1042,Zoë O’Person", ""))
    assert only(read_bytes(text.encode(encoding))).adult_name == "Zoë O’Person"


@pytest.mark.parametrize("tail", [f'{URN},1042,"Ada', f'{URN},1042,"Ada" Person', f"{URN},1042,{'x' * 140_000}"])
def test_a_value_that_is_cut_off_refuses_the_file(tail: str) -> None:
    problem = refused(f"{HEADER}\n{URN},1,Ada\n{tail}".encode())
    assert "never closed" in problem.fact
    assert str(problem.place).startswith("roll.csv:")


def test_a_quotation_mark_that_is_never_closed_swallows_no_row_silently() -> None:
    refused(f'{HEADER}\n{URN},1,"Ada\n{URN},2,Bea\n{URN},3,Cy\n'.encode())


@pytest.mark.parametrize(
    ("header", "fact"),
    [
        ("SCHOOL_URN,PUPIL_ID", "no column ADULT_NAME"),
        ("ADULT_NAME", "no column SCHOOL_URN and no column PUPIL_ID"),
        (f"{HEADER},UPN", 'does not know: "UPN"'),
        (f"{HEADER},RESTRICTIONS", 'does not know: "RESTRICTIONS"'),
        (f"{HEADER},EMAIL,Email", "EMAIL is there twice"),
        (f"{HEADER},PUPIL_ID", "PUPIL_ID is there twice"),
        (f"{HEADER},RESTRICTION,restriction", "RESTRICTION is there twice"),
    ],
)
def test_a_header_that_is_not_the_templates_refuses_the_file(header: str, fact: str) -> None:
    problem = refused(f"{header}\n{URN},1042,Ada\n".encode())
    assert fact in problem.fact
    assert str(problem.place) == "roll.csv:1"


def test_a_header_without_rows_is_refused() -> None:
    assert "no rows" in refused(f"{HEADER}\r\n".encode()).fact
    assert "no rows" in refused(f"{HEADER}\n\n , ,\n".encode()).fact


def test_columns_may_be_in_any_order_case_and_spacing() -> None:
    row = only(read_bytes(f" adult name ,,Pupil_Id,school urn\nAda,x,1042,{URN}\n".encode()))
    assert (row.pupil_id, row.adult_name) == ("1042", "Ada")


@pytest.mark.parametrize("column", ["CHILD_NAME", "Forename", "PUPIL SURNAME"])
def test_a_childs_name_is_thrown_away(column: str) -> None:
    roll = read_bytes(f"{HEADER},{column}\n{URN},1042,Ada,Marked Child\n{URN},,Ada,Marked Child\n".encode())
    assert "Marked" not in repr(roll)


# Rows.


def test_row_numbers_are_the_sheets_own() -> None:
    text = f'{HEADER},CLASS\n{URN},1,"Ada\nPerson",7A\n\n{URN},,Bea,7A\n{URN},3,Cy,"7\n\nB"\n{URN},,Di,\n'
    roll = read_bytes(text.encode())
    assert [row.row for row in roll.rows] == [2, 5]
    assert [one.row for one in roll.set_aside] == [4, 6]
    assert roll.rows[0].adult_name == "Ada Person"
    assert roll.read == 4


def test_a_row_without_a_pupil_id_is_set_aside() -> None:
    roll = read(adult("", "Ada Person"))
    assert roll.rows == []
    assert [one.code for one in roll.set_aside] == ["PUPIL_ID_MISSING"]


def test_a_blank_school_keeps_the_child_on_the_roll() -> None:
    roll = read(adult("1042", "Ada Person", SCHOOL_URN=""))
    assert [row.pupil_id for row in roll.rows] == ["1042"]
    assert [one.code for one in roll.set_aside] == ["OTHER_SCHOOL"]


@pytest.mark.parametrize("urn", ["900002", "0900001", "x"])
def test_another_schools_row_brings_no_child(urn: str) -> None:
    roll = read(adult("1042", "Ada Person", SCHOOL_URN=urn), adult("1043", "Bea Person"))
    assert [row.pupil_id for row in roll.rows] == ["1043"]
    assert [(one.row, one.code) for one in roll.set_aside] == [(2, "OTHER_SCHOOL")]


def test_a_file_whose_every_row_is_another_schools_is_refused() -> None:
    rows = [adult("1042", "Ada Person", SCHOOL_URN="900002"), adult("", "Bea Person", SCHOOL_URN="900002")]
    with pytest.raises(RollOfOtherSchool) as caught:
        read(*rows)
    assert caught.value.code == "EF202"
    assert "SCHOOL_URN says 900002" in caught.value.fact
    assert len(read(*rows, adult("1044", "Cy Person", SCHOOL_URN="")).rows) == 1


def test_a_number_the_school_had_before_is_the_schools_own() -> None:
    data = roll_csv(900002, [adult("1042", "Ada Person")])
    roll = read_roll(data, file="roll.csv", urn=URN, former_urns=[900002])
    assert (only(roll).pupil_id, roll.set_aside) == ("1042", [])


@each(
    "column, value, code",
    [
        ("RELATIONSHIP", "the lady next door", "RELATIONSHIP_NOT_KNOWN"),
        ("PARENTAL_RESPONSIBILITY", "perhaps", "PARENTAL_RESPONSIBILITY_NOT_KNOWN"),
        ("HAS_CARE", "2", "HAS_CARE_NOT_KNOWN"),
        ("PRIORITY", "first", "PRIORITY_NOT_A_NUMBER"),
        ("PRIORITY", "1.0", "PRIORITY_NOT_A_NUMBER"),
        ("PRIORITY", "١", "PRIORITY_NOT_A_NUMBER"),
        ("PRIORITY", "1000", "PRIORITY_NOT_A_NUMBER"),
        ("RESTRICTION", "see the office", "RESTRICTION_NOT_KNOWN"),
        ("OBJECTS", "maybe", "OBJECTS_NOT_KNOWN"),
        ("OBJECTS", "-", "OBJECTS_NOT_KNOWN"),
        ("LANGUAGE", "Lilliputian", "LANGUAGE_NOT_KNOWN"),
        ("LANGUAGE", "ENB/OTB", "LANGUAGE_NOT_KNOWN"),
        ("LANGUAGE", "sh-x-aaaaaaaa-bbbbbb", "LANGUAGE_NOT_KNOWN"),
        ("FORMAT", "large", "FORMAT_NOT_KNOWN"),
        ("CHANNEL", "whatsapp", "CHANNEL_NOT_KNOWN"),
    ],
)
def test_a_value_that_cannot_be_read_is_set_aside_alone_and_counts_as_the_most_careful(
    column: str, value: str, code: str
) -> None:
    careful = {
        "RELATIONSHIP": ("relationship", "other"),
        "PARENTAL_RESPONSIBILITY": ("parental_responsibility", "unknown"),
        "HAS_CARE": ("has_care", "unknown"),
        "PRIORITY": ("priority", None),
        "RESTRICTION": ("restriction", "unknown"),
        "OBJECTS": ("objects", True),
        "LANGUAGE": ("language", "und"),
        "FORMAT": ("format", ""),
        "CHANNEL": ("wishes", ""),
    }
    row = adult("1042", "Ada Person", EMAIL="ada@example.com")
    roll = read(row | {column: value})
    assert [(one.row, one.code, one.whole_row) for one in roll.set_aside] == [(2, code, False)]
    good = only(read(row | {column: ""}))
    name, expected = careful[column]
    if column == "RELATIONSHIP":
        # What was not read there may be the order: "none" is not believed.
        good = replace(good, restriction="unknown", restriction_reason=NOT_SAID)
    reason = VALUE_NOT_READ if column == "RESTRICTION" else good.restriction_reason
    assert only(roll) == replace(good, **{name: expected}, restriction_reason=reason)


def test_a_group_too_long_for_its_place_is_cut() -> None:
    row = only(read(adult("1042", "Ada Person", YEAR_GROUP="y" * 30, CLASS="c" * 50)))
    assert (row.year_group, row.class_name) == ("y" * 20, "c" * 40)


@pytest.mark.parametrize(
    "contact", [{"EMAIL": "ada@example.com"}, {"MOBILE": "07700900123"}, {"POSTCODE": "EM4 7QX"}, address(1)]
)
def test_an_adult_without_a_name_is_set_aside_not_lost(contact: dict[str, str]) -> None:
    roll = read(adult("1042", " ", **contact))
    assert [(one.code, one.whole_row) for one in roll.set_aside] == [("ADULT_NAME_MISSING", True)]
    assert only(roll) == RollRow(2, "1042", "7", "7B")


def test_a_child_without_any_adult_is_on_the_roll() -> None:
    roll = read({"PUPIL_ID": "1042", "YEAR_GROUP": "7", "CLASS": "7B"})
    assert roll.set_aside == []
    assert only(roll) == RollRow(2, "1042", "7", "7B")


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        ({"EMAIL": "ada at example"}, "EMAIL_NOT_VALID"),
        ({"MOBILE": "07700900123 (Karl)"}, "PHONE_WITH_WORDS"),
        ({"MOBILE": "+999123456789"}, "PHONE_NOT_VALID"),
        (address(1) | {"POSTCODE": "EM4"}, "POSTCODE_NOT_VALID"),
        (address(1) | {"POSTCODE": ""}, "POSTCODE_MISSING"),
        ({"POSTCODE": "EM4 7QX"}, "ADDRESS_TOO_SHORT"),
    ],
)
def test_a_bad_contact_value_loses_no_family(contact: dict[str, str], code: str) -> None:
    roll = read(adult("1042", "Ada Person", **contact))
    assert [(one.code, one.whole_row) for one in roll.set_aside] == [(code, False)]
    row = only(roll)
    assert (row.adult_name, row.restriction) == ("Ada Person", "none")
    assert (row.email, row.mobile, row.address) == (None, None, None)


def test_demo_data_may_use_the_country_code_nobody_has() -> None:
    row = only(read(adult("1042", "Ada Person", MOBILE="+999123456789"), demonstration=True))
    assert row.mobile == "+999123456789"


# Restrictions: unknown means hold.


@pytest.mark.parametrize("value", RESTRICTIONS)
def test_a_restriction_is_taken_as_written(value: str) -> None:
    assert only(read(adult("1042", "Ada Person", RESTRICTION=value.upper()))).restriction == value


def test_a_blank_restriction_is_unknown_never_none() -> None:
    roll = read(adult("1042", "Ada Person", RESTRICTION=" "))
    assert only(roll).restriction == "unknown"
    assert roll.restriction_column


def test_no_restriction_column_is_unknown_for_everybody() -> None:
    roll = read_bytes(f"{HEADER}\n{URN},1042,Ada\n{URN},1043,Bea\n".encode())
    assert not roll.restriction_column
    assert {row.restriction for row in roll.rows} == {"unknown"}


# Rows and files that are not whole.


@pytest.mark.parametrize("line", [f"{URN},1042,Ada", f"{URN},1042,Person, Ada,none", f"{URN},1042,Ada,none,,x"])
def test_a_row_with_fewer_or_more_cells_than_the_header_is_set_aside_and_its_child_stays(line: str) -> None:
    roll = read_bytes(f"{HEADER},RESTRICTION\n{line}\n{URN},1043,Bea,none\n".encode())
    assert [(one.row, one.code, one.whole_row) for one in roll.set_aside] == [(2, "ROW_NOT_WHOLE", True)]
    assert roll.rows == [RollRow(2, "1042", "", ""), RollRow(3, "1043", "", "", "Bea", restriction="none")]


def test_empty_cells_beyond_the_header_do_no_harm() -> None:
    roll = read_bytes(f"{HEADER}\n{URN},1042,Ada,, \n".encode())
    assert roll.set_aside == []
    assert only(roll).adult_name == "Ada"


def test_a_stray_comma_before_the_pupils_id_makes_no_child_up() -> None:
    roll = read_bytes(f"SCHOOL_URN,ADULT_NAME,PUPIL_ID\n{URN},Person, Ada,1042\n".encode())
    assert [one.code for one in roll.set_aside] == ["ROW_NOT_WHOLE"]
    assert roll.rows == []


@pytest.mark.parametrize("cut", [f"{URN},1043", f"{URN},1043,B", f"{URN}", "9"])
def test_a_file_that_ends_in_the_middle_of_a_row_is_refused(cut: str) -> None:
    problem = refused(f"{HEADER},RESTRICTION\n{URN},1042,Ada,none\n{cut}".encode())
    assert "cut off" in problem.fact
    assert str(problem.place) == "roll.csv:3"


def test_a_last_row_without_a_line_end_is_read_when_it_is_whole() -> None:
    assert only(read_bytes(f"{HEADER},RESTRICTION\n{URN},1042,Ada,none".encode())).restriction == "none"


def test_what_is_set_aside_names_its_column_and_no_value() -> None:
    roll = read(adult("1042", "Ada Person", RESTRICTION="only the grandmother"))
    assert roll.set_aside == [
        SetAside(
            2,
            "RESTRICTION_NOT_KNOWN",
            "RESTRICTION is not one of: none, unknown, hold, do not send.",
            whole_row=False,
        )
    ]


def test_the_templates_columns_are_each_once() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS) == 22


def test_the_report_says_that_a_number_with_words_beside_it_was_not_kept() -> None:
    roll = read(adult("1042", "Ada Person", MOBILE="07700900123 (Karl)"))
    assert [one.message for one in roll.set_aside] == ["There are words beside the number, so it was not kept."]
