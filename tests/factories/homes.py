"""Where tests put databases and files: in memory where there is room for them, and in /tmp otherwise.

Nothing of them outlives a run, and a disk took a third of a run's processor time: each database has 1,500 small files.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 8 * 1024**3
"""Bytes. A run has up to 2 GB at one moment."""


def place() -> Path:
    """The folder for everything that tests write: short, because a socket's path has at most 103 bytes."""
    named = os.environ.get("TMPDIR")
    return Path(named) if named else (_MEMORY if _can_be_used() else Path("/tmp"))


def new_home(prefix: str = "ef-") -> Path:
    """The path of a home for a database, which does not exist yet."""
    return place() / f"{prefix}{secrets.token_hex(4)}"


def _can_be_used() -> bool:
    """Whether there is room, also in the machine's memory, and programs may start there: containers often forbid it."""
    try:
        flags = os.statvfs(_MEMORY).f_flag
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        available = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")) * 1024
        room = min(shutil.disk_usage(_MEMORY).free, available)
    except (OSError, StopIteration):
        return False
    return room >= _ROOM and not flags & os.ST_NOEXEC and os.access(_MEMORY, os.W_OK | os.X_OK)
