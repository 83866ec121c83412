"""Which workers live: each holds a session-level advisory lock named after it, and the server drops it with the
connection. So whoever gets the lock of a worker knows, at once and without a clock, that it is dead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, transaction


@contextmanager
def life_sign(worker: str) -> Iterator[None]:
    """Hold the worker's lock on a connection of its own until the block ends or the process dies."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
        own.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [worker])
        yield


def is_dead(worker: str) -> bool:
    """Try the worker's lock, and give it back with the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [worker])
        return bool(cursor.fetchone()[0])
