"""A backup of the embedded database with PostgreSQL's own programs, and putting it back, as the guide says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from everyfamily_postgres.binaries import programs_folder
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import SUPERUSER, load_passwords


def _run(server: Server, program: str, *arguments: str) -> None:
    password = load_passwords(server.folders.passwords, database_exists=True)[SUPERUSER]
    done = subprocess.run(
        [
            str(programs_folder(server.folders) / program),
            *("-h", str(server.socket_dir), "-U", SUPERUSER, "-d", server.database),
            *arguments,
        ],
        env={**os.environ, "PGPASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def dump(server: Server, file: Path) -> Path:
    """Take a dump, while workers send."""
    _run(server, "pg_dump", "--format=custom", "--file", str(file))
    return file


def put_back(server: Server, file: Path) -> None:
    """Restore the dump into the same database; anyone who was connected no longer is."""
    from django.db import connections

    connections.close_all()
    _run(server, "pg_restore", "--clean", "--if-exists", "--single-transaction", str(file))
