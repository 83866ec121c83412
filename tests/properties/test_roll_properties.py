"""Whatever bytes a school sends: the roll is read or refused, loses no child, and repeats no value."""

from __future__ import annotations

import csv
import io
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from everyfamily.core.adults.same_adult import Adult, adults_of, plain_name, strictness
from everyfamily.core.contacts.recipients import PostalAddress
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.roll_rows import (
    COLUMNS,
    RESTRICTIONS,
    Roll,
    RollNotReadable,
    RollOfOtherSchool,
    RollRow,
)
from everyfamily.core.rolls.read_roll import read_roll
from tests.factories.city import roll_csv

URN = 900001
MARK = "Zqx"
CELLS = st.one_of(
    st.just(""),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    st.sampled_from(["none", "hold", "yes", "1", "pl", "email", "a@example.com", "07700900123", "EM4 7QX"]),
)
FIXED = {
    "PUPIL_ID": st.sampled_from(["", "1", "2", "3"]),
    "SCHOOL_URN": st.sampled_from([str(URN)] * 4 + ["", "7"]),
}
FREE = {name: CELLS for name in COLUMNS if name not in FIXED}
ROWS = st.lists(
    # A row without a single value is no row.
    st.fixed_dictionaries(FIXED, optional=FREE).filter(lambda row: any(cell.strip() for cell in row.values())),
    min_size=1,
    max_size=4,
)


def read(data: bytes) -> Roll | None:
    try:
        return read_roll(data, file="roll.csv", urn=URN)
    except EveryfamilyError as problem:
        assert problem.place is not None
        return None


def holds(roll: Roll) -> None:
    assert roll.read > 0
    assert {row.row for row in roll.rows} | {one.row for one in roll.set_aside}
    assert all(row.pupil_id and row.restriction in RESTRICTIONS for row in roll.rows)
    assert all(len(row.year_group) <= 20 and len(row.class_name) <= 40 for row in roll.rows)
    assert all(len(row.language) <= 20 for row in roll.rows)
    assert all(row.address is None or isinstance(row.address, PostalAddress) for row in roll.rows)
    assert len({row.row for row in roll.rows}) == len(roll.rows)


@given(st.binary(max_size=200))
@example(b"SCHOOL_URN,PUPIL_ID,ADULT_NAME\n900001,1,\x00")
@example(b'SCHOOL_URN,PUPIL_ID,ADULT_NAME\n900001,1,"')
@settings(max_examples=150)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    roll = read(data)
    if roll is not None:
        holds(roll)


@given(ROWS, st.data())
@settings(max_examples=30)
def test_a_damaged_file_is_read_or_refused(rows: list[dict[str, str]], data: st.DataObject) -> None:
    whole = roll_csv(URN, rows)
    at = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 30))
    roll = read(whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + length :])
    if roll is not None:
        holds(roll)


@given(ROWS)
@settings(max_examples=25)
def test_no_mistake_in_an_adults_row_takes_a_child_off_the_roll(rows: list[dict[str, str]]) -> None:
    if all(row["SCHOOL_URN"] == "7" for row in rows):
        with pytest.raises(RollOfOtherSchool):
            read_roll(roll_csv(URN, rows), file="roll.csv", urn=URN)
        return
    roll = read(roll_csv(URN, rows))
    assert roll is not None
    holds(roll)
    assert roll.read == len(rows)
    wanted = {row["PUPIL_ID"] for row in rows if row["PUPIL_ID"] and row["SCHOOL_URN"] in ("", str(URN))}
    assert {row.pupil_id for row in roll.rows} == wanted
    gone = {one.row for one in roll.set_aside if one.whole_row}
    taken = {row.row for row in roll.rows if row.row not in gone}
    assert taken.isdisjoint(gone)
    assert taken | gone == set(range(2, len(rows) + 2))
    named = {row.row for row in roll.rows if row.adult_name}
    assert named == {at for at in taken if rows[at - 2].get("ADULT_NAME", "").strip()}


@given(ROWS)
@settings(max_examples=30)
def test_a_restriction_is_never_freer_than_written(rows: list[dict[str, str]]) -> None:
    roll = read(roll_csv(URN, rows))
    for row in roll.rows if roll else []:
        written = rows[row.row - 2].get("RESTRICTION", "").strip().lower()
        assert row.restriction == "unknown" or row.restriction == written


@given(
    st.lists(st.dictionaries(st.sampled_from(COLUMNS), st.text("ab@0+.,", max_size=5), max_size=8), max_size=5)
)
@settings(max_examples=60)
def test_no_message_repeats_what_stands_in_a_cell(rows: list[dict[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    known = [{"SCHOOL_URN": str(URN), "PUPIL_ID": str(at)} for at in range(len(rows))]
    marked = [{name: f"{MARK}{value}" for name, value in row.items()} for row in rows]
    writer.writerows(base | row for base, row in zip(known, marked, strict=True))
    try:
        messages = repr(read_roll(out.getvalue().encode(), file="roll.csv", urn=URN).set_aside)
    except RollNotReadable as problem:
        messages = str(problem)
    assert MARK.casefold() not in messages.casefold()


PEOPLE = st.lists(
    st.builds(
        RollRow,
        row=st.integers(2, 9),
        pupil_id=st.sampled_from("12"),
        year_group=st.just(""),
        class_name=st.just(""),
        adult_name=st.sampled_from(["Ana Ferris", "Mr A Ferris", "Adam Ferris", "a. moss", "."]),
        restriction=st.sampled_from(RESTRICTIONS),
        email=st.sampled_from([None, "a@example.com", "b@example.com"]),
        mobile=st.sampled_from([None, "+447700900123"]),
    ),
    max_size=6,
)


@given(PEOPLE, st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_no_row_of_an_adult_and_child_frees_what_another_restricts(rows: list[RollRow], dice: Random) -> None:
    adults = adults_of(rows)
    for row in rows:
        name = plain_name(row.adult_name)
        held = [
            adult.cares[row.pupil_id] for adult in adults if name in adult.names and row.pupil_id in adult.cares
        ]
        assert held
        assert all(strictness(link.restriction) >= strictness(row.restriction) for link in held)
    shuffled = dice.sample(rows, len(rows))

    def told(adults: list[Adult]) -> list[tuple[list[str], list[tuple[str, str]]]]:
        links = ((a, sorted((pupil, link.restriction) for pupil, link in a.cares.items())) for a in adults)
        return sorted((sorted(adult.names), cares) for adult, cares in links)

    assert told(adults_of(shuffled)) == told(adults), "the order of the rows says nothing"
