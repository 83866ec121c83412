"""How a test kills a server."""

from __future__ import annotations

import contextlib
import os
import signal
import time

import psutil

from everyfamily_postgres.launcher import Server


def pid_of(server: Server) -> int:
    return int((server.folders.data / "postmaster.pid").read_text().splitlines()[0])


def kill_hard(server: Server) -> None:
    """kill -9 of the postmaster, and wait until it is dead (a zombie counts as dead)."""
    pid = pid_of(server)
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    with contextlib.suppress(psutil.NoSuchProcess):
        while psutil.Process(pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
            time.sleep(0.01)
