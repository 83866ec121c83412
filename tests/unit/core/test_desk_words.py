"""The desk in words: headings, days and what comes next."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.mail import digest, is_digest_time
from everyfamily.core.desk.waiting import Item, Wait
from everyfamily.core.desk.words import (
    Wave,
    due_words,
    heading,
    next_wave_words,
    since_words,
    term_words,
    title_of,
)
from everyfamily.core.text.dates import time_in_words

TODAY = date(2027, 3, 8)
SPRING = Term("spring", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19))
SUMMER = Term("summer", date(2027, 4, 12), date(2027, 7, 21), date(2027, 5, 31), date(2027, 6, 4))


def _at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "Nothing waits for you"), (1, "1 thing waits for you"), (3, "3 things wait for you")],
)
def test_the_heading_is_the_news(count: int, words: str) -> None:
    assert heading(count) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(9), "9am"),
        (time(14, 12), "2:12pm"),
        (time(0), "midnight"),
        (time(12), "midday"),
        (time(12, 5), "12:05pm"),
        (time(0, 5), "12:05am"),
    ],
)
def test_times_are_written_as_people_say_them(at: time, words: str) -> None:
    assert time_in_words(at) == words


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (Wait(Kind.LEAVERS, "x"), ""),
        (Wait(Kind.LEAVERS, "x", date(2027, 3, 5)), "It was due on Friday 5 March"),
        (Wait(Kind.LEAVERS, "x", date(2027, 3, 7)), "It was due yesterday"),
        (Wait(Kind.LEAVERS, "x", TODAY), "Due today"),
        (Wait(Kind.LEAVERS, "x", date(2027, 3, 12)), "By Friday 12 March"),
        (Wait(Kind.ATTEST, "x", date(2027, 3, 9), _at(9)), "By 9am tomorrow, Tuesday 9 March"),
        (Wait(Kind.ATTEST, "x", TODAY, _at(8, 14, 30)), "By 2:30pm today"),
        (Wait(Kind.ATTEST, "x", date(2027, 3, 10), _at(10)), "By 9am on Wednesday 10 March"),
    ],
)
def test_by_when_is_said_in_days_that_people_know(wait: Wait, words: str) -> None:
    assert due_words(wait, TODAY) == words


def test_summer_time_is_londons() -> None:
    wait = Wait(Kind.ATTEST, "x", date(2027, 4, 13), datetime(2027, 4, 13, 8, tzinfo=UTC))
    assert due_words(wait, date(2027, 4, 12)) == "By 9am tomorrow, Tuesday 13 April"


def test_a_title_counts_its_places_together() -> None:
    item = Item(Kind.RESTRICTION, (Wait(Kind.RESTRICTION, "a", count=2), Wait(Kind.RESTRICTION, "b")))
    assert title_of(item) == "Decide who may have the letter: 3 decisions"
    assert title_of(Item(Kind.LEAVERS, (Wait(Kind.LEAVERS, "a"),))) == "Say who has left"


def test_the_next_wave_is_told_to_schools_and_to_the_partnership() -> None:
    waves = [Wave(_at(10), 3), Wave(_at(9), 2), Wave(_at(9), 5)]
    assert next_wave_words(waves, TODAY, at_school=False) == (
        "The next wave begins tomorrow, Tuesday 9 March, from 9am, with 7 schools."
    )
    assert next_wave_words(waves, TODAY, at_school=True) == (
        "We write to your families tomorrow, Tuesday 9 March, from 9am."
    )
    at_one = [Wave(_at(10), place="Saltgate Road Primary")]
    assert next_wave_words(at_one, TODAY, at_school=True) == (
        "We write to the families of Saltgate Road Primary on Wednesday 10 March, from 9am."
    )
    assert next_wave_words([], TODAY, at_school=True) == ""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 25), "The spring term begins on Monday 4 January."),
        (date(2027, 2, 1), "Half-term begins on Monday 15 February."),
        (date(2027, 2, 17), "School begins again after half-term on Monday 22 February."),
        (date(2027, 3, 8), "The spring term ends on Thursday 25 March."),
        (date(2027, 4, 1), "The summer term begins on Monday 12 April."),
        (date(2027, 8, 1), ""),
    ],
)
def test_what_the_calendar_says_next(day: date, words: str) -> None:
    assert term_words([SUMMER, SPRING], day) == words


def test_when_something_was_done() -> None:
    assert since_words(_at(8, 14, 12), TODAY) == "today, 2:12pm"
    assert since_words(_at(7), TODAY) == "yesterday, 9am"
    assert since_words(_at(4), TODAY) == "Thursday 4 March, 9am"


def test_a_digest_goes_from_8am_until_4pm_on_a_school_day() -> None:
    hours = [hour for hour in range(24) if is_digest_time(datetime(2027, 3, 8, hour), has_school=True)]
    assert hours == list(range(8, 16))
    assert not is_digest_time(datetime(2027, 3, 8, 8), has_school=False)


def test_a_long_digest_ends_and_html_is_escaped() -> None:
    kinds = [kind for kind in Kind if kind is not Kind.FEW_ADMINISTRATORS]
    letter = digest(
        "Tom <b>O'Dell</b>", [Item(kind, (Wait(kind, "x", TODAY),)) for kind in kinds], "https://x/", TODAY
    )
    assert letter.text.count("\n- ") == 11
    assert "And more." in letter.text
    assert "<b>O" not in letter.html
    # No colour of our own: a dark mail program would leave it on black.
    assert "color" not in letter.html.replace("color-scheme", "")
    assert letter.subject == f"everyfamily: {len(kinds)} things wait for you"
