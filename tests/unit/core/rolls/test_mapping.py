"""A school's saved mapping says which heading means what, and says so when the file has changed."""

from __future__ import annotations

import json

import pytest

from everyfamily.core.errors import SourceLocation
from everyfamily.core.rolls.layout.mapping import ColumnMapping, HeadingNotFound, MappingNotGood
from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.each import each

URN = 900001
MAPPING = ColumnMapping(
    (
        ("Child", 1, "PUPIL_ID"),
        ("Name", 2, "ADULT_NAME"),
        ("Name", 3, "ADULT_NAME/2"),
        ("Post", 1, "EMAIL"),
        ("Post", 2, "EMAIL/2"),
        ("Note", 1, "-"),
    )
)
HEADER = "Child,Name,Name,Post,Name,Post,Note"


def read(text: str, mapping: ColumnMapping | None = MAPPING) -> Roll:
    return read_roll(text.encode(), file="own.csv", urn=URN, mapping=mapping)


def test_a_mapping_tells_repeated_headings_apart_and_several_adults_of_a_row() -> None:
    roll = read(f"{HEADER}\n7,Marked,Ada,ada@example.com,Bea,bea@example.com,Marked\n8,Marked,Cy,,,,\n")
    assert (roll.format, roll.read) == ("mapped by the school, CSV", 3)
    assert [(row.row, row.pupil_id, row.adult_name, row.email) for row in roll.rows] == [
        (2, "7", "Ada", "ada@example.com"),
        (2, "7", "Bea", "bea@example.com"),
        (3, "8", "Cy", None),
    ]
    assert "Marked" not in repr(roll)


def test_a_row_without_any_adult_keeps_its_child() -> None:
    roll = read(f"{HEADER}\n7,Marked,,,,,\n")
    assert [(row.pupil_id, row.adult_name) for row in roll.rows] == [("7", "")]


def test_a_mapping_is_kept_as_json() -> None:
    kept = json.loads(json.dumps(MAPPING.to_json()))
    assert kept[1] == ["Name", 2, "ADULT_NAME"]
    assert ColumnMapping.from_json(kept) == MAPPING


def test_a_heading_that_is_gone_is_named_and_stops_the_file() -> None:
    with pytest.raises(HeadingNotFound) as caught:
        read("Child,Name,Name,Post,Note\n7,x,Ada,a@example.com,\n")
    assert caught.value.code == "EF203"
    assert '"Name" (number 3 of that name)' in caught.value.fact
    assert str(caught.value.place) == "own.csv:1"


def test_a_long_heading_is_cut_in_a_message() -> None:
    mapping = ColumnMapping((("x" * 90, 1, "PUPIL_ID"), ("Name", 1, "ADULT_NAME")))
    with pytest.raises(HeadingNotFound) as caught:
        mapping.apply(["Name"], SourceLocation("own.csv"))
    assert f'"{"x" * 40}"' in caught.value.fact


def test_the_header_may_stand_below_a_title_with_a_mapping_too() -> None:
    roll = read(f"Contacts\n\n{HEADER}\n7,x,Ada,ada@example.com,,,\n")
    assert [(row.row, row.adult_name) for row in roll.rows] == [(4, "Ada")]


def test_our_template_needs_no_mapping_and_takes_none() -> None:
    roll = read(f"SCHOOL_URN,PUPIL_ID,ADULT_NAME,RESTRICTION\n{URN},7,Ada,none\n")
    assert (roll.format, roll.rows[0].restriction) == ("everyfamily template, CSV", "none")


def test_a_heading_that_may_keep_an_adult_away_is_read_though_the_mapping_forgot_it() -> None:
    mapping = ColumnMapping((("Child", 1, "PUPIL_ID"), ("Name", 1, "ADULT_NAME"), ("Order", 1, "COURT_ORDER")))
    text = "Child,Name,Order,No contact\n7,Ada,F,Yes\n8,Bea,F,\n"
    assert [row.restriction for row in read(text, mapping).rows] == ["hold", "none"]
    spoken = ColumnMapping((*mapping.entries, ("No contact", 1, "-")))
    assert [row.restriction for row in read(text, spoken).rows] == ["none", "none"]


def test_what_keeps_an_adult_away_holds_every_adult_of_a_row() -> None:
    text = f"{HEADER},No contact\n7,x,Ada,a@example.com,Bea,b@example.com,,Yes\n"
    assert [row.restriction for row in read(text).rows] == ["hold", "hold"]


@each(
    "columns, fault",
    [
        ("x", "not a list"),
        ([["Child", 1]], "Number 1"),
        ([["Child", 0, "PUPIL_ID"]], "Number 1"),
        ([[" ", 1, "PUPIL_ID"]], "Number 1"),
        ([["Child", 1, "PUPIL_ID"], ["Name", 1, "NAME"]], "Number 2 of it names a column that there is not"),
        ([["Child", 1, "PUPIL_ID"], ["Name", 1, "ADULT_NAME/10"]], "column that there is not"),
        ([["Child", 1, "PUPIL_ID"], ["Name", 1, "ADULT_NAME/x"]], "column that there is not"),
        ([["Child", 1, "PUPIL_ID"], ["child", 1, "-"]], "One heading is given twice"),
        ([["A", 1, "PUPIL_ID"], ["B", 1, "PUPIL_ID"], ["N", 1, "ADULT_NAME"]], "PUPIL_ID twice"),
        ([["Child", 1, "PUPIL_ID"]], "no ADULT_NAME"),
        ([["Name", 1, "ADULT_SURNAME"]], "no PUPIL_ID"),
    ],
)
def test_a_mapping_that_is_none_is_refused(columns: object, fault: str) -> None:
    with pytest.raises(MappingNotGood) as caught:
        ColumnMapping.from_json(columns)
    assert caught.value.code == "EF206"
    assert fault in caught.value.fact
