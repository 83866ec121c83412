"""What carriers leave on disk: folders closed to others, and what is deleted from them when a mailing has long been
closed.

The recording carrier's lines and the print folder's letters contain contact values in the clear. Both name what they
belong to by the body's key: reference, language and URN. Only what this package makes is changed, found by its own
names. A symbolic link is never followed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from everyfamily.core.errors import EveryfamilyError

_KEY = re.compile(
    r"(?P<reference>[A-Za-z0-9-]+)[ _](?:(?P<language>[A-Za-z][A-Za-z0-9-]*)[ _])?(?P<urn>[0-9]+)(?:[ _].*)?"
)
_LINES = re.compile(r"[a-z-]+\.[0-9]+\.(?:jsonl|at-the-press)")
AT_THE_PRESS = ".at-the-press"
"""How the name ends of the recording carrier's file for lines that are being printed. A crash leaves this file."""

IsDue = Callable[[str, int], bool]
"""Whether the files of a letter (by reference) and a school (by URN) are to be deleted."""


class FolderOpenToOthers(EveryfamilyError):
    """A folder that is meant to hold contact values belongs to somebody else and others can read it."""

    code = "EF607"


@dataclass(frozen=True, slots=True)
class FilesPurged:
    """What was deleted, and what could not be changed."""

    lines: int = 0
    """Messages of the recording carrier with their contact value blanked."""
    folders: int = 0
    """Folders of printed letters that were removed."""
    left: int = 0
    """Files or folders that are due but could not be changed."""

    @property
    def total(self) -> int:
        """Everything that was deleted."""
        return self.lines + self.folders


def make_closed_folder(folder: Path) -> None:
    """Make the folder, and what is missing above it, only for its owner (0700).

    If it is ours and others may enter it, it is closed. Raises FolderOpenToOthers if it belongs to somebody else.
    """
    for place in reversed((folder, *folder.parents)):
        if not place.exists():
            place.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    if not found.st_mode & 0o077:
        return
    if found.st_uid != os.geteuid():
        raise FolderOpenToOthers(
            f"Others can read the folder {folder}, and you are not its owner.",
            "Name another folder with EVERYFAMILY_OUTBOX, or ask its owner to run chmod 700 on it.",
        )
    folder.chmod(0o700)


def purge_files(outbox: Path, is_due: IsDue) -> FilesPurged:
    """Blank the contact values in the recording carrier's lines, and remove the printed letters, that are due."""
    if not _is_real_folder(outbox):
        return FilesPurged()
    lines = folders = left = 0
    for file in sorted(outbox.iterdir()):
        if _LINES.fullmatch(file.name) and file.is_file() and not file.is_symlink():
            try:
                lines += _blank_lines(file, is_due)
            except OSError:
                left += 1
    for folder in _printed_folders(outbox / "print"):
        if _due(folder.name, is_due):
            try:
                shutil.rmtree(folder)
                folders += 1
            except OSError:
                left += 1
    return FilesPurged(lines, folders, left)


def count_files(outbox: Path, is_due: IsDue) -> FilesPurged:
    """What `purge_files` would do."""
    if not _is_real_folder(outbox):
        return FilesPurged()
    lines = sum(
        1
        for file in outbox.iterdir()
        if _LINES.fullmatch(file.name) and file.is_file() and not file.is_symlink()
        for _, _, _ in _due_lines(file.read_bytes(), is_due)
    )
    folders = sum(_due(folder.name, is_due) for folder in _printed_folders(outbox / "print"))
    return FilesPurged(lines, folders)


def _is_real_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _printed_folders(folder: Path) -> list[Path]:
    """A folder for each postage, mailing, language and school, and a folder for each mailing and school that hands
    out."""
    if not _is_real_folder(folder):
        return []
    kinds = [folder / "post", *_folders_in(folder / "post"), folder / "pupil-post"]
    return [place for kind in kinds for place in _folders_in(kind)]


def _folders_in(folder: Path) -> list[Path]:
    if not _is_real_folder(folder):
        return []
    return [place for place in sorted(folder.iterdir()) if _is_real_folder(place)]


def _due(key: str, is_due: IsDue) -> bool:
    found = _KEY.fullmatch(key)
    return found is not None and is_due(found["reference"], int(found["urn"]))


def _due_lines(data: bytes, is_due: IsDue) -> Iterator[tuple[int, int, dict[str, object]]]:
    """Where each due line begins, how long it is without its line break, and what it says."""
    start = 0
    for raw in data.splitlines(keepends=True):
        if raw.endswith(b"\n"):
            line = json.loads(raw)
            if (line["to"] or line["address"]) and _due(str(line["body"]), is_due):
                yield start, len(raw) - 1, line
        start += len(raw)


def _blank_lines(file: Path, is_due: IsDue) -> int:
    """Overwrite the values in place, with the same length, because a worker may be adding lines to the same file, and
    another may have read it up to a position."""
    blanked = 0
    descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW)
    try:
        for start, length, line in list(_due_lines(file.read_bytes(), is_due)):
            text = json.dumps({**line, "to": "", "address": [], "group": ""}, ensure_ascii=False).encode()
            os.pwrite(descriptor, text.ljust(length), start)
            blanked += 1
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return blanked
