"""Whose home words in place of an address point at, what is nobody's home, and where a block keeps its postcode."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.core.rolls.model.sheet import Line, Sheet
from everyfamily.core.rolls.rows import roll_of
from everyfamily.core.rolls.values.homes import is_no_home, points_at
from everyfamily.core.rolls.values.postal_block import lines_of_block
from tests.factories.each import each

HOME = "3 Quay Street, Eastmere, EM4 7QX"
LINES = ("3 Quay Street", "Eastmere", "EM4 7QX")


def read(*rows: dict[str, str]) -> Roll:
    columns = frozenset(name for row in rows for name in row)
    lines = tuple(
        Line(number, {"PUPIL_ID": "7", "ADULT_NAME": f"A {number} Person"} | row)
        for number, row in enumerate(rows, start=2)
    )
    return roll_of(Sheet("test", columns, lines), file="roll.csv", urn=900001)


@each(
    "text, whom",
    [
        ("same as mum", "mother"),
        ("Same address as Mum", "mother"),
        ("as mother", "mother"),
        ("lives with mum", "mother"),
        ("c/o Nan", "grandparent"),
        ("at dad's", "father"),
        ("(same as Dad's address)", "father"),
        ("As above.", ""),
        ("same", ""),
        ("ditto", ""),
        ("same as parent 1", "1"),
        ("as first contact", "1"),
        ("3 Mother Lane", None),
        ("Mumford House", None),
        ("With Cottage", None),
        ("", None),
        ("as " * 3000, None),
    ],
)
def test_words_may_point_at_another_adults_home(text: str, whom: str | None) -> None:
    assert points_at(text) == whom


@each(
    "line",
    [
        *(
            "NFA",
            "no fixed abode",
            "I don't know",
            "tbc",
            "Works away - post to mum",
            "Moved, address unknown",
            "as above",
        ),
        *(
            "Refuge - do not disclose",
            "Address withheld",
            "NO POST TO THIS PARENT",
            "lives with mum",
            "abroad",
            "n/a",
            "Tel 01632 960343",
            "mob: +44 7700 900123",
            "c/o school",
        ),
    ],
)
def test_a_note_is_nobodys_home(line: str) -> None:
    assert is_no_home(line)
    assert read({"ADDRESS": line, "POSTCODE": "EM4 7QX"}).rows[0].address is None


@each(
    "line",
    [
        *(
            "Mill House",
            "Refuge Cottage",
            "Moving House Farm 2",
            "Eastmere",
            "The Post Office",
            "Not Known Lane 3",
        ),
        *("Court Road", "Abroad Farm", "Seemore House", "3 Quay Street (lives with mum)"),
    ],
)
def test_a_home_is_no_note(line: str) -> None:
    assert not is_no_home(line)


def test_a_home_that_is_pointed_at_is_the_other_adults() -> None:
    mother = {"RELATIONSHIP": "Mum", "ADDRESS": HOME, "POSTCODE": ""}
    roll = read(mother, {"RELATIONSHIP": "Dad", "ADDRESS": "same as mum", "POSTCODE": ""})
    assert [row.address and row.address.lines for row in roll.rows] == [LINES, LINES]
    assert roll.set_aside == []


def test_it_is_never_another_childs() -> None:
    mother = {"RELATIONSHIP": "Mum", "ADDRESS": HOME, "POSTCODE": ""}
    roll = read(mother, {"PUPIL_ID": "8", "RELATIONSHIP": "Dad", "ADDRESS": "as above", "POSTCODE": ""})
    assert roll.rows[1].address is None
    assert roll.rows[1].also == ()
    assert [one.code for one in roll.set_aside] == ["ADDRESS_WITH_WORDS"]


def test_a_note_that_closes_is_no_line_of_the_address() -> None:
    (row,) = read({"ADDRESS": "21 Elm Rd\nDunlow\nNO POST TO THIS PARENT", "POSTCODE": "FN9 4EE"}).rows
    assert row.address is not None
    assert row.address.lines == ("21 Elm Rd", "Dunlow", "FN9 4EE")
    assert row.restriction_reason == "not readable"


@pytest.mark.parametrize(
    ("block", "lines", "code"),
    [
        ("3 Quay Street, Eastmere. EM47QX", ["3 Quay Street", "Eastmere."], "EM47QX"),
        ("3 Quay Street, EM4 7QX, Eastmere", ["3 Quay Street", "Eastmere"], "EM4 7QX"),
        ("3 Quay Street em47qx Eastmere", ["3 Quay Street", "Eastmere"], "em47qx"),
        ("3 Quay Street; Eastmere; em4 7qx", ["3 Quay Street", "Eastmere"], "em4 7qx"),
        ("3 Quay Street, Eastmere EM4 7QX, UK", ["3 Quay Street", "Eastmere", "UK"], "EM4 7QX"),
        ("a" * 10_000, ["a" * 10_000], ""),
        ("EM4 7QX or EM4 7QY, Quay Street", ["EM4 7QX or EM4 7QY", "Quay Street"], ""),
    ],
)
def test_the_postcode_of_a_block_is_found_wherever_it_stands(block: str, lines: list[str], code: str) -> None:
    assert lines_of_block(block, "") == (lines, code)
