"""Moments at which a letter may go out follow their table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import Sending, SendingTimes
from everyfamily.core.calendar.sending_window import (
    LONDON,
    SendingWindow,
    school_as_data,
    sending_as_data,
    urgent_as_data,
    window_of,
)
from tests.factories.each import each
from tests.spec.tables import table
from tests.spec.test_sending_days import BANK_HOLIDAYS, CALENDAR, TERMS

WINDOW = SendingWindow(SendingTimes(), CALENDAR)
URGENT = window_of(urgent_as_data(), {}, BANK_HOLIDAYS)
MOMENTS, IN_HASTE = table("sending_windows")["moment"], table("sending_windows")["urgent"]


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=LONDON)


def check(row: dict[str, Any], window: SendingWindow | None) -> None:
    assert window is not None
    at = moment(row["at"])
    assert window.why_not_at(at) == row.get("not")
    following = window.next_opening(at)
    if "not" not in row:
        assert following == at
    else:
        assert following == (moment(row["next"]) if "next" in row else None)


@each("row", MOMENTS)
def test_a_letter_goes_out_at_the_moments_of_the_table(row: dict[str, Any]) -> None:
    check(row, WINDOW)


@each("row", IN_HASTE)
def test_a_correction_waits_for_the_morning_and_no_longer(row: dict[str, Any]) -> None:
    check(row, URGENT)


MINUTES = st.integers(0, 500 * 24 * 60).map(lambda n: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=n))


@given(MINUTES)
def test_the_next_opening_is_open_and_nothing_before_it_is(at: datetime) -> None:
    following = WINDOW.next_opening(at)
    if following is None:
        assert at.date() > date(2027, 7, 1)
        return
    assert WINDOW.why_not_at(following) is None
    assert WINDOW.closes_after(following) > following >= at
    before = following - timedelta(minutes=1)
    assert following == at or before < at or WINDOW.why_not_at(before) is not None


@given(MINUTES)
def test_a_mailing_keeps_the_window_of_the_file(at: datetime) -> None:
    sending = Sending(schools_closed=CALENDAR.schools_closed, lines_shut=CALENDAR.lines_shut)
    kept = window_of(sending_as_data(sending, TERMS), {}, BANK_HOLIDAYS)
    assert kept is not None
    assert kept.why_not_at(at) == WINDOW.why_not_at(at)


def test_a_school_with_days_of_its_own_keeps_them() -> None:
    area = sending_as_data(Sending(), TERMS)
    own = Term("spring", date(2027, 1, 4), date(2027, 3, 18), date(2027, 2, 8), date(2027, 2, 12))
    school = window_of(area, school_as_data((own,), frozenset({date(2027, 2, 24)})), BANK_HOLIDAYS)
    assert school is not None
    for day, why in (
        ("2027-02-09", "schools are closed"),
        ("2027-02-16", None),
        ("2027-02-24", "schools are closed"),
        ("2027-03-15", "it is one of the last school days of the term"),
    ):
        assert school.why_not_at(moment(f"{day}T10:00")) == why


def test_a_mailing_without_times_keeps_no_hours() -> None:
    assert window_of({}, {}, BANK_HOLIDAYS) is None
