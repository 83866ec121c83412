"""Is the server running, and is that process really ours?

`postmaster.pid` names a process id. After a crash or a restart of the machine, that id may be free, may be a zombie
that nobody has reaped, or may now belong to somebody else's program. None of these is our server.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.folders import SOCKET_NAME, Folders

LEFTOVER_SECONDS = 10.0


class OldServerStillThere(EveryfamilyError):
    """Processes of a server that died are still working on the data."""

    code = "EF905"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server's first process, as `postmaster.pid` describes it."""

    pid: int
    socket_dir: Path | None

    @property
    def has_socket(self) -> bool:
        return self.socket_dir is not None and (self.socket_dir / SOCKET_NAME).is_socket()


def running_postmaster(folders: Folders) -> Postmaster | None:
    """Our running server, or None. A living process that is not our server counts as none."""
    named = _read_pid_file(folders.data / "postmaster.pid")
    if named is None or not _is_ours(named.pid, folders):
        return None
    return named


def clear_stale_locks(folders: Folders) -> None:
    """Remove the lock files of a server that is no longer there, if none of ours is running.

    PostgreSQL itself would refuse to start if another living process, or a zombie, has the pid in those files.
    PostgreSQL needs `postmaster.pid` to guard against surviving children of a dead server, so we first wait until there
    are none. Raises `OldServerStillThere`.
    """
    stale = [folders.data / "postmaster.pid", folders.run / f"{SOCKET_NAME}.lock", folders.run / SOCKET_NAME]
    if not any(os.path.lexists(path) for path in stale):
        return
    deadline = time.monotonic() + LEFTOVER_SECONDS
    while left := _leftovers(folders):
        if time.monotonic() > deadline:
            raise OldServerStillThere(
                f"The database server died, but its processes {', '.join(map(str, left))} are still there.",
                "Wait until they have ended, or end them, and start again.",
            )
        time.sleep(0.05)
    for path in stale:
        path.unlink(missing_ok=True)


def _read_pid_file(path: Path) -> Postmaster | None:
    # Lines: pid, data folder, start time, port, socket folder, listen address, shared memory, status.
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    socket_dir = lines[4].strip() if len(lines) > 4 else ""
    return Postmaster(pid, Path(socket_dir) if socket_dir else None)


def _is_ours(pid: int, folders: Folders) -> bool:
    if pid <= 0:
        return False
    try:
        process = psutil.Process(pid)
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return str(folders.data) in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _leftovers(folders: Folders) -> list[int]:
    title = f"postgres: {folders.cluster_name}:"
    found = []
    for process in psutil.process_iter(["pid", "name", "cmdline", "status"]):
        command = process.info["cmdline"] or []
        is_server = process.info["name"] == "postgres" and process.info["status"] != psutil.STATUS_ZOMBIE
        if is_server and (" ".join(command).startswith(title) or str(folders.data) in command):
            found.append(int(process.info["pid"]))
    return found
