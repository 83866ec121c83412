"""One database of a run has its tables made, and the others begin as copies of it: to make them took five seconds each.

The demonstration and the guides that begin with nothing make theirs like anybody else.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from everyfamily_postgres.launcher import Server
from everyfamily_postgres.throwaway import mark
from tests.factories.homes import place
from tests.factories.recovered import copy_of

RUN = "EVERYFAMILY_TEST_RUN"
"""Names the run in the environment of all its processes."""
PASSWORDS = "roles.json"


def begin_a_run() -> None:
    """Give this run a name, unless it is a process of one that has it."""
    os.environ.setdefault(RUN, secrets.token_hex(4))


def end_the_run() -> None:
    """Remove what was kept for its databases."""
    shutil.rmtree(_kept(), ignore_errors=True)


def _kept() -> Path:
    return place() / f"ef-made-{os.environ[RUN]}"


def begin_as_a_copy(home: Path) -> None:
    """Put the run's first database into a home that has none yet, if there is one; nobody waits for it."""
    kept = _kept()
    if kept.is_dir():
        home.mkdir(mode=0o711, exist_ok=True)
        subprocess.run(["cp", "-a", str(kept / "data"), str(kept / PASSWORDS), str(home)], check=True)


def keep(server: Server) -> None:
    """Keep a copy of a database whose tables were made, for the others of the run, unless there is one."""
    kept = _kept()
    if kept.exists():
        return
    new = kept.with_name(f"{kept.name}-{secrets.token_hex(4)}")
    new.mkdir(mode=0o700)
    mark(new, "tests")
    copy_of(server, new / "data")
    shutil.copy(server.folders.passwords, new / PASSWORDS)
    try:
        new.rename(kept)
    except OSError:
        # Another process was quicker.
        shutil.rmtree(new)
