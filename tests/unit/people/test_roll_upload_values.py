"""What the pages of a roll make of what was found: lists that add up, answers, and files without a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from everyfamily.core.rolls.model.question import CLOSES, Candidate, ColumnShown, Question
from everyfamily.core.rolls.model.roll_rows import SetAside
from everyfamily.people.actions.rolls.roll_changes import Change, ChildChange
from everyfamily.people.actions.rolls.upload_notes import Note, Review
from everyfamily.staff.roll.files import children_of, set_aside_of
from everyfamily.staff.roll.forms import ColumnsNotSaid, answers_in
from everyfamily.staff.roll.pages import columns_values, differences, reasons_of, review_values, waits_of

COUNTS = {
    "format": "generic export, CSV",
    "rows": 10,
    "accepted": 8,
    "children": 5,
    "joined": 1,
    "left_proposed": 2,
    "changed": 4,
    "restrictions_unknown": 3,
    "adults_missing": 0,
    "tasks": {"restriction": 1},
}
REVIEW = Review(
    COUNTS,
    (SetAside(3, "NAME_TOO_LONG", "Long."), SetAside(5, "EMAIL_NOT_VALID", "Bad.", whole_row=False)),
    {3: "=cmd()", 5: "P5"},
    (
        ChildChange("=1+1", "4", "@4B", Change.JOINED),
        ChildChange("P2", "4", "4B", Change.CHANGED),
        ChildChange("P8", "4", "4B", Change.NOT_IN_FILE),
        ChildChange("", "4", "4B", Change.NOT_IN_FILE),
    ),
    6,
    4,
)
COLUMNS = (
    ColumnShown("Adm No", 1, ("1",), "PUPIL_ID"),
    ColumnShown("Kind", 1, ("x",), "RELATIONSHIP"),
    ColumnShown("XQ", 1, ("y",), ""),
)
ASKS = (Question(CLOSES, (Candidate("XQ", 1),)),)


def test_no_cell_of_a_file_that_we_write_begins_a_formula() -> None:
    for text in (children_of(REVIEW), set_aside_of(REVIEW, COLUMNS)):
        cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert any(cell.startswith("'=") for cell in cells)


def test_both_lists_of_numbers_add_up() -> None:
    values = review_values(REVIEW)
    assert values["unchanged"] + sum(one.count for one in values["lists"]) == values["on_roll"] == 7
    assert values["counts"]["accepted"] + values["aside"] == values["counts"]["rows"]


def test_rows_come_before_values_and_each_reason_says_what_to_do() -> None:
    reasons = list(reasons_of(REVIEW.set_aside, REVIEW.child_of_row))
    assert [(one.what, one.count, one.rows) for one in reasons] == [
        ("row", 1, [(3, "=cmd()")]),
        ("value", 1, [(5, "P5")]),
    ]
    assert all(one.to_do for one in reasons)


def test_what_is_left_out_of_rows_that_go_in_is_apart_from_adults_who_wait() -> None:
    aside = (*REVIEW.set_aside, SetAside(6, "WORDS_THAT_CLOSE", "Words.", whole_row=False))
    assert review_values(replace(REVIEW, set_aside=aside))["but"] == [
        "Without 1 value that we could not read or use.",
        "What is at 1 place may keep an adult away, so the adult waits.",
    ]


@pytest.mark.parametrize(
    ("format", "guess", "why"),
    [
        ("generic export, CSV", "COURT_ORDER/2", "“XQ” does not say it of them, or we cannot read what it says."),
        (
            "generic export, CSV",
            CLOSES,
            "We took “XQ” for “Must not have the letter”: if it asks about court orders too",
        ),
        ("generic export, CSV", "", "No column of this file says that there is no court order."),
        (
            "everyfamily template, CSV",
            "",
            "“RESTRICTION” does not say it of them, or we cannot read what it says.",
        ),
    ],
)
def test_why_it_is_not_known_who_may_have_the_letter_names_the_column(format: str, guess: str, why: str) -> None:
    said = next(waits_of({**COUNTS, "format": format}, (ColumnShown("XQ", 1, ("y",), guess),)))
    assert said.startswith("3 adults beside a child: we do not know whether they may have the letter. ")
    assert why in said


def test_a_page_says_our_columns_in_plain_words() -> None:
    from everyfamily.core.rolls.layout.our_columns import headings_of, in_plain_words

    assert (
        in_plain_words("The row has no PUPIL_ID, and no URN.") == "The row has no “Child’s own id”, and no URN."
    )
    columns = [ColumnShown("Mail to", 1, guess="CORRESPONDENCE")]
    said = in_plain_words("CORRESPONDENCE is not one of: yes, no.", headings_of(columns))
    assert said == "“Mail to” is not one of: yes, no."


def test_a_heading_that_has_a_word_twice_is_said_once() -> None:
    [column] = columns_values(Note("x", columns=(ColumnShown("Contact Contact name", 1),)))["headings"]
    assert column == (0, "Contact name")


def test_what_is_different_is_said_with_both_numbers() -> None:
    assert differences(COUNTS, {**COUNTS, "joined": 0}) == ["Children who join: 0. Before: 1."]


def test_a_note_is_the_same_after_it_was_stored() -> None:
    import json

    note = Note("Contacts.csv", "key", COLUMNS, ASKS, REVIEW, COUNTS)
    assert Note.from_text(json.dumps(note.as_values())) == note


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        ({"c-PUPIL_ID": "0", "c-RELATIONSHIP": "1", "q-0-0": "no"}, {("xq", 1): "-"}),
        ({"c-PUPIL_ID": "0", "c-RELATIONSHIP": "1", "q-0-0": "yes"}, {("xq", 1): CLOSES}),
        ({"c-PUPIL_ID": "0", "q-0-0": "no"}, {("kind", 1): "-", ("xq", 1): "-"}),
        ({"c-PUPIL_ID": "0", "c-CLASS": "1", "q-0-0": "no"}, {("kind", 1): "CLASS", ("xq", 1): "-"}),
        ({"c-PUPIL_ID": "0", "c-RELATIONSHIP": "1", "c-CLASS": "2"}, {("xq", 1): "CLASS"}),
    ],
)
def test_only_what_differs_from_our_guess_is_an_answer(
    typed: dict[str, str], answers: dict[tuple[str, int], str]
) -> None:
    assert answers_in(typed, COLUMNS, ASKS, by_lead=True) == answers


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ({"c-PUPIL_ID": "0"}, "q-0-0-yes"),
        ({"c-PUPIL_ID": "0", "q-0-0": "perhaps"}, "q-0-0-yes"),
        ({"c-PUPIL_ID": "0", "c-CLASS": "0", "q-0-0": "no"}, "c-PUPIL_ID"),
        ({"c-PUPIL_ID": "0", "c-CLASS": "2", "q-0-0": "yes"}, "q-0-0-yes"),
    ],
)
def test_what_is_missing_or_contradicts_itself_is_asked_again_with_a_link_to_it(
    typed: dict[str, str], at: str
) -> None:
    with pytest.raises(ColumnsNotSaid) as raised:
        answers_in(typed, COLUMNS, ASKS, by_lead=True)
    assert raised.value.at == at


CLOSING_COLUMNS = (
    *COLUMNS[:2],
    ColumnShown("Order?", 1, ("y",), "COURT_ORDER"),
    ColumnShown("Letters", 1, ("P1",), "CORRESPONDENCE/2"),
    ColumnShown("XQ", 1, ("y",), ""),
    ColumnShown("Lang", 1, ("en",), "LANGUAGE/2"),
)
AS_IT_WAS = {"c-PUPIL_ID": "0", "c-RELATIONSHIP": "1", "c-COURT_ORDER": "2"}


@pytest.mark.parametrize(
    ("typed", "answers", "at"),
    [
        ({"c-COURT_ORDER": "", "q-0-0": "yes"}, {("order", 1): "-", ("xq", 1): CLOSES}, "c-COURT_ORDER"),
        (
            {"c-COURT_ORDER": "", "c-CLASS": "2", "q-0-0": "yes"},
            {("order", 1): "CLASS", ("xq", 1): CLOSES},
            "c-COURT_ORDER",
        ),
        ({"n-3": "nothing", "q-0-0": "yes"}, {("letters", 1): "-", ("xq", 1): CLOSES}, "c-CORRESPONDENCE"),
        ({"q-0-0": "no"}, {("xq", 1): "-"}, "q-0-0-yes"),
        ({"c-CLASS": "4", "q-0-0": ""}, {("xq", 1): "CLASS"}, "q-0-0-yes"),
    ],
)
def test_that_a_heading_keeps_nobody_away_is_for_the_lead_to_say(
    typed: dict[str, str], answers: dict[tuple[str, int], str], at: str
) -> None:
    assert answers_in(AS_IT_WAS | typed, CLOSING_COLUMNS, ASKS, by_lead=True) == answers
    with pytest.raises(ColumnsNotSaid, match="Only your lead") as raised:
        answers_in(AS_IT_WAS | typed, CLOSING_COLUMNS, ASKS, by_lead=False)
    assert raised.value.at == at


def test_an_office_goes_on_without_the_lead_and_changes_what_keeps_nobody_away() -> None:
    assert answers_in(AS_IT_WAS | {"q-0-0": "lead"}, CLOSING_COLUMNS, ASKS, by_lead=False) == {}
    assert answers_in(AS_IT_WAS | {"q-0-0": "lead", "n-5": "nothing"}, CLOSING_COLUMNS, ASKS, by_lead=False) == {
        ("lang", 1): "-"
    }


def test_whoever_must_say_where_the_id_and_the_name_are_cannot_leave_them_out() -> None:
    asks = (Question("PUPIL_ID", ()), Question("ADULT_NAME", ()))
    for typed in ({"c-ADULT_SURNAME": "1"}, {"c-PUPIL_ID": "0"}, {"c-PUPIL_ID": "99", "c-ADULT_NAME": "1"}):
        with pytest.raises(ColumnsNotSaid):
            answers_in(typed, COLUMNS, asks, by_lead=True)
    assert answers_in({"c-PUPIL_ID": "0", "c-ADULT_SURNAME": "1"}, COLUMNS, asks, by_lead=True) == {
        ("kind", 1): "ADULT_SURNAME"
    }


def test_adults_whom_a_file_of_changes_leaves_as_they_are_are_counted() -> None:
    assert review_values(replace(REVIEW, counts={**COUNTS, "adults_staying": 2}))["staying"] == "2 adults"
    assert not review_values(REVIEW)["staying"]


def test_who_is_missing_is_looked_for_among_the_rows_that_were_set_aside() -> None:
    missing = {**COUNTS, "restrictions_unknown": 0, "adults_missing": 2}
    assert next(iter(waits_of(missing))) == (
        "2 adults no longer beside a child in the file. Look first whether their rows were set aside."
    )
    assert next(iter(waits_of({**missing, "accepted": 10}))) == "2 adults no longer beside a child in the file."
