"""Class lists and forms: children recognised by name, each sheet with its own headings, titles that give the class."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.layout.mapping import ColumnsNotFound
from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, Roll
from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.tables.banners import Group, group_of, group_said
from tests.unit.core.rolls.test_workbook import book

URN = 999001


def read(*lines: str) -> Roll:
    return read_roll("\n".join((*lines, "")).encode(), file="class-list.csv", urn=URN)


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("Acorns - Reception - Miss Pell", Group("Acorns", "Reception")),
        ("Willow class - Year 3 (Mr Odell)", Group("Willow", "3")),
        ("Class: 4B", Group("4B", "")),
        ("Y3 Oaks", Group("Oaks", "3")),
        ("Year 5 contacts", Group("", "5")),
        ("Class contact lists 2026-27", Group()),
        ("Beacon Hill Primary School", Group()),
    ],
)
def test_a_title_says_the_class_and_the_year(title: str, group: Group) -> None:
    assert group_said(title) == group


def test_a_label_and_its_value_stand_in_cells_side_by_side() -> None:
    assert group_of(
        [["Contacts 2026-27"], ["Class:", "Oak", "", "Year group:", "5", "", "Teacher:", "Mr P Ash"]]
    ) == (Group("Oak", "5"))


def test_children_without_ids_are_told_by_their_names_and_the_report_says_so() -> None:
    roll = read(
        "Child's name,Class,Parent name,Email",
        "Sam Reed,4B,Ada Reed,ada@example.com",
        "Sam Reed,4B,Bo Reed,bo@example.com",
        "Kit Vale,4B,Cy Vale,cy@example.com",
    )
    assert len({row.pupil_id for row in roll.rows}) == 2
    assert [row.adult_name for row in roll.rows] == ["Ada Reed", "Bo Reed", "Cy Vale"]
    assert [(one.code, one.whole_row) for one in roll.set_aside] == [("CHILDREN_BY_NAME", False)]
    assert roll.child_of_row == {}


def test_a_name_that_stands_in_two_classes_takes_no_adult_and_still_closes() -> None:
    roll = read(
        "Child's name,Class,Parent name,Email,Notes",
        "Sam Reed,4B,Ada Reed,ada@example.com,",
        "Sam Reed,5C,Bo Reed,bo@example.com,no contact with father",
        "Kit Vale,Year 5,Cy Vale,cy@example.com,",
    )
    first, second, _ = roll.rows
    assert (first.adult_name, first.restriction_reason) == ("Ada Reed", NOT_READABLE)
    assert (second.adult_name, second.class_name, second.pupil_id) == ("", "4B", first.pupil_id)
    assert "CHILD_NOT_CLEAR" in [one.code for one in roll.set_aside]


def test_a_column_that_may_be_an_id_is_asked_about_first() -> None:
    with pytest.raises(ColumnsNotFound) as caught:
        read("Child's name,Kiddo,Parent name", "Sam Reed,K101,Ada Reed", "Kit Vale,K102,Cy Vale")
    assert [one.about for one in caught.value.questions] == ["PUPIL_ID"]


def test_each_sheet_is_read_under_its_own_headings() -> None:
    data = book(
        ["Acorns - Reception - Miss Pell"],
        ["Child", "D.O.B.", "Mum", "Mum email", "Dad", "Dad email"],
        ["Sam Reed", "01/02/2022", "Ada Reed", "ada@example.com", "Bo Reed", "bo@example.com"],
        title="Acorns",
        more={
            "Willow": [
                ["Willow class - Year 3"],
                ["Child's name", "Parent 1", "Relationship", "Email", "Parent 2", "Relationship", "Email"],
                ["Kit Vale", "Cy Vale", "Father", "cy@example.com", "Di Vale", "Mother", "di@example.com"],
            ],
            "Leavers July": [["Child's name", "Parent 1", "Email"], ["Lee Gone", "Ed Gone", "ed@example.com"]],
        },
    )
    roll = read_roll(data, file="lists.xlsx", urn=URN)
    assert [
        (row.year_group, row.class_name, row.adult_name, row.relationship, row.email) for row in roll.rows
    ] == [
        ("Reception", "Acorns", "Ada Reed", "mother", "ada@example.com"),
        ("Reception", "Acorns", "Bo Reed", "father", "bo@example.com"),
        ("3", "Willow", "Cy Vale", "father", "cy@example.com"),
        ("3", "Willow", "Di Vale", "mother", "di@example.com"),
    ]
    assert len({row.row for row in roll.rows}) == 2
    assert 'the sheet "Leavers July"' in roll.ignored


def test_words_on_one_sheet_close_the_child_on_the_other() -> None:
    data = book(
        ["UPN", "Child", "Parent 1", "Email"],
        ["A1", "Sam Reed", "Ada Reed", "ada@example.com"],
        title="Oak",
        more={
            "Elm": [
                ["UPN", "Child", "Notes", "Mother", "Mother email"],
                ["A1", "Sam Reed", "court order", "", ""],
            ]
        },
    )
    roll = read_roll(data, file="lists.xlsx", urn=URN)
    assert [row.restriction_reason for row in roll.rows if row.adult_name] == [NOT_READABLE]


def test_a_row_with_one_name_heads_a_group_where_no_column_gives_the_class() -> None:
    roll = read(
        "UPN,Child,Parent name,Email",
        "Acorns,,,",
        "A1,Sam Reed,Ada Reed,ada@example.com",
        "Year 3 - Willow,,,",
        "A2,Kit Vale,Cy Vale,cy@example.com",
    )
    assert [(row.year_group, row.class_name) for row in roll.rows] == [("", "Acorns"), ("3", "Willow")]


def test_what_looks_like_an_id_is_no_name() -> None:
    with pytest.raises(ColumnsNotFound):
        read("Pupil,Class,Parent name,Email", "P1,4B,Ada Reed,ada@example.com", "P2,4B,Cy Vale,cy@example.com")
