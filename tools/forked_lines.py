"""For mutants.py: what a reader of outside files runs in its own process is written down with the test that asked.

A plugin of pytest: `-p forked_lines`.
"""

from __future__ import annotations

from coverage import Coverage

from everyfamily.documents import guarded_reading
from everyfamily.documents.guarded_reading import Reader

_tried = guarded_reading._tried


def _tried_and_written_down(read: Reader, data: bytes, name: str) -> bytes:
    answer = _tried(read, data, name)
    # Before the parent hears the answer, because it ends this process then.
    if (lines := Coverage.current()) is not None:
        lines.save()
    return answer


def pytest_configure() -> None:
    """In the copy of the tree only."""
    guarded_reading._tried = _tried_and_written_down
