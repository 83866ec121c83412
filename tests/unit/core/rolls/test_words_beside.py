"""Whatever column says it, an adult who is not to be contacted is never read as open."""

from __future__ import annotations

import io
import zipfile

import pytest

from everyfamily.core.rolls.layout.mapping import ColumnMapping
from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, Roll
from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.words import closing_words
from tests.factories.each import each

URN = 900001
SAID = "NOT TO BE CONTACTED - see DSL"
UNREADABLE = ("unknown", NOT_READABLE)
SIMS = {
    "Adno": "2041",
    "Forename": "Kit",
    "Surname": "Sample",
    "Reg": "4B",
    "Contact Priority": "1",
    "Contact Title": "Mr",
    "Contact Forename": "Joe",
    "Contact Surname": "Ferris",
    "Contact Salutation": "",
    "Relationship": "Father",
    "Parental Responsibility": "T",
    "Court Order": "F",
    "Correspondence": "T",
    "Contact Primary Email": "joe@example.com",
    "Contact Mobile": "07700 900123",
    "Contact Home Telephone": "",
    "Contact Address Block": "3 Mill Rise, Eastmere",
    "Contact Postcode": "EM2 7QX",
    "Contact Notes": "",
    "Colour of house": "",
}


def read(*rows: dict[str, str], mapping: ColumnMapping | None = None) -> Roll:
    lines = [",".join(f'"{cell}"' for cell in row) for row in (rows[0].keys(), *(row.values() for row in rows))]
    return read_roll("\n".join([*lines, ""]).encode(), file="roll.csv", urn=URN, mapping=mapping)


def said(roll: Roll) -> dict[str, tuple[str, str]]:
    return {row.adult_name: (row.restriction, row.restriction_reason) for row in roll.rows if row.adult_name}


def test_the_words_are_looked_for_once_for_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    squeezed = closing_words._squeezed
    monkeypatch.setattr(closing_words, "_squeezed", lambda texts: looks.append(len(texts)) or squeezed(texts))
    roll = read(*(SIMS | {"Adno": str(2000 + number)} for number in range(300)))
    assert len(roll.rows) == 300
    assert len(looks) < 30


def test_a_file_that_says_no_order_and_nothing_else_is_open() -> None:
    assert said(read(SIMS)) == {"Mr Joe Ferris": ("none", "")}


@each(
    "heading",
    sorted(SIMS.keys() - {"Adno", "Reg", "Court Order", "Correspondence", "Contact Priority"}),
)
def test_in_any_column_beside_an_adult_it_closes(heading: str) -> None:
    roll = read(SIMS | {heading: f"{SIMS[heading]} {SAID}"})
    assert list(said(roll).values()) == [UNREADABLE]
    told = [one for one in roll.set_aside if one.code == "WORDS_THAT_CLOSE"]
    assert len(told) == 1
    assert SAID not in told[0].message
    assert not told[0].whole_row


def test_the_report_names_the_heading_where_it_stands() -> None:
    roll = read(SIMS | {"Contact Notes": SAID})
    assert 'the column "Contact Notes"' in roll.set_aside[0].message


def test_it_closes_beside_none_in_our_own_template() -> None:
    row = {"SCHOOL_URN": str(URN), "PUPIL_ID": "1", "ADULT_NAME": "Joe Ferris", "RESTRICTION": "none"}
    assert said(read(row | {"ADDRESS_1": "DO NOT SEND POST"})) == {"Joe Ferris": UNREADABLE}
    assert said(read(row | {"ADDRESS_1": "12 Lantern Court"})) == {"Joe Ferris": ("none", "")}


@pytest.mark.parametrize(("word", "kept"), [("hold", "hold"), ("do not send", "do not send")])
def test_a_closed_word_of_the_file_stays_the_stricter_one(word: str, kept: str) -> None:
    row = {"SCHOOL_URN": str(URN), "PUPIL_ID": "1", "ADULT_NAME": "Joe", "RESTRICTION": word, "MOBILE": SAID}
    assert said(read(row)) == {"Joe": (kept, "")}


def test_words_that_two_cells_of_a_name_make_together_close() -> None:
    assert list(said(read(SIMS | {"Contact Forename": "DO NOT", "Contact Surname": "CONTACT"})).values()) == [
        UNREADABLE
    ]


def test_a_heading_that_the_school_said_is_never_read_is_looked_at_for_this_alone() -> None:
    mapping = ColumnMapping((("No", 1, "PUPIL_ID"), ("Who", 1, "ADULT_NAME"), ("Notes", 1, "-")))
    row = {"No": "7", "Who": "Joe Ferris", "Notes": SAID}
    assert said(read(row, mapping=mapping)) == {"Joe Ferris": UNREADABLE}
    assert said(read(row | {"Notes": "works nights"}, mapping=mapping)) == {"Joe Ferris": ("unknown", NOT_SAID)}


def test_beside_two_adults_of_a_row_it_closes_whose_cell_it_is_else_both() -> None:
    entries = (("No", 1, "PUPIL_ID"), ("A", 1, "ADULT_NAME"), ("Tel A", 1, "MOBILE"))
    second = (("B", 1, "ADULT_NAME/2"), ("Tel B", 1, "MOBILE/2"))
    mapping = ColumnMapping((*entries, *second))
    row = {"No": "7", "A": "Ana Ferris", "Tel A": "07700 900123", "B": "Joe Ferris", "Tel B": "DNC", "Remark": ""}
    silent = ("unknown", NOT_SAID)
    assert said(read(row, mapping=mapping)) == {"Ana Ferris": silent, "Joe Ferris": UNREADABLE}
    both = read(row | {"Tel B": "", "Remark": "Father: no contact"}, mapping=mapping)
    assert said(both) == {"Ana Ferris": UNREADABLE, "Joe Ferris": UNREADABLE}


def test_a_row_that_names_no_adult_closes_all_of_the_child_and_of_no_other() -> None:
    nobody = dict.fromkeys(SIMS, "") | {"Adno": "2041", "Reg": "4B", "Contact Notes": "Father not to collect"}
    roll = read(SIMS, nobody, SIMS | {"Adno": "2042", "Contact Forename": "Bo"})
    assert said(roll) == {"Mr Joe Ferris": UNREADABLE, "Mr Bo Ferris": ("none", "")}


def test_a_row_that_was_set_aside_closes_the_child_too() -> None:
    nameless = SIMS | {"Contact Forename": "", "Contact Surname": "", "Contact Title": "", "Contact Notes": SAID}
    assert said(read(SIMS, nameless)) == {"Mr Joe Ferris": UNREADABLE}


def test_a_teachers_initials_close_no_class() -> None:
    assert said(read(SIMS | {"Reg": "DNC"})) == {"Mr Joe Ferris": ("none", "")}
    assert said(read(SIMS | {"Reg": "4B"} | {"Class teacher": "DNC"})) == {"Mr Joe Ferris": ("none", "")}


def test_who_has_unsubscribed_from_the_schools_messages_is_held() -> None:
    assert said(read(SIMS | {"Unsubscribed from comms": "Yes"})) == {"Mr Joe Ferris": ("hold", "")}
    assert said(read(SIMS | {"Unsubscribed from comms": "No"})) == {"Mr Joe Ferris": ("none", "")}


CTF = """<CTfile><Header><CTFversion>25.0</CTFversion><SourceSchool><URN>900001</URN></SourceSchool></Header>
<CTFpupilData><Pupil><UPN>X900000004001</UPN><Contacts>
<Contact><Surname>Ferris</Surname><Forename>Joe</Forename>{note}</Contact>
<Contact><Surname>Ferris</Surname><Forename>Ana</Forename><Notes>works nights</Notes></Contact>
</Contacts></Pupil></CTFpupilData></CTfile>"""


@pytest.mark.parametrize(
    "note",
    [
        "<Notes>Not to be contacted</Notes>",
        "<Phones><Phone><TelephoneType>M</TelephoneType><PhoneNote>DNC</PhoneNote></Phone></Phones>",
        "<Email>DO NOT CONTACT</Email>",
    ],
)
def test_any_element_of_a_common_transfer_files_contact_closes(note: str) -> None:
    roll = read_roll(CTF.format(note=note).encode(), file="roll.xml", urn=URN)
    assert said(roll) == {"Joe Ferris": UNREADABLE, "Ana Ferris": ("unknown", NOT_SAID)}


@pytest.mark.parametrize("column", ["metadata.notes", "phone"])
def test_any_column_of_a_oneroster_user_closes(column: str) -> None:
    columns = (
        *("sourcedId", "orgSourcedIds", "role", "givenName", "familyName", "agentSourcedIds"),
        *("phone", "metadata.notes"),
    )
    users = [
        {
            "sourcedId": "c1",
            "role": "student",
            "givenName": "Kit",
            "familyName": "Sample",
            "agentSourcedIds": "a1,a2",
        },
        {"sourcedId": "a1", "role": "parent", "givenName": "Joe", "familyName": "Ferris", column: SAID},
        {"sourcedId": "a2", "role": "parent", "givenName": "Ana", "familyName": "Ferris", column: "works nights"},
    ]
    rows = [",".join(columns), *(",".join(user.get(name, "").join('""') for name in columns) for user in users)]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("users.csv", "\n".join(rows) + "\n")
    roll = read_roll(out.getvalue(), file="roll.zip", urn=URN)
    assert said(roll) == {"Joe Ferris": UNREADABLE, "Ana Ferris": ("unknown", NOT_SAID)}


def test_a_note_of_the_child_holds_every_adult_on_all_of_the_childs_rows() -> None:
    noted = {"Adno": "2041", "Pupil Notes": "Father not to have any info"} | SIMS
    silent = noted | {"Pupil Notes": "", "Contact Forename": "Ivo"}
    other = silent | {"Adno": "2042", "Contact Forename": "Bo"}
    assert said(read(noted, silent, other)) == {
        "Mr Joe Ferris": UNREADABLE,
        "Mr Ivo Ferris": UNREADABLE,
        "Mr Bo Ferris": ("none", ""),
    }


def test_a_relationship_that_cannot_be_read_never_leaves_none() -> None:
    assert said(read(SIMS | {"Relationship": "Lady next door"})) == {"Mr Joe Ferris": ("unknown", NOT_SAID)}
    removed = read(SIMS | {"Relationship": "Father - PR removed by court"})
    assert said(removed) == {"Mr Joe Ferris": UNREADABLE}


@pytest.mark.parametrize(
    "changed",
    [
        {"Contact Surname": "Ferris - DELETED 01/02/2025"},
        {"Contact Surname": "Ferris (deleted)"},
        {"Date link deleted": "01/02/2025"},
        {"Contact deleted": "Yes"},
        {"Deleted": "T"},
    ],
)
def test_a_deleted_link_is_told_and_its_adult_is_not_taken(changed: dict[str, str]) -> None:
    column = dict.fromkeys(changed.keys() - SIMS.keys(), "")
    roll = read(SIMS | column | {"Contact Forename": "Ana"}, SIMS | changed)
    assert said(roll) == {"Mr Ana Ferris": ("none", "")}
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "LINK_ENDED")]


@pytest.mark.parametrize(("forename", "surname"), [("Deleted", "Contact"), ("Test", "Parent"), ("TEST", "CARER")])
def test_a_placeholder_is_nobodys_name(forename: str, surname: str) -> None:
    roll = read(SIMS, SIMS | {"Contact Forename": forename, "Contact Surname": surname})
    assert said(roll) == {"Mr Joe Ferris": ("none", "")}
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "NOT_A_PERSON")]


def test_a_test_pupil_is_no_child() -> None:
    roll = read(SIMS, SIMS | {"Adno": "0", "Forename": "TEST", "Surname": "PUPIL"})
    assert [row.pupil_id for row in roll.rows] == ["2041"]
    assert [(one.row, one.code) for one in roll.set_aside] == [(3, "NOT_A_PERSON")]


def test_words_beside_an_adult_count_for_the_adults_other_children() -> None:
    roll = read_roll(
        b"UPN,Contact name,Email,Notes\nA1,Ada Reed,ada@example.com,do not contact\nA2,ADA REED,ada@example.com,\n"
        b"A3,Ada Reed,another@example.com,\nA4,Bo Reed,ada@example.com,\n",
        file="export.csv",
        urn=999001,
    )
    assert [row.restriction_reason for row in roll.rows] == [NOT_READABLE, NOT_READABLE, NOT_SAID, NOT_SAID]


@pytest.mark.parametrize("address", ["CONFIDENTIAL - ask the office", "Withheld"])
def test_an_address_that_is_kept_back_closes(address: str) -> None:
    roll = read_roll(
        f"UPN,Contact name,Contact address\nA1,Ada Reed,{address}\n".encode(), file="export.csv", urn=999001
    )
    assert [row.restriction_reason for row in roll.rows] == [NOT_READABLE]
