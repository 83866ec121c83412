"""Children on one sheet and their contacts on another: joined by id, and nobody is lost or added."""

from __future__ import annotations

import pytest

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.unit.core.rolls.test_workbook import book

URN = 900001
PUPILS = [
    ["UPN", "Admission No", "Forename", "Surname", "Year Group", "Reg Group"],
    *([f"X9000000920{n:02}", 100 + n, f"Child{n}", "Ferris", 1 + n % 6, f"{1 + n % 6}A"] for n in range(10)),
]
HEADINGS = ["Admission No", "Contact Forename", "Contact Surname", "Relationship", "Email", "Court Order"]
CONTACTS = [[100 + n, f"Ana{n}", "Ferris", "Mother", f"ana{n}@example.org", "No"] for n in range(6)]


def read(contacts: list[list[object]], pupils: list[list[object]] = PUPILS, name: str = "Pupils") -> Roll:
    data = book(HEADINGS, *contacts, title="Contacts", more={name: pupils})
    return read_roll(data, file="roll.xlsx", urn=URN)


def turned(contacts: list[list[object]]) -> Roll:
    data = book(*PUPILS, title="Pupils", more={"Contacts": [HEADINGS, *contacts]})
    return read_roll(data, file="roll.xlsx", urn=URN)


@pytest.mark.parametrize("reads", [read, turned], ids=["contacts first", "pupils first"])
def test_sheets_are_joined_by_id_and_children_without_adults_are_children(reads) -> None:  # type: ignore[no-untyped-def]
    roll = reads(CONTACTS)
    assert {row.pupil_id for row in roll.rows} == {str(100 + n) for n in range(10)}
    assert {row.pupil_id for row in roll.rows if row.adult_name} == {str(100 + n) for n in range(6)}
    assert {(row.pupil_id, row.year_group, row.class_name) for row in roll.rows} == {
        (str(100 + n), str(1 + n % 6), f"{1 + n % 6}A") for n in range(10)
    }
    assert not roll.not_read
    assert not roll.set_aside


def test_a_contact_of_no_pupil_is_set_aside_and_brings_no_child() -> None:
    roll = read([*CONTACTS, [999, "Ben", "Okafor", "Father", "ben@example.org", "No"]])
    assert "999" not in {row.pupil_id for row in roll.rows}
    assert [(one.row, one.code, one.whole_row) for one in roll.set_aside] == [(8, "CONTACT_OF_NO_PUPIL", True)]
    assert roll.child_of_row == {8: "999"}, "so that the office finds it"


def test_a_contact_of_no_pupil_who_is_held_stays_so_that_nobody_near_them_is_freer() -> None:
    roll = read([*CONTACTS, [999, "Ben", "Okafor", "Father", "ben@example.org", "Yes"]])
    (held,) = [row for row in roll.rows if row.pupil_id == "999"]
    assert held.restriction == "hold"


def test_words_that_close_on_the_list_of_pupils_close_for_every_adult_of_the_child() -> None:
    pupils = [[*PUPILS[0], "Notes"], [*PUPILS[1], "father not to be contacted"], *PUPILS[2:]]
    closed = [row.pupil_id for row in read(CONTACTS, pupils).rows if row.restriction_reason == "not readable"]
    assert closed == ["100"]


@pytest.mark.parametrize(
    ("name", "pupils"),
    [
        ("Leavers", PUPILS),
        ("Not to be contacted", PUPILS),
        ("Trips", [["UPN", "Admission No", "Trip"], *([*row[:2], "Lantern Museum"] for row in PUPILS[1:])]),
        ("Others", [PUPILS[0], *([*row[:1], int(str(row[1])) + 500, *row[2:]] for row in PUPILS[1:])]),
        ("A few", PUPILS[:3]),
    ],
)
def test_a_sheet_that_lists_nobody_here_is_not_read_and_is_named(name: str, pupils: list[list[object]]) -> None:
    contacts = [*CONTACTS, [999, "Ben", "Okafor", "Father", "ben@example.org", "No"]]
    roll = read(contacts, pupils, name)
    assert {row.pupil_id for row in roll.rows} == {*(str(100 + n) for n in range(6)), "999"}
    assert roll.not_read == ((f'the sheet "{name}"', len(pupils)),)


def test_sheets_of_single_classes_are_joined_together() -> None:
    halves = {"1A": [*PUPILS[:6]], "2B": [PUPILS[0], *PUPILS[6:]]}
    data = book(HEADINGS, *CONTACTS, title="Contacts", more=halves)
    roll = read_roll(data, file="roll.xlsx", urn=URN)
    assert len({row.pupil_id for row in roll.rows}) == 10
    assert not roll.not_read


def test_a_sheet_that_gives_the_class_lists_children_by_itself() -> None:
    headings, contacts = [*HEADINGS, "Class"], [[*row, "1A"] for row in CONTACTS]
    data = book(headings, *contacts, [555, "Ben", "Okafor", "Father", "", "No", "1A"], more={"Pupils": PUPILS})
    assert "555" in {row.pupil_id for row in read_roll(data, file="roll.xlsx", urn=URN).rows}


def test_children_without_any_contacts_are_still_refused_with_what_to_run_instead() -> None:
    with pytest.raises(EveryfamilyError) as raised:
        read_roll(book(*PUPILS, title="Pupils"), file="roll.xlsx", urn=URN)
    assert raised.value.code == "EF204"


def test_contacts_of_other_children_do_not_make_a_list_of_pupils_readable() -> None:
    others = [[5000 + n, f"Ana{n}", "Ferris", "Mother", f"ana{n}@example.org", "No"] for n in range(6)]
    with pytest.raises(EveryfamilyError) as raised:
        turned(others)
    assert raised.value.code == "EF204"
