"""Files that hold somebody's data: only their owner can read them, and they are complete or not there."""

from __future__ import annotations

import os
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.core.files.whole_files import written


class PlaceNotWritable(EveryfamilyError):
    """A file cannot be written where it was asked for."""

    code = "EF268"


def require_place(path: Path) -> None:
    """Raise PlaceNotWritable unless a file can be written there. This is asked before the work whose result it will
    hold."""
    folder = path.parent
    if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise PlaceNotWritable(
            "The file cannot be written there.",
            "Name a file in a folder that exists and that you may write to.",
            SourceLocation(str(path)),
        )


def write_private(path: Path, text: str) -> None:
    """Write `text` with mode 0600 from its first byte, completely or not at all."""
    with written(path) as file:
        file.write(text.encode())
