"""A roll of a term ago is too old for a wave."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from everyfamily.core.sending.old_rolls import is_old

WAVE = datetime(2027, 3, 4, 9, tzinfo=UTC)


def test_a_roll_counts_for_ninety_days_up_to_the_wave() -> None:
    assert not is_old(WAVE - timedelta(days=90), WAVE)
    assert is_old(WAVE - timedelta(days=90, seconds=1), WAVE)
    assert not is_old(WAVE + timedelta(days=1), WAVE)
