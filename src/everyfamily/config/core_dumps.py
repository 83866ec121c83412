"""A process that holds keys leaves no image of its memory behind."""

from __future__ import annotations

import ctypes
import resource
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4


def leave_no_core_dump() -> None:
    """Whatever kills this process, and what it starts, writes no core file; on Linux nobody but root may attach to it.

    The limit alone does not bind a core_pattern that is a pipe (systemd-coredump), so the process is marked too.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
