"""What a process does first that runs for long and holds keys: a worker, and the pages."""

from __future__ import annotations

from everyfamily.config.core_dumps import leave_no_core_dump
from everyfamily.config.security_log import this_is_a_service


def begin_service() -> None:
    """Leave no core dump, and say in the log when a key is used."""
    leave_no_core_dump()
    this_is_a_service()
