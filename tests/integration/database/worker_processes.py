"""Worker processes as a test runs them, and what the database knows about them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

WORK = "everyfamily"
"""The application name of connections that do a worker's work."""


@contextmanager
def worker(folder: Path, *words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker on the test's database, started with these `words`. Killed at the end if it still runs; what it says is
    in worker.log."""
    settings = {"EVERYFAMILY_OUTBOX": str(folder / "outbox"), "EVERYFAMILY_CLOCK": "database"}
    command = [sys.executable, "-m", "everyfamily.cli.main", "worker", *words]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, env=os.environ | settings | environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def words(folder: Path) -> str:
    """What the workers said."""
    return (folder / "worker.log").read_text()


def rows(sql: str, values: Any = None) -> list[tuple[Any, ...]]:
    """Rows as the app's role reads them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def wait_for(condition: Callable[[], Any], what: str, *, seconds: float = 240) -> None:
    """Wait until the condition holds; fails after a while."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited for {what}"
        time.sleep(0.05)


def connections_named(name: str, *, without: Collection[int] = ()) -> list[int]:
    """Process ids of the app role's connections of this name, but not the test's own or these."""
    found = rows(
        "SELECT pid FROM pg_stat_activity WHERE usename = current_user AND application_name = %s "
        "AND pid <> pg_backend_pid() AND pid <> ALL(%s)",
        [name, list(without)],
    )
    return [pid for (pid,) in found]
