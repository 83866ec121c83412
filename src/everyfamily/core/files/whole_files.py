"""Files that are read completely up to a limit, or written completely or not at all, and folders that one process
changes at a time.

Everything here raises OSError. The caller knows what the file is for, and says so.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PRIVATE = 0o600
AS_USUAL = 0o666
"""Less what the umask removes."""


class NotAFile(OSError):
    """There is a folder, a pipe or a device with this name."""

    def __init__(self) -> None:
        super().__init__(errno.EINVAL, "Not a regular file")


class TooLarge(OSError):
    """The file has more bytes than the limit."""

    def __init__(self) -> None:
        super().__init__(errno.EFBIG, "Larger than it can be")


def opened(path: Path) -> BinaryIO:
    """A regular file, open for reading. Raises NotAFile for anything else, and OSError."""
    # A named pipe would make us wait for ever, and a device has no end.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFile
    return os.fdopen(descriptor, "rb")


def bytes_of(path: Path, *, most: int) -> bytes:
    """The bytes of a regular file. Raises NotAFile, TooLarge for more than `most` bytes, and OSError."""
    with opened(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise TooLarge
    return data


@contextmanager
def written(path: Path, *, mode: int = PRIVATE) -> Iterator[BinaryIO]:
    """A file to write to, with its mode from the first byte on. It replaces `path` at the end of the block.

    If the block raises, or the machine stops, what was at `path` before is still there.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    beside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _keep_names(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def _keep_names(folder: Path) -> None:
    """Sync the folder's names to disk. Without it, a power cut could bring the old file back."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def only_one_in(folder: Path) -> Iterator[None]:
    """Wait until no other process is in this block for the folder. The lock is on the folder itself, so nothing is left
    behind, and it ends with the process."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
