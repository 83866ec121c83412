"""A Maildir that this machine's mail server delivers to. Every move is one rename, so nothing can be half moved."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from everyfamily.channels.email.mailbox import (
    MAIL_FOLDERS,
    MOST_BYTES,
    MOST_HEADER_BYTES,
    Mail,
    Mailbox,
    MailboxNotThere,
    MailFolder,
    header_of,
)

_READ = ":2,S"
"""The mark of a message that was seen."""


class Maildir(Mailbox):
    """The folder that contains `new` and `cur`. The other folders are Maildir++ folders: `.done` and `.set-aside`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def messages(self, most: int) -> Iterator[Mail]:
        with _readable():
            for path, came_at in self._inbox():
                if most <= 0:
                    return
                data = _read(path, MOST_BYTES)
                if data is not None:
                    most -= 1
                    yield Mail(_key(path), came_at, data)

    def headers(self, since: datetime, most: int, known: Collection[str]) -> Iterator[Mail]:
        with _readable():
            for path, came_at in self._inbox():
                if most <= 0:
                    return
                if came_at < since or _key(path) in known:
                    continue
                data = _read(path, MOST_HEADER_BYTES)
                if data is not None:
                    most -= 1
                    yield Mail(_key(path), came_at, header_of(data))

    def move(self, keys: Collection[str], place: MailFolder) -> None:
        wanted = set(keys)
        with _readable():
            to = self._make(place)
            for path, _ in self._inbox() if wanted else ():
                key = _key(path)
                if key in wanted:
                    # It stays unread if a person has to look at it.
                    name = to / "cur" / f"{key}{_READ}" if place == "done" else to / "new" / key
                    try:
                        path.rename(name)
                    except FileNotFoundError:  # another worker, or a person, was quicker
                        continue

    def count(self) -> dict[str, int]:
        with _readable():
            return {"inbox": len(self._inbox())} | {
                place: len(_messages_in(self._folder / f".{place}")) for place in MAIL_FOLDERS
            }

    def _inbox(self) -> list[tuple[Path, datetime]]:
        """Every message with the time of its delivery, oldest first. A rename does not change the time."""
        if not (self._folder / "new").is_dir():
            raise MailboxNotThere(
                "A Maildir has no folder `new`.",
                "Let the mail server deliver to it once, or correct the setting.",
            )
        return _messages_in(self._folder)

    def _make(self, place: MailFolder) -> Path:
        folder = self._folder / f".{place}"
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        (folder / "maildirfolder").touch(mode=0o600)
        return folder


@contextmanager
def _readable() -> Iterator[None]:
    """The system's words name paths, which hold nothing personal, but its exceptions are not part of what we raise."""
    problem: MailboxNotThere | None = None
    try:
        yield
    except OSError as error:
        reason = "is full" if error.errno == 28 else "cannot be read or written"
        problem = MailboxNotThere(f"A Maildir {reason}.", "Check the rights of its folders, and the disk.")
    if problem is not None:
        raise problem


def _messages_in(folder: Path) -> list[tuple[Path, datetime]]:
    found = []
    for part in ("new", "cur"):
        if not (folder / part).is_dir():
            continue
        with os.scandir(folder / part) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                try:
                    about = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                if stat.S_ISREG(about.st_mode):
                    found.append((Path(entry.path), datetime.fromtimestamp(about.st_mtime, UTC)))
    return sorted(found, key=lambda one: (one[1], one[0].name))


def _key(path: Path) -> str:
    """A message's name without its flags, because a mail program changes them when somebody reads it."""
    return path.name.partition(":")[0]


def _read(path: Path, most: int) -> bytes | None:
    """The first bytes of a message, or None if it is no longer there. A symbolic link is never followed."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most)
