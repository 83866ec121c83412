"""Waves run Monday to Wednesday, at the same hour of London's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from everyfamily.mailings.waves import LONDON, SENDING_DAYS, plan_waves

pytestmark = pytest.mark.slow  # the first to ask loads the calendar

TUESDAY = datetime(2027, 3, 2, 9, 0, tzinfo=LONDON)


def days(plan: dict[int, tuple[int, datetime]]) -> list[tuple[int, date]]:
    return sorted({(number, at.date()) for number, at in plan.values()})


def test_every_school_is_in_one_wave_in_its_order() -> None:
    plan = plan_waves([5, 3, 8, 1, 9], opens_at=TUESDAY, schools_a_day=2)
    assert list(plan) == [5, 3, 8, 1, 9]
    assert [number for number, _ in plan.values()] == [1, 1, 2, 2, 3]
    assert days(plan) == [(1, date(2027, 3, 2)), (2, date(2027, 3, 3)), (3, date(2027, 3, 8))]


@pytest.mark.parametrize(
    ("opens", "first"),
    [
        (datetime(2027, 3, 1, 9, 0, tzinfo=LONDON), date(2027, 3, 1)),
        (datetime(2027, 3, 4, 9, 0, tzinfo=LONDON), date(2027, 3, 8)),
        (datetime(2027, 3, 7, 9, 0, tzinfo=LONDON), date(2027, 3, 8)),
        # Late on Sunday in UTC is Monday in London once the clocks have changed.
        (datetime(2027, 6, 6, 23, 30, tzinfo=UTC), date(2027, 6, 7)),
    ],
)
def test_a_mailing_that_opens_on_another_day_begins_on_monday(opens: datetime, first: date) -> None:
    assert days(plan_waves([1], opens_at=opens, schools_a_day=1)) == [(1, first)]


def test_the_hour_stays_when_the_clocks_change() -> None:
    opens = datetime(2027, 3, 24, 9, 30, tzinfo=UTC)  # the Wednesday before 28 March 2027
    plan = plan_waves(range(3), opens_at=opens, schools_a_day=1)
    assert [str(at) for _, at in plan.values()] == [
        "2027-03-24 09:30:00+00:00",
        "2027-03-30 09:30:00+01:00",  # the 29th is Easter Monday
        "2027-03-31 09:30:00+01:00",
    ]
    autumn = plan_waves([1, 2], opens_at=datetime(2027, 10, 27, 8, 30, tzinfo=UTC), schools_a_day=1)
    assert [str(at) for _, at in autumn.values()] == ["2027-10-27 09:30:00+01:00", "2027-11-01 09:30:00+00:00"]


@pytest.mark.parametrize(
    ("monday", "next_day"),
    [
        (date(2027, 3, 29), date(2027, 3, 30)),
        (date(2027, 5, 3), date(2027, 5, 4)),
        (date(2027, 8, 30), date(2027, 8, 31)),
        (date(2028, 1, 3), date(2028, 1, 4)),
    ],
)
def test_no_wave_begins_on_a_bank_holiday(monday: date, next_day: date) -> None:
    opens = datetime(monday.year, monday.month, monday.day, 9, tzinfo=LONDON)
    assert days(plan_waves([1], opens_at=opens, schools_a_day=1)) == [(1, next_day)]


@pytest.mark.parametrize("schools_a_day", [1, 7, 64, 500])
def test_no_wave_is_larger_than_asked_and_none_is_on_another_day(schools_a_day: int) -> None:
    plan = plan_waves(range(190), opens_at=TUESDAY, schools_a_day=schools_a_day)
    assert len(plan) == 190
    sizes = [
        sum(number == wave for number, _ in plan.values()) for wave in {number for number, _ in plan.values()}
    ]
    assert max(sizes) <= schools_a_day
    assert {at.weekday() for _, at in plan.values()} <= SENDING_DAYS
    assert {at.timetz().replace(tzinfo=None) for _, at in plan.values()} == {TUESDAY.time()}
    assert max(at for _, at in plan.values()) - TUESDAY < timedelta(days=7 * (-(-190 // schools_a_day) / 3 + 9))


def test_no_school_makes_no_wave() -> None:
    assert plan_waves([], opens_at=TUESDAY, schools_a_day=5) == {}
