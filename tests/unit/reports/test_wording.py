"""Days and words of a report."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from everyfamily.core.accounting.coverage import NEXT, Reason
from everyfamily.reports.wording import by_when, moment, weekday_after


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        (date(2027, 3, 23), 0, date(2027, 3, 23)),
        (date(2027, 3, 23), 3, date(2027, 3, 26)),
        (date(2027, 3, 25), 3, date(2027, 3, 30)),
        (date(2027, 3, 26), 1, date(2027, 3, 29)),
        (date(2027, 3, 27), 0, date(2027, 3, 29)),
        (date(2027, 3, 28), 1, date(2027, 3, 30)),
    ],
)
def test_weekends_are_skipped(day: date, days: int, then: date) -> None:
    assert weekday_after(day, days) == then


@pytest.mark.parametrize(
    ("reason", "ends", "words"),
    [
        (Reason.RETURN_MISSING, None, "Today"),
        (Reason.UNKNOWN, None, "Wed 24 March"),
        (Reason.NO_CONTACT, None, "Fri 26 March"),
        (Reason.NO_CONTACT, date(2027, 3, 25), "Thu 25 March"),
        (Reason.NO_CONTACT, date(2027, 3, 12), "Fri 26 March"),
        (Reason.NOBODY_ENTITLED, None, "End of term"),
        (Reason.OBJECTED, None, "No date"),
    ],
)
def test_every_reason_has_a_day_or_says_that_it_has_none(reason: Reason, ends: date | None, words: str) -> None:
    assert by_when(NEXT[reason], date(2027, 3, 23), ends) == words


def test_the_hour_is_london_s() -> None:
    assert moment(datetime(2027, 6, 1, 5, 0, tzinfo=UTC)) == "Tuesday 1 June 2027, 06:00"
