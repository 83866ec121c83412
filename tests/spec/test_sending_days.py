"""Days of sending follow their table; waves never ask more of the front door than it can take."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import (
    FrontDoor,
    SchoolCalendar,
    SchoolSize,
    SendingTimes,
    TooFewDays,
    plan_by_families,
    sending_days,
    why_not_on,
)
from tests.factories.each import each
from tests.spec.tables import table

BANK_HOLIDAYS = frozenset(
    {date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31)}
)
TERMS = (
    Term("autumn", date(2026, 9, 2), date(2026, 12, 18), date(2026, 10, 26), date(2026, 10, 30)),
    Term("spring", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19)),
    Term("summer", date(2027, 4, 12), date(2027, 7, 21), date(2027, 5, 31), date(2027, 6, 4)),
)
CALENDAR = SchoolCalendar(
    TERMS,
    BANK_HOLIDAYS,
    schools_closed=frozenset({date(2027, 2, 12), date(2027, 6, 14)}),
    lines_shut=frozenset({date(2027, 3, 3)}),
)
ROWS = table("sending_days")["day"]


@each("row", ROWS)
def test_a_letter_goes_out_on_the_days_of_the_table(row: dict[str, Any]) -> None:
    assert why_not_on(row["on"], SendingTimes(), CALENDAR) == row.get("not")


def test_a_term_has_room_for_a_city() -> None:
    days = list(sending_days(date(2027, 1, 1), SendingTimes(), CALENDAR))
    assert days[0] == date(2027, 1, 6)
    assert sum(day < date(2027, 3, 26) for day in days) == 26
    assert days == sorted(set(days))
    assert all(day.weekday() < 3 for day in days)


def test_after_the_last_term_known_there_is_no_day() -> None:
    assert list(sending_days(date(2027, 8, 1), SendingTimes(), CALENDAR)) == []
    assert list(sending_days(date(2027, 3, 1), SendingTimes(), SchoolCalendar((), frozenset()))) == []


def test_calls_and_families_follow_from_each_other() -> None:
    door = FrontDoor(calls_a_day=60, calls_per_1000=4)
    assert door.families_a_day == 15_000
    assert door.calls(15_000) == 60


SIZES = st.lists(st.integers(0, 2000), max_size=80)


@given(SIZES, st.integers(1, 5000))
def test_every_school_has_one_day_and_no_day_more_families_than_it_can_take(sizes: list[int], most: int) -> None:
    schools = [SchoolSize(n, size) for n, size in enumerate(sizes)]
    days = [date(2027, 1, 6) + timedelta(days=n) for n in range(200)]
    waves = plan_by_families(schools, days, families_a_day=most)
    assert sorted(school.id for wave in waves for school in wave.schools) == list(range(len(sizes)))
    assert all(wave.families <= most or len(wave.schools) == 1 for wave in waves)
    assert [wave.number for wave in waves] == list(range(1, len(waves) + 1))
    assert [wave.on for wave in waves] == days[: len(waves)]
    # Of two days in a row, at least one is more than half full: never twice the days that are needed, and one.
    full = (
        sum(-(-size // most) for size in sizes if size > most)
        + sum(size for size in sizes if size <= most) / most
    )
    assert len(waves) <= 2 * full + 1


@given(SIZES.filter(lambda sizes: any(sizes)))
def test_days_that_are_too_few_are_said(sizes: list[int]) -> None:
    schools = [SchoolSize(n, size + 1) for n, size in enumerate(sizes)]
    with pytest.raises(TooFewDays) as raised:
        plan_by_families(schools, [], families_a_day=100)
    assert raised.value.left == len(schools)
