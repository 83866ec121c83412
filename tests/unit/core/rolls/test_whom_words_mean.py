"""A note is one adult's only where it plainly keeps that adult away and speaks of nobody else."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.closing.whom_words_mean import the_one_meant
from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each

ADULTS = [("mother", "Ada Reed"), ("father", "Bob Reed"), ("grandparent", "Cy Vale")]


@pytest.mark.parametrize(
    ("note", "who"),
    [
        ("Dad must not collect or be told anything - court order, copy with manager", 1),
        ("Father: prohibited steps order, no school information to be released", 1),
        ("Please don't send anything home to dad - see Mrs T", 1),
        ("Please do not contact her mum, there is a non molestation order", 0),
        ("Dad (Bob) - non-molestation order. MUST NOT be given any info", 1),
        ("No contact with father", 1),
        ("Injunction against Bob", 1),
        ("Nan not to collect", 2),
        ("Safeguarding: father (Mr Bob Reed) not to have info", 1),
    ],
)
def test_one_adult_is_plainly_meant(note: str, who: int) -> None:
    assert the_one_meant(note, ADULTS) == who


@each(
    "note",
    [
        "Court order",
        "Yes - please ring me, school has a copy",
        "Mum has an injunction",
        "Mum has an injunction against dad",
        "Dad has custody, no contact with mum",
        "Do not contact dad's partner",
        "No contact with dad's side of the family",
        "Contact dad only",
        "Not to be contacted except via dad",
        "Hand over to mum only, injunction",
        "Child arrangements order: lives with dad, no contact",
        "Parents must not know the address",
        "No contact with father's family",
        "Mum and dad must not be written to together",
        "Stepdad must not collect",
        "Uncle must not collect, dad knows",
        "Dad told us: no contact",
        "Reed not to be contacted",
        "Dad granted a non-molestation order",
        "Do not tell mum that dad must not collect",
    ],
)
def test_anything_less_plain_is_everybodys(note: str) -> None:
    assert the_one_meant(note, ADULTS) is None


def test_two_of_a_kind_are_both_meant() -> None:
    assert the_one_meant("Dad must not collect", [("father", "Bob Reed"), ("father", "Cy Vale")]) is None


def read(*lines: str) -> Roll:
    return read_roll("\n".join((*lines, "")).encode(), file="list.csv", urn=999001)


def test_the_other_adult_of_the_row_is_not_closed_by_it_and_not_freed() -> None:
    roll = read(
        "UPN,Mum,Mum email,Dad,Dad email,Notes",
        "A1,Ada Reed,ada@example.com,Bob Reed,bo@example.com,Dad must not collect or have letters",
        "A2,Cy Vale,cy@example.com,Di Vale,di@example.com,Court order in place",
    )
    assert [(row.adult_name, row.restriction_reason) for row in roll.rows] == [
        ("Ada Reed", NOT_SAID),
        ("Bob Reed", NOT_READABLE),
        ("Cy Vale", NOT_READABLE),
        ("Di Vale", NOT_READABLE),
    ]


def test_a_forms_answer_about_one_parent_closes_that_one() -> None:
    roll = read(
        "UPN,Parent 1 name,Parent 1 relationship,Parent 2 name,Parent 2 relationship,Are there any court orders?",
        'A1,Ada Reed,Mum,Bob Reed,Dad,"Yes, her dad must not have any information"',
        "A2,Cy Vale,Mum,Di Vale,Dad,Yes",
    )
    assert [(row.adult_name, row.restriction, row.restriction_reason) for row in roll.rows] == [
        ("Ada Reed", "unknown", NOT_SAID),
        ("Bob Reed", "unknown", NOT_READABLE),
        ("Cy Vale", "hold", ""),
        ("Di Vale", "hold", ""),
    ]
