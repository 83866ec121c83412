"""Working days are counted from when something became necessary."""

from __future__ import annotations

from datetime import date

import pytest

from everyfamily.core.calendar.next_days import working_day, working_days_after

EASTER = frozenset({date(2027, 3, 26), date(2027, 3, 29)})
"""Good Friday and Easter Monday."""


@pytest.mark.parametrize(
    ("day", "days", "expected"),
    [
        (date(2027, 3, 2), 0, date(2027, 3, 2)),
        (date(2027, 3, 2), 3, date(2027, 3, 5)),
        (date(2027, 3, 5), 3, date(2027, 3, 10)),
        (date(2027, 3, 6), 0, date(2027, 3, 8)),
        (date(2027, 3, 6), 1, date(2027, 3, 9)),
        (date(2027, 3, 25), 1, date(2027, 3, 30)),
        (date(2027, 3, 27), 0, date(2027, 3, 30)),
    ],
)
def test_weekends_and_holidays_do_not_count(day: date, days: int, expected: date) -> None:
    assert working_days_after(day, days, EASTER) == expected
    assert working_day(expected, EASTER) == expected
