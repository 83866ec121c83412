"""Work that a deadlock ended is done again, and nothing else is."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from psycopg.errors import DeadlockDetected, LockNotAvailable

from everyfamily.mailings.actions.ending.deadlocks import MOST_TRIES, again_after_deadlock


def _failing(times: int, cause: type[Exception]) -> tuple[list[int], object]:
    calls: list[int] = []

    def work() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise OperationalError("ended") from cause()
        return "done"

    return calls, work


def test_work_that_was_ended_twice_is_done_the_third_time() -> None:
    calls, work = _failing(2, DeadlockDetected)
    assert again_after_deadlock(work) == "done"
    assert len(calls) == 3


def test_it_does_not_go_on_for_ever() -> None:
    calls, work = _failing(99, DeadlockDetected)
    with pytest.raises(OperationalError):
        again_after_deadlock(work)
    assert len(calls) == MOST_TRIES


def test_another_fault_of_the_database_is_not_tried_again() -> None:
    calls, work = _failing(1, LockNotAvailable)
    with pytest.raises(OperationalError):
        again_after_deadlock(work)
    assert len(calls) == 1
