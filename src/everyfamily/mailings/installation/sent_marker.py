"""The marker: a small file outside the database that always covers everything that a carrier may have been given.

By default it is in the outbox. For several machines, or to survive the loss of this one, EVERYFAMILY_MARKER names a
place on another disk that all workers share. It holds one header and one line for each worker:

- the header's *epoch* is a random word that is also in the database, and is changed in both every minute and whenever a
  worker starts. A database with another epoch is an older (or another) one;
- a worker's line names the message that it claimed last. It is written after the claim is committed and before the
  carrier is called, so that a database restored to any moment before that claim does not know about it. It also says
  on which machine and since which boot of it the worker ran (machine.py): a copy of all of this is elsewhere.

A line is written without waiting for the disk, because if a worker dies, nothing is lost: the system has the line. Once
a second, and when a page is done, it is synced to disk. So only a machine that loses its power may lose the last second
of lines. The database must have the same identity as at the last epoch anyway (older_database.py).
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from everyfamily.channels.kept_files import make_closed_folder
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.mailings.installation.machine import is_another

NAME = "sent-marker"
_HEADER = 512
_LINE = 256
_LINES = 14
"""Bytes, with blanks and a line break at the end. Each line is within one block of a disk."""
_EVERY = 1.0
"""Seconds after which a line is synced to disk."""
_READS = 5
HALTED = "halted"
"""In place of the boot, in the line of a worker that saw the clock jump."""
LONGEST = 10.0
"""Seconds that a process waits for another to release the marker."""


class MarkerNotUsable(EveryfamilyError):
    """The marker cannot be read or written, and without it nothing is sent."""

    code = "EF574"


@dataclass(frozen=True, slots=True)
class Header:
    """The marker as a whole. `at` is the database's time of the epoch. `identity` says which database it was."""

    epoch: uuid.UUID
    at: datetime
    identity: str
    next: uuid.UUID | None = None
    """An epoch that was about to follow. The process may have died before or after the database had it."""
    has_sent: bool = False
    """Whether anything was ever sent under this marker."""
    place: str = ""
    """Which file it is (`Here.place`), or "" if an earlier version of everyfamily wrote it."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one worker claimed last: a message of the ledger and which of its calls it was; 0, 0 means nothing yet."""

    worker: str
    ledger: int = 0
    tries: int = 0
    ended: bool = False
    """The worker ended normally, or others worked on when it died. Its line is synced to disk."""
    machine: str = ""
    boot: str = ""
    device: str = ""
    """As of `Here`; "" if an earlier version of everyfamily wrote them."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What the marker says."""

    header: Header
    lines: tuple[Line, ...]


class MarkerIsHeld(MarkerNotUsable):
    """Another process holds the marker for longer than any should, so it was halted."""

    code = "EF578"


class SentMarker:
    """The file, held by one process at a time (`held`)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self) -> Iterator[OpenMarker]:
        """Open the file, create it if it is missing, and keep other processes away meanwhile.

        Raises MarkerNotUsable, and MarkerIsHeld.
        """
        try:
            make_closed_folder(self.path.parent)
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise not_usable(self.path, problem) from None
        try:
            self._lock(descriptor)
            yield OpenMarker(self.path, descriptor)
        except OSError as problem:
            raise not_usable(self.path, problem) from None
        finally:
            os.close(descriptor)

    def _lock(self, descriptor: int) -> None:
        until = time.monotonic() + LONGEST
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            if time.monotonic() > until:
                raise MarkerIsHeld(
                    "Another process has held the marker of what was sent for too long.",
                    "Find a worker that is halted, and end it.",
                    SourceLocation(str(self.path)),
                )
            time.sleep(0.02)


@dataclass(frozen=True, slots=True)
class OpenMarker:
    """The file while it is held."""

    path: Path
    descriptor: int

    def read(self) -> Marked | None:
        """What it says, or None if it is new or empty. Raises MarkerNotUsable for a file that is not a marker."""
        for _ in range(_READS):
            data = os.pread(self.descriptor, 1 << 20, 0)
            if not data:
                return None
            # Another worker may be writing its line at this moment.
            with suppress(ValueError, TypeError, KeyError):
                return _marked(data)
            time.sleep(0.02)
        raise MarkerNotUsable(
            "The marker of what was sent cannot be read.",
            "Keep a copy of it, move it away, and treat the database as one that was put back "
            "(docs/howto/back-up-and-restore.md).",
            SourceLocation(str(self.path)),
        )

    def begin(self, header: Header) -> None:
        """Write a new marker over anything that was there."""
        os.ftruncate(self.descriptor, 0)
        # With room for the first workers, so that a disk that fills up stops none of them.
        blank = b" " * (_LINE - 1) + b"\n"
        os.pwrite(self.descriptor, blank * _LINES, _HEADER)
        self.write(header)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def write(self, header: Header) -> None:
        """Write the header and sync it to disk."""
        record = asdict(header) | {
            "epoch": str(header.epoch),
            "next": str(header.next) if header.next else None,
            "at": header.at.astimezone(UTC).isoformat(),
        }
        _put(self.descriptor, record, 0, _HEADER)
        os.fsync(self.descriptor)

    def take_line(self, mine: Line) -> OwnLine:
        """A line for this worker: in place of those of its machine that have ended, or at the end. A line of another
        machine stays while there is room, because it says that the machine is known."""
        data = os.pread(self.descriptor, 1 << 20, 0)
        lines = list(_lines(data))
        crowded = len(lines) > _LINES
        places = [place for place, line in lines if line is None or _may_go(line, mine, crowded=crowded)]
        for place in places:
            os.pwrite(self.descriptor, b" " * (_LINE - 1) + b"\n", place)
        place = min(places, default=max(_HEADER, len(data)))
        own = OwnLine(self.path, place, mine)
        own.sync()
        return own

    def end_lines(self, dead: Collection[str]) -> None:
        """The database, and the epoch, know what these workers claimed."""
        for place, line in _lines(os.pread(self.descriptor, 1 << 20, 0)):
            if line is not None and line.worker in dead:
                _put(self.descriptor, asdict(replace(line, ended=True)), place, _LINE)


class OwnLine:
    """This worker's line. Only this worker writes there."""

    def __init__(self, path: Path, place: int, line: Line) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as problem:
            raise not_usable(path, problem) from None
        self._path, self._place, self._line = path, place, line
        self._synced = 0.0
        self._write()

    def moves_to(self, ledger: int, tries: int) -> None:
        """A claim of this message is committed, and its carrier is called next. Raises MarkerNotUsable."""
        self._line = replace(self._line, ledger=ledger, tries=tries)
        self._write()
        if time.monotonic() - self._synced >= _EVERY:
            self.sync()

    def was_halted(self) -> None:
        """The machine may have been put back while this worker ran: no worker starts until a person has looked."""
        self._line = replace(self._line, boot=HALTED)
        self._write()
        self.sync()

    def sync(self) -> None:
        """Sync it to disk. Raises MarkerNotUsable."""
        try:
            os.fdatasync(self._descriptor)
        except OSError as problem:
            raise not_usable(self._path, problem) from None
        self._synced = time.monotonic()

    def end(self) -> None:
        """The worker ends normally."""
        self._line = replace(self._line, ended=True)
        self._write()
        self.sync()
        os.close(self._descriptor)

    def _write(self) -> None:
        try:
            # A file that was moved or removed is still open here, and we would write to it without noticing.
            if os.fstat(self._descriptor).st_nlink == 0:
                raise FileNotFoundError(2, "it was removed")
            _put(self._descriptor, asdict(self._line), self._place, _LINE)
        except OSError as problem:
            raise not_usable(self._path, problem) from None


def not_usable(path: Path, problem: OSError) -> MarkerNotUsable:
    """The error for a file that the system does not let us use."""
    return MarkerNotUsable(
        f"The marker of what was sent cannot be read or written ({os.strerror(problem.errno or 0)}).",
        "Restore its place, its rights or room on its disk. Nothing is sent without it.",
        SourceLocation(str(path)),
    )


def _lines(data: bytes) -> Iterator[tuple[int, Line | None]]:
    """Each line with its place, and None for a free one."""
    for place in range(_HEADER, len(data), _LINE):
        raw = data[place : place + _LINE]
        yield place, _line(json.loads(raw)) if raw.strip() else None


def _may_go(line: Line, mine: Line, *, crowded: bool) -> bool:
    return line.ended and (crowded or not is_another(line.machine, mine.machine))


def _put(descriptor: int, record: dict[str, object], place: int, size: int) -> None:
    text = json.dumps(record).encode()
    if len(text) >= size:
        raise ValueError("a record of the marker is too long")
    os.pwrite(descriptor, text.ljust(size - 1) + b"\n", place)


def _marked(data: bytes) -> Marked:
    lines = tuple(line for _, line in _lines(data) if line is not None)
    return Marked(_header(json.loads(data[:_HEADER])), lines)


def _line(said: dict[str, object]) -> Line:
    where = {name: str(said.get(name, "")) for name in ("machine", "boot", "device")}
    return Line(
        str(said["worker"]),
        int(str(said["ledger"])),
        int(str(said["tries"])),
        ended=bool(said["ended"]),
        **where,
    )


def _header(said: dict[str, object]) -> Header:
    return Header(
        epoch=uuid.UUID(str(said["epoch"])),
        at=datetime.fromisoformat(str(said["at"])),
        identity=str(said["identity"]),
        next=uuid.UUID(str(said["next"])) if said["next"] else None,
        has_sent=bool(said["has_sent"]),
        place=str(said.get("place", "")),
    )
