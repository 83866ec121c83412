"""A deadlock is no answer to a person: PostgreSQL ends one of the two, and the other's work is done a moment later."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

MOST_TRIES = 3


def again_after_deadlock[T](work: Callable[[], T]) -> T:
    """Do a whole transaction's work, up to MOST_TRIES times while it is the one that is ended; raises the last.

    Only for work that is safe to repeat, and outside any transaction.
    """
    for _ in range(MOST_TRIES - 1):
        try:
            return work()
        except OperationalError as problem:
            if not isinstance(problem.__cause__, DeadlockDetected):
                raise
    return work()
