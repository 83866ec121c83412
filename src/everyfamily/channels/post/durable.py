"""Files that are there completely or not at all, and stay so when the disk is full or the power goes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

LOCK = ".lock"
PART = ".part"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder of ours, so that only one process writes in it at a time. The system lets go when the process
    dies."""
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def make_folder(folder: Path, *, below: Path) -> None:
    """Make the folder and what is missing between it and `below`, which must exist, only for the owner."""
    for place in reversed([folder, *folder.parents[: len(folder.relative_to(below).parts) - 1]]):
        # One by one, because `parents=True` gives the folders in between the mode of the umask.
        place.mkdir(mode=0o700, exist_ok=True)


def put(files: Sequence[tuple[Path, bytes]], *, counts: Path) -> None:
    """Write files, each completely: first all under temporary names, synced to disk, then renamed in the order given.

    `counts` is the file that makes the others count, and comes before what is derived from it. Raises OSError. Then
    `counts` is not there, whatever else is. If it cannot be removed again, it counts, and nothing is raised.
    """
    staged: list[tuple[Path, Path]] = []
    try:
        for path, data in files:
            staged.append((_beside(path), path))
            _write(staged[-1][0], data)
        for beside, path in staged:
            beside.rename(path)
        for folder in {path.parent for path, _ in files}:
            _sync_folder(folder)
    except OSError:
        for beside, _ in staged:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
        if _is_taken_back(counts):
            raise


def put_what_differs(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write those files that are missing or have other content. Raises OSError."""
    for path, data in files:
        if not path.exists() or path.read_bytes() != data:
            put([(path, data)], counts=path)


def _is_taken_back(path: Path) -> bool:
    """Whether a file is not there, or no longer there."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
        return True
    return not os.path.lexists(path)


def clear_parts(folder: Path) -> None:
    """Remove files that a process left half written. Only under `only_one`."""
    for left in list(folder.glob(f"*{PART}")):
        left.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.{os.getpid()}{PART}")


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        view = memoryview(data)
        while view:
            # When a disk fills up, it first accepts part of the data, and says so only with the next write.
            view = view[file.write(view) :]
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    # The names too, so that no manifest outlives its letters after a power cut.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
