"""What a file says of a restriction only ever closes; nothing said is unknown."""

from __future__ import annotations

import pytest

from everyfamily.core.rolls.model.roll_rows import NOT_READABLE, NOT_SAID, VALUE_NOT_READ
from everyfamily.core.rolls.values.restriction import Restrictions
from tests.factories.each import each

HOLD, NONE, UNSAID = ("hold", ""), ("none", ""), ("unknown", NOT_SAID)
UNREADABLE, NOT_READ = ("unknown", NOT_READABLE), ("unknown", VALUE_NOT_READ)


def of(**cells: str) -> tuple[tuple[str, str], list[str]]:
    """What one row says, and the codes of what could not be read."""
    codes: list[str] = []
    reader = Restrictions(frozenset(cells), lambda code, *_: codes.append(code))
    return reader.of(cells), codes


@each(
    "cells, said",
    [
        ({}, UNSAID),
        ({"RESTRICTION": ""}, UNSAID),
        ({"RESTRICTION": "None"}, NONE),
        ({"RESTRICTION": "unknown"}, ("unknown", "")),
        ({"RESTRICTION": "do not send"}, ("do not send", "")),
        # Neither an order's existence nor its absence is what it orders.
        ({"COURT_ORDER": "T"}, HOLD),
        ({"COURT_ORDER": "F"}, NONE),
        ({"COURT_ORDER": ""}, UNSAID),
        ({"CORRESPONDENCE": "T"}, UNSAID),
        ({"CORRESPONDENCE": "F"}, HOLD),
        ({"CORRESPONDENCE": ""}, UNSAID),
        ({"COURT_ORDER": "F", "CORRESPONDENCE": ""}, NONE),
        ({"COURT_ORDER": "F", "CORRESPONDENCE": "No"}, HOLD),
        ({"COURT_ORDER": "", "CORRESPONDENCE": "Yes"}, UNSAID),
        ({"RESTRICTION": "none", "COURT_ORDER": "yes"}, HOLD),
        ({"RESTRICTION": "do not send", "COURT_ORDER": "no"}, ("do not send", "")),
        ({"RESTRICTION": "", "COURT_ORDER": "no"}, UNSAID),
        ({"RESTRICTION": "none", "COURT_ORDER": ""}, UNSAID),
        # "No" in our own column is no, as offices write it.
        *(
            ({"RESTRICTION": text}, NONE)
            for text in ("No", "N", "none known", "no restrictions", "No court order")
        ),
        ({"RESTRICTION": "Yes"}, HOLD),
        ({"NOT_TO_WRITE": "No"}, UNSAID),
        ({"NOT_TO_WRITE": ""}, UNSAID),
        ({"NOT_TO_WRITE": "anything"}, HOLD),
        ({"RESTRICTION": "none", "NOT_TO_WRITE": "no"}, NONE),
        ({"NOT_TO_WRITE": "None"}, UNSAID),
        ({"NOT_TO_WRITE": "email"}, HOLD),
        ({"COURT_ORDER": "None known"}, NONE),
        ({"COURT_ORDER": "Not sure"}, UNSAID),
        # A question about orders, answered in words.
        ({"COURT_ORDER": "No"}, NONE),
        ({"COURT_ORDER": "None"}, NONE),
        ({"COURT_ORDER": "none (sorry, new phone!)"}, NONE),
        ({"COURT_ORDER": "Not sure"}, UNSAID),
        ({"COURT_ORDER": "Prefer not to say"}, UNSAID),
        ({"COURT_ORDER": "Please ring me first, thanks"}, UNSAID),
        ({"RESTRICTION": "none", "COURT_ORDER": "Please ring me first, thanks"}, UNSAID),
    ],
)
def test_the_strictest_of_all_that_is_said_counts(cells: dict[str, str], said: tuple[str, str]) -> None:
    assert of(**cells) == (said, [])


@pytest.mark.parametrize(
    ("cells", "said", "code"),
    [
        ({"RESTRICTION": "only grandmother"}, UNREADABLE, "RESTRICTION_NOT_KNOWN"),
        ({"COURT_ORDER": "see file"}, NOT_READ, "COURT_ORDER_NOT_KNOWN"),
        ({"COURT_ORDER": "F", "CORRESPONDENCE": "by post"}, NOT_READ, "CORRESPONDENCE_NOT_KNOWN"),
        ({"COURT_ORDER": "see file", "CORRESPONDENCE": "F"}, HOLD, "COURT_ORDER_NOT_KNOWN"),
        ({"RESTRICTION": "=1+1", "COURT_ORDER": ""}, UNREADABLE, "RESTRICTION_NOT_KNOWN"),
        ({"RESTRICTION": "unknown", "COURT_ORDER": "see file"}, UNREADABLE, "COURT_ORDER_NOT_KNOWN"),
        ({"RESTRICTION": "Please ring me first"}, NOT_READ, "RESTRICTION_NOT_KNOWN"),
    ],
)
def test_what_cannot_be_read_waits_for_a_person_and_is_set_aside(
    cells: dict[str, str], said: tuple[str, str], code: str
) -> None:
    assert of(**cells) == (said, [code])


def test_what_cannot_be_read_is_set_aside_in_every_row() -> None:
    codes: list[str] = []
    reader = Restrictions(frozenset({"COURT_ORDER"}), lambda code, *_: codes.append(code))
    for text in ("see file", "F", "see file", "F"):
        reader.of({"COURT_ORDER": text})
    assert codes == ["COURT_ORDER_NOT_KNOWN"] * 2


@pytest.mark.parametrize(
    "text", ["Not that we know of", "No, not that I am aware of", "Karl Venn", "New order", "pending"]
)
def test_an_answer_about_orders_that_is_no_plain_no_is_read_by_the_lead(text: str) -> None:
    assert of(COURT_ORDER=text) == (NOT_READ, ["COURT_ORDER_NOT_KNOWN"])
    assert of(NOT_TO_WRITE=text) == (HOLD, [])


@pytest.mark.parametrize(
    "text", ["No contact", "Yes - her dad must not collect or have any information", "no contact with dad"]
)
def test_an_answer_about_orders_with_words_that_close_is_decided_one_by_one(text: str) -> None:
    assert of(COURT_ORDER=text) == (UNREADABLE, ["COURT_ORDER_NOT_KNOWN"])
    assert of(NOT_TO_WRITE=text) == (HOLD, [])


def test_what_the_lead_reads_is_kept_with_its_column() -> None:
    reader = Restrictions(frozenset({"COURT_ORDER", "CORRESPONDENCE"}), lambda *_: None)
    reader.of({"COURT_ORDER": "see file", "CORRESPONDENCE": "P"})
    assert reader.not_read == [("COURT_ORDER", "see file"), ("CORRESPONDENCE", "P")]
    reader.of({"COURT_ORDER": "no"})
    assert reader.not_read == []
