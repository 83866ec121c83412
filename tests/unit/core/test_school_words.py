"""What a school is told of this term, and of what waits for colleagues."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.waiting import Wait
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.permissions import Role, Standing, held_by
from everyfamily.core.schools.school_words import SchoolPart, for_others, this_term

PART = SchoolPart(
    1, "Spring term 2027", "open", "planned", datetime(2027, 3, 9, 9, tzinfo=UTC), False, date(2027, 3, 12)
)
DAY = date(2027, 3, 9)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (None, "No letter has a day yet."),
        (PART, "The spring letter goes out on Tuesday 9 March, from 9am."),
        (replace(PART, state="sending"), "The spring letter has begun to go out to your families."),
        (replace(PART, state="held"), "The spring letter waits: your lead has not said that"),
        (replace(PART, is_paused=True), "Sending of the spring letter is paused."),
        (replace(PART, mailing_state="paused"), "Sending of the spring letter is paused."),
        (replace(PART, mailing_state="withdrawn"), "The spring letter was withdrawn: something in it is wrong."),
        (replace(PART, mailing_state="closed"), "The spring letter is finished."),
        (replace(PART, state="sends itself"), "Your return for the spring letter is due on Friday 12 March."),
        (
            replace(PART, state="sends itself", returns_due_on=None),
            "Your return for the spring letter has no day",
        ),
        (
            replace(PART, state="sends itself", return_filed_at=datetime(2027, 3, 11, 23, 30, tzinfo=UTC)),
            "Your return for the spring letter came in on Thursday 11 March.",
        ),
    ],
)
def test_a_school_is_told_what_happens_this_term(part: SchoolPart | None, said: str) -> None:
    assert this_term(part, sends_itself=False)[-1].startswith(said)


def test_a_school_that_sends_the_letter_itself_is_told_so() -> None:
    assert "sends each term’s letter itself" in this_term(None, sends_itself=True)[0]
    assert "We send" in this_term(None, sends_itself=False)[0]


def test_what_waits_for_a_colleague_is_named_with_whose_it_is() -> None:
    office = held_by([Standing(Role.OFFICE, 1)])
    waits = [
        Wait(Kind.RESTRICTION, "r", DAY, school_id=1, place="Hill"),
        Wait(Kind.HAND_OUT, "h", DAY, school_id=1, place="Hill"),
    ]
    assert [(item.kind, whose) for item, whose in for_others(waits, office, 1)] == [
        (Kind.RESTRICTION, "safeguarding lead")
    ]
    assert for_others(waits, held_by([Standing(Role.LEAD, 1)]), 1) == []


def test_a_letter_is_called_by_its_season_however_its_term_is_written() -> None:
    assert {letter_of_term(term) for term in ("spring term 2027", "Spring term 2027", "spring-2027")} == {
        "spring letter"
    }
