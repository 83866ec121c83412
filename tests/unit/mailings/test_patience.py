"""A job waits for the database for as long as that takes; a fault of ours fails it at once."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from procrastinate.exceptions import ConnectorException

from everyfamily.mailings.edges.patience import AGAIN


def seconds_until_next(problem: Exception, attempts: int) -> float | None:
    job: Any = SimpleNamespace(attempts=attempts)
    decision = AGAIN.get_retry_decision(exception=problem, job=job)
    if decision is None or decision.retry_at is None:
        return None
    return round((decision.retry_at - datetime.now(UTC)).total_seconds())


@pytest.mark.parametrize("problem", [OperationalError(), InterfaceError(), ConnectorException()])
def test_it_tries_again_ever_more_slowly_and_without_end(problem: Exception) -> None:
    assert [seconds_until_next(problem, attempts) for attempts in (0, 1, 2, 5, 6, 100, 10_000)] == [
        *(1, 2, 4, 32),
        *(60, 60, 60),
    ]


def test_a_fault_of_ours_is_not_tried_again() -> None:
    assert seconds_until_next(ValueError(), 0) is None
