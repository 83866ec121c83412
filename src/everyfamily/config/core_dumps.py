"""A process that holds keys leaves no image of its memory."""

from __future__ import annotations

import ctypes
import resource
import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4


def leave_no_core_dump() -> None:
    """Make sure that this process, and any that it starts, writes no core file if it is killed. On Linux, only root may
    attach to it.

    The limit does not apply to a core_pattern that is a pipe (systemd-coredump), so the process is marked too.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
