"""One place makes values of cells for every format; each trap that was met has its test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from everyfamily.core.rolls.model import limits
from everyfamily.core.rolls.model.roll_rows import Roll, RollNotReadable, RollRow, SetAside
from everyfamily.core.rolls.model.sheet import Line, Sheet
from everyfamily.core.rolls.rows import roll_of
from everyfamily.core.rolls.values import ways
from everyfamily.core.rolls.values.postal_block import lines_of_block
from everyfamily.core.rolls.values.written_names import name_as_spoken
from tests.factories.each import each

URN = 900001
ADA = {"PUPIL_ID": "7", "ADULT_NAME": "Ada Person"}


def read(*rows: Mapping[str, str], demonstration: bool = False, **more: object) -> Roll:
    columns = frozenset(name for row in rows for name in row)
    lines = tuple(Line(number, dict(row)) for number, row in enumerate(rows, start=2))
    sheet = Sheet("test", columns, lines, **more)  # type: ignore[arg-type]
    return roll_of(sheet, file="roll.csv", urn=URN, demonstration=demonstration)


def one(**cells: str) -> tuple[RollRow, list[str]]:
    """The row of one adult, and the codes of what was set aside."""
    roll = read(ADA | cells)
    (row,) = roll.rows
    return row, [aside.code for aside in roll.set_aside]


def test_a_sheet_without_a_school_column_is_the_school_it_is_imported_for() -> None:
    assert read(ADA).rows[0].pupil_id == "7"


def test_a_home_of_several_rows_is_read_once() -> None:
    home = {"ADDRESS_1": "3 Mill  Rise", "ADDRESS_2": "Eastmere", "POSTCODE": "em27qx"}
    first, second, other = read(ADA | home, ADA | home, ADA | home | {"ADDRESS_1": "4 Mill Rise"}).rows
    assert first.address is second.address
    assert first.address != other.address


def test_the_ways_of_an_adult_with_several_rows_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read_before: list[str] = []
    email_address = ways.email_address
    monkeypatch.setattr(ways, "email_address", lambda raw: read_before.append(raw) or email_address(raw))
    rows = [ADA | {"PUPIL_ID": own_id, "EMAIL": "ada@example.com"} for own_id in "789"]
    slips = [ADA | {"EMAIL": "ada@example,com"}] * 2
    roll = read(*rows, *slips)
    assert [row.email for row in roll.rows] == ["ada@example.com"] * 3 + [None] * 2
    assert read_before.count("ada@example.com") == 1
    # Each slip is told.
    assert len(roll.set_aside) == 2


def test_what_the_reader_set_aside_is_kept_in_order_and_counted() -> None:
    whole, value = SetAside(3, "X", "x"), SetAside(1, "Y", "y", whole_row=False)
    roll = read(ADA | {"PUPIL_ID": ""}, ADA, set_aside=(whole, value), ignored=('"House"',), whole=False)
    assert [aside.row for aside in roll.set_aside] == [1, 2, 3]
    assert (roll.read, roll.ignored, roll.whole, roll.format) == (3, ('"House"',), False, "test")


@pytest.mark.parametrize(
    "foot",
    ["Total", "Total pupils: 213", "Printed by A. Clerk 21/09/2026", "End of report", "Page 1 of 3", "count"],
)
def test_a_line_under_the_rows_is_no_child(foot: str) -> None:
    roll = read(ADA, {"PUPIL_ID": foot, "ADULT_NAME": "213"}, {"PUPIL_ID": foot})
    assert [row.pupil_id for row in roll.rows] == ["7"]
    assert [one.code for one in roll.set_aside] == ["LINE_OF_THE_REPORT"] * 2


@pytest.mark.parametrize("own_id", ["TOTAL7", "PAGE-12", "Sum12", "Countess", "42 a"])
def test_an_id_that_begins_like_one_is_an_id(own_id: str) -> None:
    assert one(PUPIL_ID=own_id)[0].pupil_id == own_id


@pytest.mark.parametrize(
    ("written", "kept"), [("5.0", "5"), ("0012.00", "0012"), ("5.5", "5.5"), ("v5.0", "v5.0")]
)
def test_a_whole_number_that_a_spreadsheet_wrote_as_another_is_whole_again(written: str, kept: str) -> None:
    row, codes = one(PUPIL_ID=written, YEAR_GROUP=written, CLASS=written)
    assert (row.pupil_id, row.year_group, row.class_name, codes) == (kept, kept, kept, [])


def test_an_id_that_half_the_file_has_is_no_childs_id() -> None:
    most = [ADA | {"ADULT_NAME": f"Ada {number}"} for number in range(limits.ROWS_OF_A_CHILD)]
    assert len(read(*most).rows) == limits.ROWS_OF_A_CHILD
    with pytest.raises(RollNotReadable):
        read(*most, ADA)


# Names.


def test_a_name_in_parts_is_joined_as_it_stands_in_an_address() -> None:
    parts = {"PUPIL_ID": "7", "ADULT_TITLE": "Ms", "ADULT_FORENAME": " Siân ", "ADULT_SURNAME": "O’Example-Nowak"}
    assert read(parts).rows[0].adult_name == "Ms Siân O’Example-Nowak"
    assert read(parts | {"ADULT_NAME": "S Nowak"}).rows[0].adult_name == "S Nowak"
    assert read(parts | {"ADULT_TITLE": "", "ADULT_FORENAME": ""}).rows[0].adult_name == "O’Example-Nowak"


@pytest.mark.parametrize("name", ["Zoë Łukasz", "D'Arcy O’Neil-Smith", "محمد علی", "Nguyễn", "李 伟", "Ó Briain"])
def test_a_name_is_kept_as_given(name: str) -> None:
    assert one(ADULT_NAME=name) == (replace(one()[0], adult_name=name), [])


def test_marks_that_turn_a_name_around_are_taken_out() -> None:
    assert one(ADULT_NAME="Ada\u202enosreP\u202c")[0].adult_name == "AdanosreP"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"ADULT_NAME": "=1+1"}, "FORMULA_IN_CELL"),
        ({"ADULT_NAME": "@SUM(A1)"}, "FORMULA_IN_CELL"),
        ({"ADULT_NAME": "#REF!"}, "FORMULA_IN_CELL"),
        ({"ADULT_NAME": "x" * 121}, "NAME_TOO_LONG"),
        ({"ADULT_NAME": "", "PHONE": "0151 496 0101"}, "ADULT_NAME_MISSING"),
        ({"ADULT_NAME": "", "ADDRESS": "1 Lantern Row"}, "ADULT_NAME_MISSING"),
        ({"RELATIONSHIP": "Doctor"}, "NOT_A_PARENT_OR_CARER"),
        ({"RELATIONSHIP": "HTR"}, "NOT_A_PARENT_OR_CARER"),
    ],
)
def test_an_adult_who_cannot_be_written_to_is_set_aside_and_the_child_stays(
    cells: dict[str, str], code: str
) -> None:
    roll = read(ADA | {"IN_CARE": "T", "CLASS": "7B", "EMAIL": "a@example.com"} | cells)
    assert [(aside.code, aside.whole_row) for aside in roll.set_aside] == [(code, True)]
    assert roll.rows == [RollRow(2, "7", "", "7B", in_care=True)]


@pytest.mark.parametrize(
    ("pupil_id", "code"),
    [
        ("", "PUPIL_ID_MISSING"),
        ("-", "PUPIL_ID_MISSING"),
        ("\u200b", "PUPIL_ID_MISSING"),
        ("=A1", "FORMULA_IN_CELL"),
        ("1.23457E+11", "PUPIL_ID_SHORTENED"),
        ("1E+12", "PUPIL_ID_SHORTENED"),
        ("x" * 61, "PUPIL_ID_TOO_LONG"),
    ],
)
def test_a_child_that_cannot_be_told_is_set_aside(pupil_id: str, code: str) -> None:
    roll = read(ADA | {"PUPIL_ID": pupil_id})
    assert ([aside.code for aside in roll.set_aside], roll.rows) == ([code], [])


def test_ids_keep_the_zeros_that_a_system_protects() -> None:
    assert one(PUPIL_ID='="00042"')[0].pupil_id == "00042"
    assert one(PUPIL_ID="'00042")[0].pupil_id == "00042"


# Phones: each trap of the formats' list by its name.


@each(
    "mobile, kept, codes",
    [
        ("07700 900123", "+447700900123", []),
        ("7700900123", "+447700900123", []),  # the zero lost in a spreadsheet
        ("07123", None, ["PHONE_NOT_VALID"]),  # a library calls it possible
        ("07700900123 (Mum)", None, ["PHONE_WITH_WORDS"]),  # a library reads letters as digits
        ("0151 496 0123", None, ["PHONE_NOT_MOBILE"]),  # invented like the mobile, and passes as a landline
        ("+44 7700 900123 (Mum)", None, ["PHONE_WITH_WORDS"]),
        ("+cmd|x", None, ["PHONE_WITH_WORDS"]),
        ("7.7009E+09", None, ["PHONE_SHORTENED"]),
        ("7,7009E+09", None, ["PHONE_SHORTENED"]),
        ('="07700900123"', "+447700900123", []),
        ("'+447700900123", "+447700900123", []),
        ("+44 (0)7700 900123", "+447700900123", []),
        ("=A1", None, ["FORMULA_IN_CELL"]),
        ("-", None, []),
        ("+999123456789", None, ["PHONE_NOT_VALID"]),
    ],
)
def test_a_mobile_number_is_read_or_set_aside(mobile: str, kept: str | None, codes: list[str]) -> None:
    row, found = one(MOBILE=mobile)
    assert (row.mobile, found) == (kept, codes)


def test_a_number_nobody_has_passes_with_demo_data_alone() -> None:
    assert read(ADA | {"MOBILE": "+999123456789"}, demonstration=True).rows[0].mobile == "+999123456789"


@pytest.mark.parametrize(
    ("cells", "mobile", "also", "codes"),
    [
        ({"PHONE": "07700900124"}, "+447700900124", (), []),
        ({"PHONE": "0151 496 0124"}, None, (), []),
        ({"PHONE": "ring Nan"}, None, (), ["PHONE_WITH_WORDS"]),
        ({"MOBILE": "07700900123", "PHONE": "07700900124"}, "+447700900123", (), []),
        ({"MOBILE": "07123", "PHONE": "07700900124"}, None, (), ["PHONE_NOT_VALID"]),
        ({"MOBILE": "07700900123", "MOBILE_2": "07700900124"}, "+447700900123", (("text", "+447700900124"),), []),
        ({"MOBILE": "07700900123", "MOBILE_2": "+447700900123"}, "+447700900123", (), []),
        ({"MOBILE_2": "07700900124"}, "+447700900124", (), []),
    ],
)
def test_further_numbers_are_kept_beside_the_first(
    cells: dict[str, str], mobile: str | None, also: tuple[tuple[str, str], ...], codes: list[str]
) -> None:
    row, found = one(**cells)
    assert (row.mobile, row.also, found) == (mobile, also, codes)


# Email.


@each(
    "email, kept, codes",
    [
        ("Ada@Example.com ", "ada@example.com", []),  # the library rejects the space behind
        ("ada@" + "gmial.com", None, ["EMAIL_LOOKS_MISTYPED"]),
        ("ada@" + "gmail.con", None, ["EMAIL_LOOKS_MISTYPED"]),
        ("none@" + "none.com", None, ["EMAIL_PLACEHOLDER"]),
        ("noemail@example.com", None, ["EMAIL_PLACEHOLDER"]),
        ("n/a", None, ["EMAIL_PLACEHOLDER"]),
        ("No email", None, ["EMAIL_PLACEHOLDER"]),
        ("ada@example.test", None, ["EMAIL_NOT_VALID"]),
        ("ada@example.invalid", None, ["EMAIL_NOT_VALID"]),
        ("ada@example.com; ada@" + "gmial.com", "ada@example.com", ["EMAIL_LOOKS_MISTYPED"]),
        ("ada@example.com (ask Bea)", None, ["EMAIL_NOT_VALID"]),
        ("=1+1", None, ["FORMULA_IN_CELL"]),
    ],
)
def test_an_email_address_is_read_or_set_aside_and_never_repaired(
    email: str, kept: str | None, codes: list[str]
) -> None:
    row, found = one(EMAIL=email)
    assert (row.email, found) == (kept, codes)


def test_a_second_address_is_kept_beside_the_first_or_takes_its_place() -> None:
    both = one(EMAIL="a@example.com", EMAIL_2="b@example.com")[0]
    assert (both.email, both.also) == ("a@example.com", (("email", "b@example.com"),))
    second = one(EMAIL="ada at example", EMAIL_2="b@example.com")
    assert (second[0].email, second[0].also, second[1]) == ("b@example.com", (), ["EMAIL_NOT_VALID"])


# Addresses.


@each(
    "block, postcode, lines, code",
    [
        ("Flat 2\n14 Example Road\nLiverpool", "L1 8JQ", ["Flat 2", "14 Example Road", "Liverpool"], "L1 8JQ"),
        ("Flat 2\r\n14 Example Road,\r\n", "L1 8JQ", ["Flat 2", "14 Example Road"], "L1 8JQ"),
        ("14 Example Road, Woolton, Liverpool", "L1 8JQ", ["14 Example Road", "Woolton", "Liverpool"], "L1 8JQ"),
        ("Flat 2, 14 Example Road\nLiverpool", "", ["Flat 2, 14 Example Road", "Liverpool"], ""),
        ("14 Example Road, L1 8JQ", "", ["14 Example Road"], "L1 8JQ"),
        ("14 Example Road, l18jq", "L1 8JQ", ["14 Example Road"], "l18jq"),
        ("14 Example Road, L1 8JQ", "CH41 5AA", ["14 Example Road", "L1 8JQ"], "CH41 5AA"),
        ("14 Example Road | Liverpool", "L1 8JQ", ["14 Example Road", "Liverpool"], "L1 8JQ"),
        ("A, B, C, D, E, F, G", "L1 8JQ", ["A, B, C", "D", "E", "F", "G"], "L1 8JQ"),
        (" , ,", "", [], ""),
    ],
)
def test_an_address_block_is_split_and_loses_no_word(
    block: str, postcode: str, lines: list[str], code: str
) -> None:
    assert lines_of_block(block, postcode) == (lines, code)


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({"ADDRESS": "1 Lantern Row", "POSTCODE": "LI 8JQ"}, ["POSTCODE_NOT_VALID"]),  # never read as L1 8JQ
        ({"ADDRESS_1": "=A1", "POSTCODE": "L1 8JQ"}, ["FORMULA_IN_CELL"]),
        ({"ADDRESS_1": "1 Lantern Row", "POSTCODE": "#N/A"}, ["FORMULA_IN_CELL"]),
        ({"ADDRESS": "x" * 81, "POSTCODE": "L1 8JQ"}, ["ADDRESS_TOO_LONG"]),
        ({"ADDRESS": "\n".join(["x" * 40] * 8), "POSTCODE": "L1 8JQ"}, ["ADDRESS_TOO_LONG"]),
        ({"ADDRESS": "", "POSTCODE": "CH41 5AA"}, ["ADDRESS_TOO_SHORT"]),
    ],
)
def test_an_address_that_is_none_is_set_aside(cells: dict[str, str], codes: list[str]) -> None:
    row, found = one(**cells)
    assert (row.address, found) == (None, codes)


def test_lines_of_their_own_come_before_a_block() -> None:
    row, _ = one(ADDRESS="9 Other Row", ADDRESS_1="1 Lantern Row", POSTCODE="EM4 7QX")
    assert row.address is not None
    assert row.address.lines == ("1 Lantern Row", "EM4 7QX")


# Words.


def test_a_code_that_no_table_has_is_kept_and_set_aside() -> None:
    row, codes = one(RELATIONSHIP="XYZ")
    assert (row.relationship, codes) == ("XYZ", ["RELATIONSHIP_NOT_KNOWN"])
    row, codes = one(RELATIONSHIP="the lady next door")
    assert (row.relationship, codes) == ("other", ["RELATIONSHIP_NOT_KNOWN"])


@pytest.mark.parametrize(
    ("text", "in_care", "codes"),
    [("T", True, []), ("false", False, []), ("", False, []), ("section 20", True, ["IN_CARE_NOT_KNOWN"])],
)
def test_a_child_in_care_is_noted_and_doubt_counts_as_yes(text: str, in_care: bool, codes: list[str]) -> None:
    row, found = one(IN_CARE=text)
    assert (row.in_care, found) == (in_care, codes)


def test_a_formula_in_a_group_is_set_aside_each_time() -> None:
    roll = read(ADA | {"CLASS": "=A1"}, ADA | {"CLASS": "=A1"}, ADA | {"CLASS": "7B"})
    assert [aside.code for aside in roll.set_aside] == ["FORMULA_IN_CELL"] * 2
    assert [row.class_name for row in roll.rows] == ["", "", "7B"]


def test_no_message_repeats_a_value() -> None:
    marked = {
        name: f"=Zqx {name}" for name in ("CLASS", "EMAIL", "MOBILE", "ADDRESS", "PHONE", "EMAIL_2", "LANGUAGE")
    }
    assert "zqx" not in repr(read(ADA | marked | {"COURT_ORDER": "Zqx", "IN_CARE": "Zqx"}).set_aside).casefold()


@pytest.mark.parametrize(
    ("relationship", "kept", "restriction", "codes"),
    [
        ("Mum (main carer)", "mother", "none", []),
        ("Mum (Ada)", "mother", "none", []),
        ("Mum - see file", "mother", "unknown", ["RELATIONSHIP_NOT_KNOWN"]),
        ("XYZ", "XYZ", "unknown", ["RELATIONSHIP_NOT_KNOWN"]),
    ],
)
def test_words_left_over_beside_a_relationship_leave_no_restriction_of_none(
    relationship: str, kept: str, restriction: str, codes: list[str]
) -> None:
    row, found = one(RELATIONSHIP=relationship, COURT_ORDER="F")
    assert (row.relationship, row.restriction, found) == (kept, restriction, codes)


def test_words_that_close_beside_somebody_who_is_no_parent_count_for_the_child_if_they_were_not_understood() -> (
    None
):
    nurse = ADA | {"ADULT_NAME": "Bo Person", "RELATIONSHIP": "School nurse - do not contact"}
    roll = read(ADA | {"COURT_ORDER": "F"}, nurse)
    assert [row.restriction for row in roll.rows] == ["unknown", "unknown"]


@each(
    "written, kept",
    [
        ("Amy Sample (SW)", "Amy Sample"),
        ("Ms Amy Sample (SW Eastmere team)", "Ms Amy Sample"),
        ("Ruth Sample (Nan)", "Ruth Sample"),
        ("Ruth Sample - Mum's partner", "Ruth Sample"),
        ("Ann (Nan) Sample", "Ann (Nan) Sample"),
        ("Ruth Sample (prev. Example)", "Ruth Sample (prev. Example)"),
        ("Ruth Example - Friend Sample", "Ruth Example - Friend Sample"),
        ("Mr & Mrs J Sample", "Mr & Mrs J Sample"),
        ("Ruth & Tom Sample", "Ruth & Tom Sample"),
        ("R Sample / T Sample", "R Sample / T Sample"),
    ],
)
def test_a_relationship_behind_a_name_is_no_part_of_it_and_two_people_stay_one_record(
    written: str, kept: str
) -> None:
    row, _ = one(ADULT_NAME=written)
    assert row.adult_name == kept


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Sample, Ms Amy (SW Eastmere team)", "Ms Amy Sample (SW Eastmere team)"),
        ("Sample, Mr Ken - DELETED 12/06/2025", "Mr Ken Sample - DELETED 12/06/2025"),
        ("Jane Smith (foster, SGO)", "Jane Smith (foster, SGO)"),
        ("Smith (foster, SGO), Mrs Jane", "Mrs Jane Smith (foster, SGO)"),
        ("Smith, Mrs Jane (foster, SGO)", "Mrs Jane Smith (foster, SGO)"),
        ("Sample, Joe *NO CONTACT*", "Joe Sample *NO CONTACT*"),
        ("Sample, Ruth (Mrs)", "Mrs Ruth Sample"),
        ("Sample, Ruth (Rosie)", "Ruth (Rosie) Sample"),
        ("Sample-Example, Anne-Marie", "Anne-Marie Sample-Example"),
    ],
)
def test_words_behind_a_name_stay_behind_it_when_it_is_turned_round(written: str, spoken: str) -> None:
    assert name_as_spoken(written, surname_first=True) == spoken


def test_a_closed_adults_number_out_of_a_cell_with_more_in_it_only_closes() -> None:
    row, _ = one(MOBILE="07700900123 emergency only", ADDRESS="do not disclose")
    assert (row.also, row.shut_by) == ((), (("text", "+447700900123"),))
    row, _ = one(MOBILE="07700900123 (Karl)", ADDRESS="do not disclose")
    assert (row.also, row.shut_by) == ((), (("text", "+447700900123"),))
