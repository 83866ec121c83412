"""A column that asks about court orders, whose cells say only yes or no: its no is an answer, and opens nothing that
another column closes."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.model.roll_rows import NOT_SAID, Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each

NARROW = "Adm No,Year,Reg,Carer Forename,Carer Surname,Rel,Carer Email"
WIDE = "UPN,Year,Reg,Contact 1 Name,Contact 1 Relationship,Contact 2 Name,Contact 2 Relationship"
HOLD, NONE, UNSAID = ("hold", ""), ("none", ""), ("unknown", NOT_SAID)


def narrow(headings: str, *cells: str) -> list[tuple[str, str]]:
    """What a file with one adult in a row says of each, by the cells under these headings."""
    rows = [f"2041{at},4,4B,Jo,Kowal{at},Mother,j{at}@example.org,{cell}" for at, cell in enumerate(cells)]
    return said(_read("\n".join([f"{NARROW},{headings}", *rows])))


def wide(heading: str, *cells: str) -> list[tuple[str, str]]:
    """The same of a file with two adults in a row, and the column behind both."""
    rows = [
        f"A12345678901{at},4,4B,Jo Kowal{at},Mother,Al Kowal{at},Father,{cell}" for at, cell in enumerate(cells)
    ]
    return said(_read("\n".join([f"{WIDE},{heading}", *rows])))


def _read(text: str) -> Roll:
    return read_roll(text.encode(), file="roll.csv", urn=900001)


def said(roll: Roll) -> list[tuple[str, str]]:
    return [(row.restriction, row.restriction_reason) for row in roll.rows]


@each(
    "heading, cells",
    [
        ("Court order or no contact?", ("No", "No", "Yes")),
        ("Court orders / no contact (Y/N)", ("N", "N", "Y")),
        ("Contact restricted or court order", ("false", "0", "TRUE")),
        ("Is there any court order or injunction?", ("no", "None known", "1")),
    ],
)
def test_a_no_says_that_there_is_none_if_all_answers_are_yes_or_no(heading: str, cells: tuple[str, ...]) -> None:
    assert narrow(heading, *cells) == [NONE, NONE, HOLD]


@each(
    "heading",
    [
        ("Court order allows contact",),
        ("No court order",),
        ("Contact allowed by court order",),
        ("No contact",),
        ("Do not send",),
        ("Unsubscribed",),
        ("Court order or no contact with school club",),
    ],
)
def test_a_heading_that_may_ask_the_opposite_or_about_less_can_only_close(heading: str) -> None:
    assert narrow(heading, "No", "No", "Yes") == [UNSAID, UNSAID, HOLD]


def test_one_answer_in_other_words_and_a_no_says_nothing() -> None:
    assert narrow("Court order or no contact?", "No", "not sure", "see Mrs Marsh", "") == [
        UNSAID,
        HOLD,
        HOLD,
        UNSAID,
    ]


@pytest.mark.parametrize("other", ["Court order", "Contact restriction", "No contact"])
def test_it_never_opens_what_another_column_closes(other: str) -> None:
    headings = f"Court order or no contact?,{other}"
    assert narrow(headings, "No,No", "No,Yes", "Yes,No") == [NONE, HOLD, HOLD]
    assert narrow(f"{other},Court order or no contact?", "No,No", "No,Yes", "Yes,No") == [NONE, HOLD, HOLD]


def test_it_opens_nobody_whose_row_has_words_that_close() -> None:
    found = narrow("Court order or no contact?,Remarks", "No,", "No,not to be contacted - see DSL", "Yes,")
    assert found == [NONE, ("unknown", "not readable"), HOLD]


@each(
    "heading",
    [("Court order or no contact?",), ("No contact",), ("Contact restriction",), ("Do not contact",)],
)
def test_behind_two_adults_a_yes_closes_both_and_a_no_frees_neither(heading: str) -> None:
    assert wide(heading, "No", "Yes", "No") == [UNSAID, UNSAID, HOLD, HOLD, UNSAID, UNSAID]
