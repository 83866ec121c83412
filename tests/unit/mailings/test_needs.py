"""For how long a lead's word counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from everyfamily.mailings.queries.opening import word_counts

WAVE = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "counts"),
    [
        (timedelta(0), True),
        (timedelta(hours=24), True),
        (timedelta(hours=24, seconds=1), False),
        (timedelta(hours=-1), True),
    ],
)
def test_a_word_counts_for_a_day(before: timedelta, counts: bool) -> None:
    assert word_counts(WAVE - before, WAVE) is counts


def test_without_a_word_a_school_is_not_attested() -> None:
    assert not word_counts(None, WAVE)
