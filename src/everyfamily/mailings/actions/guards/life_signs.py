"""Which workers are alive: each holds a session-level advisory lock named after it, and the server drops it with the
connection. So a process that gets a worker's lock knows, at once and without a clock, that the worker is dead.

It must really be dead. A worker that loses its lock (the database was killed, or its connection cut) ends at once, as
if it had been killed itself. Otherwise another worker would settle what it is still printing, and print it a second
time.
"""

from __future__ import annotations

import logging
import os
import select
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress

import psycopg
from django.db import connection, transaction

from everyfamily.core.errors import TRY_AGAIN

logger = logging.getLogger(__name__)

LOST = TRY_AGAIN
"""Exit code of a worker that lost its sign of life: the service manager starts another."""


@contextmanager
def life_sign(worker: str, *, named: str = "everyfamily: sign of life") -> Iterator[None]:
    """Hold the worker's lock on its own connection until the block ends or the process dies. `named` is how the server
    calls the connection.

    If the connection ends before the block does, the process ends with it.
    """
    with psycopg.connect(
        **connection.get_connection_params() | {"application_name": named}, autocommit=True
    ) as own:
        own.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [worker])
        wake, done = os.pipe()
        watch = threading.Thread(target=_end_with, args=(own, wake), name="life sign", daemon=True)
        watch.start()
        try:
            yield
        finally:
            os.close(done)
            watch.join()
            os.close(wake)
            # Given back before anybody continues, because the server drops it only some time after the connection was
            # closed.
            with suppress(psycopg.Error):
                own.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [worker])


def _end_with(own: psycopg.Connection, wake: int) -> None:
    """Wait on the idle connection. End the process, without a word to carriers or database, if the server ends it."""
    while True:
        heard, _, _ = select.select([own.fileno(), wake], [], [])
        if wake in heard:
            return
        try:
            # A notice from the server, or the end.
            own.execute("SELECT 1")
        except psycopg.Error:
            logger.error("The database has dropped this worker's sign of life. The worker ends: start another.")
            os._exit(LOST)


def living(workers: Collection[str]) -> set[str]:
    """Those that are alive and work on this running server. A lock that two can share, so that two who ask at one
    moment do not take each other for a worker."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT worker FROM unnest(%s::text[]) worker "
            "WHERE NOT pg_try_advisory_xact_lock_shared(hashtextextended(worker, 0))",
            [[*workers]],
        )
        return {str(worker) for (worker,) in cursor.fetchall()}


def is_dead(worker: str) -> bool:
    """Try to take the worker's lock, and give it back with the transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [worker])
        return bool(cursor.fetchone()[0])
