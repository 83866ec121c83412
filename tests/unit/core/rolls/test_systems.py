"""Each records system's export is recognised by its headings and read with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from everyfamily.core.rolls.layout.mapping import ColumnsNotFound
from everyfamily.core.rolls.layout.systems import system_of
from everyfamily.core.rolls.model.roll_rows import NOT_SAID, Roll, RollOfOtherSchool, RollRow
from everyfamily.core.rolls.read_roll import read_roll

DATA = Path(__file__).parents[3] / "data" / "rolls"
URN = 999001
CHILD = "T341499926001"


def read(name: str, urn: int = URN) -> Roll:
    return read_roll((DATA / name).read_bytes(), file=name, urn=urn)


def read_text(*lines: str) -> Roll:
    return read_roll("\n".join((*lines, "")).encode(), file="export.csv", urn=URN)


def facts(row: RollRow) -> tuple[object, ...]:
    return row.row, row.pupil_id, row.adult_name, row.relationship, row.email, row.mobile


@pytest.mark.parametrize(
    ("name", "format_name", "mother", "father"),
    [
        ("sims.csv", "SIMS, CSV", "Ms Agnieszka Nowak", "Mr Dafydd O’Example"),
        ("arbor.csv", "Arbor, CSV", "Agnieszka Nowak", "Dafydd O'Example"),
        ("bromcom.csv", "Bromcom, CSV", "Ms Agnieszka Nowak", "Mr Dafydd O'Example"),
    ],
)
def test_a_systems_export_is_known_by_its_headings(name: str, format_name: str, mother: str, father: str) -> None:
    roll = read(name)
    assert (roll.format, roll.read, roll.ignored, roll.whole) == (format_name, 2, (), True)
    first, second = roll.rows
    assert facts(first) == (2, CHILD, mother, "mother", "agnieszka.nowak@example.com", "+447700900101")
    assert facts(second)[:4] == (3, CHILD, father, "father")
    assert (first.year_group, first.parental_responsibility, first.priority) == ("Year 8", "yes", 1)
    assert first.address is not None
    assert first.address.lines[0] == "Flat 2"
    assert first.address.postcode == "L1 8JQ"
    # A postcode by itself is not an address.
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "ADDRESS_TOO_SHORT")]
    assert "Siân" not in repr(roll)
    assert "Sian" not in repr(roll)


def test_sims_court_orders_and_correspondence_hold() -> None:
    roll = read("sims.csv")
    assert roll.restriction_column
    assert [(row.restriction, row.restriction_reason) for row in roll.rows] == [("none", ""), ("hold", "")]


def test_sims_first_language_is_the_childs_and_not_the_adults() -> None:
    assert {row.language for row in read("sims.csv").rows} == {"und"}


def test_arbor_says_nothing_of_court_orders_so_all_is_unknown() -> None:
    roll = read("arbor.csv")
    assert not roll.restriction_column
    assert {(row.restriction, row.restriction_reason) for row in roll.rows} == {("unknown", NOT_SAID)}
    assert [(row.parental_responsibility, row.has_care) for row in roll.rows] == [("yes", "yes"), ("yes", "no")]
    assert [row.language for row in roll.rows] == ["pl", "en"]


def test_bromcom_restricted_access_holds_and_a_home_phone_is_no_mobile() -> None:
    roll = read("bromcom.csv")
    assert [row.restriction for row in roll.rows] == ["none", "hold"]
    assert [row.mobile for row in roll.rows] == ["+447700900101", "+447700900102"]


def test_scholarpack_gives_a_second_address_and_repeats_an_adult_for_each_child() -> None:
    roll = read("scholarpack.csv")
    assert (roll.format, roll.set_aside) == ("ScholarPack, CSV", [])
    assert [row.pupil_id for row in roll.rows] == [CHILD, "T341499926004", CHILD]
    assert roll.rows[0].also == (("email", "a.nowak@example.org"),)
    assert {row.restriction for row in roll.rows} == {"unknown"}


def test_mavis_gives_a_line_for_each_adult_under_one_row_number() -> None:
    roll = read("mavis.csv")
    assert (roll.format, roll.read) == ("Mavis, CSV", 3)
    assert [row.row for row in roll.rows] == [2, 2]
    assert [row.adult_name for row in roll.rows] == ["Agnieszka Nowak", "Dafydd O'Example"]
    assert [row.mobile for row in roll.rows] == ["+447700900101", "+447700900102"]
    # The child's address is not known to be either parent's.
    assert [row.address for row in roll.rows] == [None, None]
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "OTHER_SCHOOL")]


def test_mavis_rows_of_home_educated_children_are_read_for_their_own_school() -> None:
    roll = read("mavis.csv", urn=999999)
    (row,) = roll.rows
    assert (row.row, row.adult_name) == (3, "Home Educator")
    with pytest.raises(RollOfOtherSchool):
        read("mavis.csv", urn=888888)


def test_a_child_without_an_id_gets_one_that_tells_no_name_and_stays_the_same() -> None:
    header = "CHILD_SCHOOL_URN,PARENT_1_NAME,CHILD_FIRST_NAME,CHILD_LAST_NAME,CHILD_DATE_OF_BIRTH"
    roll = read_text(
        header,
        f"{URN},Ada,Marked,Child,2013-11-02",
        f"{URN},Bea,MARKED ,child,02/11/2013",
        f"{URN},Cy,Marked,Child,2013-11-03",
        f"{URN},Di,Marked,,2013-11-03",
    )
    assert roll.format == "Mavis, CSV"
    first, second, third = (row.pupil_id for row in roll.rows)
    assert first == second != third
    assert first.startswith("made-")
    assert "marked" not in repr(roll).casefold()
    assert [(one.row, one.code) for one in roll.set_aside] == [(5, "PUPIL_ID_MISSING")]


def test_repeated_headings_survive_and_a_title_above_them_does_no_harm() -> None:
    roll = read("generic_repeated.csv")
    assert (roll.format, roll.set_aside) == ("generic export, CSV", [])
    assert [facts(row) for row in roll.rows] == [
        (5, "2041", "Ms Agnieszka Nowak", "mother", "agnieszka.nowak@example.com", "+447700900101"),
        (6, "2041", "Mr Dafydd O'Example", "father", None, "+447700900102"),
    ]
    assert [row.parental_responsibility for row in roll.rows] == ["yes", "no"]


def test_a_bare_heading_beside_the_adults_own_is_the_childs() -> None:
    roll = read_text(
        "UPN,Email,Contact Email,Forename,Forename,Contact Name", "1,c@example.org,a@example.com,C,C,Ada"
    )
    (row,) = roll.rows
    assert (row.email, row.adult_name) == ("a@example.com", "Ada")


def test_a_heading_nobody_knows_is_not_read_and_is_named() -> None:
    roll = read_text("UPN,Parent Name,Favourite Colour,House", "1,Ada,Marked,Marked")
    assert roll.ignored == ('"Favourite Colour"',)
    assert "Marked" not in repr(roll)


@pytest.mark.parametrize(
    "heading", ["No Contact", "Do Not Send Letters", "Restricted?", "Court order notes", "Injunction 2024"]
)
def test_a_heading_nobody_knows_that_may_keep_an_adult_away_holds_and_never_frees(heading: str) -> None:
    rows = [f"{number},Adult,F,{said}" for number, said in enumerate(("", "No", "Yes", "see file"))]
    roll = read_text(f"UPN,Parent Name,Court Order,{heading}", *rows)
    assert [row.restriction for row in roll.rows] == ["none", "none", "hold", "hold"]
    assert roll.ignored == ()
    without = read_text(f"UPN,Parent Name,{heading}", "1,Ada,No")
    assert without.rows[0].restriction == "unknown"


def test_of_two_such_headings_the_stricter_counts() -> None:
    roll = read_text(
        "UPN,Parent Name,Court Order,No Contact,Barred", "1,Ada,F,No,Yes", "2,Bea,F,No,No", "3,Cy,F,,"
    )
    assert [row.restriction for row in roll.rows] == ["hold", "none", "none"]


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        (
            "Colour,House",
            "or their birthday beside their name (PUPIL_ID) and which gives the adult's name (ADULT_NAME). No row",
        ),
        ("UPN,Forename,Surname,Email", 'the adult\'s name (ADULT_NAME). Its headings are "UPN", "Forename"'),
        (
            "Parent Name,Email",
            'the child\'s id, or their birthday beside their name (PUPIL_ID). Its headings are "Parent Name", "Email".',
        ),
    ],
)
def test_a_file_that_cannot_be_guessed_is_refused_with_what_is_missing(header: str, missing: str) -> None:
    with pytest.raises(ColumnsNotFound) as caught:
        read_text(header, "1,2,3,4")
    assert caught.value.code == "EF204"
    assert missing in caught.value.fact
    assert "which heading means what" in caught.value.fix


@pytest.mark.parametrize(
    "row", ["1500,Vince,Ancram,1A,1,2", "Email,Forename,vince@example.com", "Surname,Forename,07700 900123"]
)
def test_a_row_that_may_be_a_familys_is_not_named_as_headings(row: str) -> None:
    with pytest.raises(ColumnsNotFound) as caught:
        read_text(row, "1501,Bo,Ancram,1A,1,2")
    assert "No row near the top" in caught.value.fact
    assert not any(cell in caught.value.fact for cell in ("Vince", "example.com", "07700"))


def test_headings_are_met_without_case_spaces_and_signs() -> None:
    assert system_of(["upn", "contact_surname", "CONTACT-PRIORITY"]) == "SIMS"


@pytest.mark.parametrize(
    ("header", "row", "name", "email"),
    [
        (
            "UPN,Forename,Surname,Email,Parent Name,Email",
            "1,S,X,child@example.com,Ada,ada@example.com",
            "Ada",
            "ada",
        ),
        ("UPN,Pupil Name,Email,Parent Name,Mobile", "1,S,child@example.com,Ada,07700900101", "Ada", None),
        ("UPN,Name,Email,Name,Email", "1,S,child@example.com,Ada,ada@example.com", "Ada", "ada"),
        ("Parent Name,Relationship,Pupil Name,UPN,Email", "Ada,mother,S,1,child@example.com", "Ada", None),
        ("UPN,Email,Parent Name", "1,child@example.com,Ada", "Ada", None),
        ("Parent Name,Email,Pupil Name,UPN,Email", "Ada,ada@example.com,S,1,child@example.com", "Ada", "ada"),
        ("Parent Email,UPN,Pupil Name,Parent Name", "ada@example.com,1,S,Ada", "Ada", "ada"),
    ],
)
def test_an_inbox_beside_the_childs_name_is_not_the_adults(
    header: str, row: str, name: str, email: str | None
) -> None:
    roll = read_text(header, row)
    assert [(one.adult_name, one.email) for one in roll.rows] == [(name, email and f"{email}@example.com")]
    if "child@" in row:
        assert roll.ignored == ('"Email"',)


def test_the_childs_address_is_not_the_adults() -> None:
    roll = read_text(
        "UPN,Pupil Name,Address,Postcode,Parent Name,Address,Postcode",
        '1,S,"1 Lantern Row, Eastmere",EM4 7QX,Ada,"9 Quay Street, Eastmere",EM4 7QX',
    )
    assert roll.rows[0].address is not None
    assert roll.rows[0].address.lines[0] == "9 Quay Street"
