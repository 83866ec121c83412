"""When a school is written to about its return: at most four times, on school days, in office hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.accounting.return_reminders import ReminderKind, ReturnDays, reminder_days, reminder_due
from tests.factories.each import each

LINK, BEFORE, DUE, LATE = ReminderKind
# Tuesday 2 March, due Friday 12 March, open until Thursday 25 March 2027.
DAYS = ReturnDays(date(2027, 3, 2), date(2027, 3, 12), date(2027, 3, 25))


def weekday(day: date) -> bool:
    return day.weekday() < 5


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute)


def test_the_four_letters_have_their_days() -> None:
    assert reminder_days(DAYS, weekday) == {
        LINK: date(2027, 3, 2),
        BEFORE: date(2027, 3, 9),
        DUE: date(2027, 3, 12),
        LATE: date(2027, 3, 15),
    }


def test_a_letter_in_the_holidays_waits_for_school_or_is_left_out() -> None:
    holidays = {date(2027, 3, 8) + timedelta(days=n) for n in range(5)}
    days = reminder_days(DAYS, lambda day: weekday(day) and day not in holidays)
    assert days == {LINK: date(2027, 3, 2), BEFORE: date(2027, 3, 15), LATE: date(2027, 3, 15)}
    assert reminder_days(DAYS, lambda day: day == date(2027, 3, 2)) == {LINK: date(2027, 3, 2)}


@each(
    "local, written, due",
    [
        (at(1), set(), None),
        (at(2, 8, 59), set(), None),
        (at(2, 9), set(), LINK),
        (at(2, 15, 59), set(), LINK),
        (at(2, 16), set(), None),
        (at(2), {LINK}, None),
        (at(6), set(), None),
        (at(8), {LINK}, None),
        (at(9), {LINK}, BEFORE),
        (at(11), {LINK, BEFORE}, None),
        (at(12), {LINK, BEFORE}, DUE),
        (at(15), {LINK, BEFORE, DUE}, LATE),
        (at(16), {LINK, BEFORE, DUE, LATE}, None),
        # A worker that was down: only the last letter.
        (at(12), set(), DUE),
        (at(16), {LINK}, LATE),
        (at(16), {DUE}, LATE),
        # A day after, the missed reminder still goes.
        (at(10), {LINK}, BEFORE),
        # None says "today" on another day, nor "is due" after it.
        (at(12), {LINK}, DUE),
        # Nothing goes back.
        (at(9), {LATE}, None),
        (at(25), set(), LATE),
        (at(26), set(), None),
    ],
)
def test_the_letter_that_is_due(local: datetime, written: set[ReminderKind], due: ReminderKind | None) -> None:
    assert reminder_due(DAYS, local, written=written, is_school_day=weekday) is due


@pytest.mark.parametrize(("written", "kind"), [({LINK, BEFORE}, None), ({LINK}, None), (set(), LINK)])
def test_no_letter_says_on_another_day_that_the_return_is_due(
    written: set[ReminderKind], kind: ReminderKind | None
) -> None:
    days = ReturnDays(date(2027, 3, 2), date(2027, 3, 10), date(2027, 3, 25))
    assert reminder_due(days, at(10), written=written, is_school_day=weekday) is DUE
    assert reminder_due(days, at(11), written=written, is_school_day=weekday) is kind
    assert reminder_due(days, at(15), written=written, is_school_day=weekday) is LATE


@given(st.lists(st.integers(0, 24 * 40), max_size=60), st.integers(0, 20), st.integers(0, 20))
def test_no_letter_goes_twice_and_none_out_of_hours(hours: list[int], due_in: int, closes_in: int) -> None:
    opens = date(2027, 3, 2)
    due = opens + timedelta(days=due_in)
    days = ReturnDays(opens, due, due + timedelta(days=closes_in))
    written: list[ReminderKind] = []
    for hour in sorted(hours):
        local = datetime(2027, 2, 25) + timedelta(hours=hour)
        kind = reminder_due(days, local, written=written, is_school_day=weekday)
        if kind is not None:
            written.append(kind)
            assert weekday(local.date())
            assert time(9) <= local.time() < time(16)
            assert opens <= local.date() <= days.closes_on
    assert written == sorted(set(written), key=list(ReminderKind).index)


@pytest.mark.parametrize(
    ("days", "fault"),
    [
        (DAYS, None),
        (ReturnDays(date(2027, 3, 2), date(2027, 3, 1), date(2027, 3, 26)), "due before the mailing opens"),
        (ReturnDays(date(2027, 3, 2), date(2027, 3, 12), date(2027, 3, 11)), "close before they are due"),
        (ReturnDays(date(2027, 3, 2), date(2027, 3, 12), date(2027, 6, 26)), "more than 60 days"),
    ],
)
def test_days_that_cannot_be_right_say_why(days: ReturnDays, fault: str | None) -> None:
    assert [fault in said for said in days.faults()] == ([True] if fault else [])  # type: ignore[operator]
