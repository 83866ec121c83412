"""What becomes of work when a worker takes it up."""

from __future__ import annotations

import pytest

from everyfamily.core.work import MOST_TRIES, OVER, WorkState, at_begin

OPEN = sorted(set(WorkState) - OVER)


@pytest.mark.parametrize("state", sorted(OVER))
def test_what_is_over_is_not_begun_again(state: WorkState) -> None:
    for tries in range(MOST_TRIES + 2):
        assert at_begin(state, tries=tries, cancel_asked=False) is None
        assert at_begin(state, tries=tries, cancel_asked=True) is None


@pytest.mark.parametrize("state", OPEN)
def test_it_is_begun_three_times_and_then_it_has_failed(state: WorkState) -> None:
    found = [at_begin(state, tries=tries, cancel_asked=False) for tries in range(MOST_TRIES + 1)]
    assert found == [WorkState.WORKING] * 3 + [WorkState.FAILED]


@pytest.mark.parametrize("state", OPEN)
def test_what_somebody_cancelled_is_not_begun(state: WorkState) -> None:
    for tries in range(MOST_TRIES + 1):
        assert at_begin(state, tries=tries, cancel_asked=True) is WorkState.CANCELLED
