"""60 restriction notes and 160 ordinary ones of people who have not seen the reader, in notes/: whom they close, and
how often an ordinary one waits. A note that fails stays in its table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from everyfamily.core.rolls.model.roll_rows import NOT_SAID
from everyfamily.core.rolls.read_roll import read_roll
from everyfamily.core.rolls.rows import hold_for_notes
from everyfamily.core.rolls.words.closing_words import closes
from everyfamily.core.rolls.words.ordinary_notes import is_ordinary

FOLDER = Path(__file__).parent / "notes"
FAMILY = (("Mia Thorne", "Mother", "mia@example.org"), ("Karl Thorne", "Father", "karl@example.org"))
BESIDE = {"mother": "Mia Thorne", "father": "Karl Thorne"}
KEEPS_AWAY = {
    "father": {"Karl Thorne"},
    "mother": {"Mia Thorne"},
    "both": {"Karl Thorne", "Mia Thorne"},
}
COLUMNS = {
    "beside him": "Notes",
    "beside her": "Notes",
    "own column": "Contact restriction",
    "unknown column": "Xtra 4",
}
DECIDED_AT_MOST, READ_AT_MOST = 0.1, 0.66
"""Of ordinary notes: decided one by one, and waiting for the lead's one reading. The aim of the second is a third."""


def notes(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def export(note: str, way: str) -> bytes:
    """One child with both parents, a row for each, and the note beside one of them."""
    beside = "Mia Thorne" if way == "beside her" else "Karl Thorne"
    lines = [
        ["Admission number", "Year group", "Contact name", "Relationship", "Parental responsibility", "Email"]
    ]
    lines[0].append(COLUMNS[way])
    for name, relationship, email in FAMILY:
        lines.append(["1042", "5", name, relationship, "Yes", email, note if name == beside else ""])
    lines.append(["1043", "5", "Mo Reed", "Mother", "Yes", "mo@example.org", ""])
    return "\n".join(",".join(f'"{cell.replace(chr(34), chr(39))}"' for cell in line) for line in lines).encode()


def open_after_the_word(data: bytes) -> set[str]:
    """Who may have the letter once the lead has said that restrictions are checked, and has read no note."""
    roll = read_roll(data, file="export.csv", urn=900001)
    unread = {child for child, said in roll.notes.items() if not all(one.is_closing for one in said)}
    rows = hold_for_notes(roll.rows, unread)
    return {
        row.adult_name
        for row in rows
        if (row.restriction, row.restriction_reason) in (("none", ""), ("unknown", NOT_SAID))
    }


@pytest.mark.parametrize("way", COLUMNS)
def test_no_note_lets_through_whom_it_keeps_away(way: str) -> None:
    through = {
        one["id"]: one["note"]
        for one in notes("restrictions")
        if open_after_the_word(export(one["note"], way)) & KEEPS_AWAY[one["keeps_away"]]
    }
    assert through == {}


def test_a_family_without_a_note_waits_for_nothing() -> None:
    for way in COLUMNS:
        assert open_after_the_word(export("", way)) == {"Mia Thorne", "Karl Thorne", "Mo Reed"}


@pytest.mark.parametrize("way", ["beside him", "beside her"])
@pytest.mark.parametrize(
    ("note", "for_him", "for_her"),
    [
        ("Father must not be contacted", set(), {"Mia Thorne"}),
        ("NOT TO BE CONTACTED - see DSL", None, None),
        ("non-mol against ex partner Karl", set(), set()),
        ("Please do not send anything to her ex", set(), set()),
        ("Letters to mum only", set(), set()),
        ("court order in place", set(), set()),
    ],
)
def test_words_close_everybody_whom_they_may_mean(
    way: str, note: str, for_him: set[str] | None, for_her: set[str] | None
) -> None:
    said = open_after_the_word(export(note, way)) - {"Mo Reed"}
    if for_him is None or for_her is None:
        # Words that speak of nobody else mean the adult whom they are beside.
        assert said == ({"Mia Thorne"} if way == "beside him" else {"Karl Thorne"})
    else:
        assert said == for_him | for_her


def test_what_ordinary_notes_cost() -> None:
    ordinary = [one["note"] for name in ("ordinary_a", "ordinary_b") for one in notes(name)]
    decided = [note for note in ordinary if closes(note)]
    waiting = [note for note in ordinary if not closes(note) and not is_ordinary(note)]
    assert len(ordinary) == 160
    assert len(decided) <= DECIDED_AT_MOST * len(ordinary), decided
    assert len(waiting) <= READ_AT_MOST * len(ordinary), waiting
