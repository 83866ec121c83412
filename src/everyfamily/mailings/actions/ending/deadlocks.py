"""A deadlock should not be the answer to a person: PostgreSQL ends one of the two, and the other finishes a moment
later."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

MOST_TRIES = 3


def again_after_deadlock[T](work: Callable[[], T]) -> T:
    """Do the work of a whole transaction, up to MOST_TRIES times while PostgreSQL ends it. Raises the last error.

    Only for work that is safe to repeat, and outside any transaction.
    """
    for _ in range(MOST_TRIES - 1):
        try:
            return work()
        except OperationalError as problem:
            if not isinstance(problem.__cause__, DeadlockDetected):
                raise
    return work()
