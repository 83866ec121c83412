"""A copy of the running embedded database as its administrators would take it, and what becomes of it elsewhere.

The copy is a base backup with PostgreSQL's own two functions. Started as it is, it is a snapshot of the database's
machine: it recovers to the moment of the copy. Started with the log of the database that continued, it is recovered to
a named point or to the end, on its own timeline.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from everyfamily_postgres.launcher import SUPERUSER, Server, start
from everyfamily_postgres.roles import Role
from everyfamily_postgres.throwaway import mark
from tests.factories.homes import new_home

SMALL = {"shared_buffers": "32MB", "max_connections": "40", "hot_standby": "off"}


@contextmanager
def superuser(server: Server) -> Iterator[psycopg.Connection]:
    """The server's superuser; each statement is a transaction."""
    password = json.loads(server.folders.passwords.read_text())[SUPERUSER]
    with psycopg.connect(server.dsn(Role.OWNER), user=SUPERUSER, password=password, autocommit=True) as one:
        yield one


def copy_of(server: Server, folder: Path) -> Path:
    """Copy the data while the server keeps running."""
    with superuser(server) as one:
        one.execute("SELECT pg_backup_start('a test', true)")
        _copy_what_stays(server.folders.data, folder)
        stopped = one.execute("SELECT labelfile FROM pg_backup_stop(false)").fetchone()
    assert stopped is not None
    # With the log up to the end of the copy, without which it would not start.
    _copy_what_stays(f"{server.folders.data}/pg_wal/.", folder / "pg_wal")
    for pid_file in ("postmaster.pid", "postmaster.opts"):
        (folder / pid_file).unlink(missing_ok=True)
    _write_as_owner(folder / "backup_label", stopped[0])
    return folder


def _copy_what_stays(source: Path | str, to: Path) -> None:
    """Copy a folder in which the server removes files meanwhile: what is gone is no part of a base backup.
    Source: https://www.postgresql.org/docs/current/continuous-archiving.html, "Backing Up The Data Directory"."""
    command = ["cp", "-a", str(source), str(to)]
    copied = subprocess.run(
        command, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, check=False
    )
    other = [line for line in copied.stderr.splitlines() if not line.endswith(": No such file or directory")]
    assert not other, other
    assert to.is_dir(), to


@contextmanager
def started(copy: Path, original: Server, *, to: str | None = None) -> Iterator[Server]:
    """A server on this copy. `to`: continue with the original's log to this restore point, or to its "end"."""
    home = new_home()
    home.mkdir(mode=0o711)
    mark(home, "tests")
    subprocess.run(["cp", "-a", str(copy), str(home / "data")], check=True)
    shutil.copy(original.folders.passwords, home / "roles.json")
    settings = SMALL
    if to is not None:
        _write_as_owner(home / "data" / "recovery.signal", "")
        settings = SMALL | {
            "restore_command": f"cp {original.folders.data}/pg_wal/%f %p",
            "recovery_target_action": "promote",
            **({} if to == "end" else {"recovery_target_name": to}),
        }
    server = start(home, settings=settings)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


def _write_as_owner(file: Path, text: str) -> None:
    file.write_text(text)
    file.chmod(0o600)
    owner = file.parent.stat()
    os.chown(file, owner.st_uid, owner.st_gid)
