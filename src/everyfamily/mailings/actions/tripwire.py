"""Does the database know of everything that was sent? Asked of the marker (sent_marker.py) before a worker sends.

A worker refuses to start, and one that works stops, when the database is older than the marker, when the marker is
missing although the database has sent, when it has become another database after this machine lost its power, and when
no worker gave a sign of life for an hour while a mailing is open: a snapshot of the whole machine takes the marker back
with it. What a person does then: docs/howto/back-up-and-restore.md.
"""

from __future__ import annotations

import logging
import os
import signal
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from everyfamily.core.errors import EveryfamilyError, Place
from everyfamily.mailings.actions.life_signs import is_dead
from everyfamily.mailings.carriers import outbox
from everyfamily.mailings.models import LedgerEntry, SentMarker
from everyfamily.mailings.sent_marker import (
    NAME,
    Header,
    Line,
    Marked,
    MarkerIsHeld,
    OpenMarker,
    OwnLine,
    not_usable,
)
from everyfamily.mailings.sent_marker import SentMarker as MarkerFile

logger = logging.getLogger(__name__)

QUIET = timedelta(hours=1)
"""Without a sign of life for so long, while a mailing is open, a person is asked."""
MOVES_EVERY = 60.0
"""Seconds between two epochs."""

_TO_DO = "If it was, run `everyfamily after-restore`; docs/howto/back-up-and-restore.md says what else."
_IF_NOT = "If not: everyfamily after-restore --not-restored."


class DatabaseIsOlder(EveryfamilyError):
    """The marker is ahead: letters may have gone that the database does not know of."""

    code = "EF570"


class MarkerIsMissing(EveryfamilyError):
    """The database has sent, and there is no marker, or one that is older than the database."""

    code = "EF571"


class TooLongWithoutWorkers(EveryfamilyError):
    """No worker has given a sign of life for an hour, while a mailing is open."""

    code = "EF572"


class DatabaseWasMoved(EveryfamilyError):
    """The database was restored, recovered or moved, and this machine lost its power: the marker may be behind."""

    code = "EF573"


def marker_path() -> Path:
    """EVERYFAMILY_MARKER, else a file in the outbox."""
    return Path(settings.EVERYFAMILY_MARKER or outbox() / NAME)


def _is_simulated() -> bool:
    """A demonstration's or a test's clock: nothing real is sent."""
    return bool(settings.EVERYFAMILY_CLOCK == "database")


@dataclass(frozen=True, slots=True)
class _Database:
    """The database's half."""

    epoch: uuid.UUID | None
    """None: no worker ever started on it."""
    moved_at: datetime | None
    now: datetime
    identity: str
    has_sent: bool
    is_open: bool
    """Whether a mailing sends, or would if a person let it go on."""


def why_not(marked: Marked | None) -> EveryfamilyError | None:
    """Why nothing may be sent from this database before a person has looked; None: nothing speaks against it."""
    database = _database()
    if marked is not None and database.epoch is None and _is_simulated():
        # The demo and the tests begin with an empty database beside an older outbox.
        marked = None
    if marked is None or database.epoch is None:
        return _without_one_half(marked, database)
    header = marked.header
    if database.epoch not in (header.epoch, header.next):
        if database.moved_at is not None and header.at < database.moved_at and not _unknown_claims(marked.lines):
            return MarkerIsMissing(
                "The marker of what was sent is older than the database.",
                f"Was the database put back as well? {_TO_DO} {_IF_NOT}",
                _place(),
            )
        return _is_older(database)
    if _unknown_claims(marked.lines):
        return _is_older(database)
    if header.identity != database.identity and any(line.may_lag for line in marked.lines):
        return DatabaseWasMoved(
            "The database was recovered, restored or moved, and the machine with the marker was cut off in mid-send.",
            f"Was the database put back to an earlier moment? {_TO_DO} {_IF_NOT}",
        )
    return _quiet(database)


def _without_one_half(marked: Marked | None, database: _Database) -> EveryfamilyError | None:
    if marked is None and database.has_sent:
        return MarkerIsMissing(
            "The database has sent letters, and the marker of what was sent is not there.",
            f"Was the database put back to an earlier moment? {_TO_DO} {_IF_NOT}",
            _place(),
        )
    if marked is not None and (marked.header.has_sent or any(line.ledger for line in marked.lines)):
        return _is_older(database)
    return _quiet(database)


def _is_older(database: _Database) -> DatabaseIsOlder:
    last = (
        f" Its newest sign of life is of {database.moved_at:%-d %B %Y, %H:%M} UTC." if database.moved_at else ""
    )
    return DatabaseIsOlder(
        f"Letters have been sent that this database does not know of: it was put back to an earlier moment.{last}",
        "Run `everyfamily after-restore` first; docs/howto/back-up-and-restore.md says what else.",
        _place(),
    )


def _quiet(database: _Database) -> EveryfamilyError | None:
    if not database.is_open or database.moved_at is None or _is_simulated():
        return None
    if database.now - database.moved_at <= QUIET:
        return None
    return TooLongWithoutWorkers(
        f"No worker has given a sign of life since {database.moved_at:%-d %B %Y, %H:%M} UTC, and a mailing is open.",
        f"Was the database, or this machine, put back to an earlier moment? {_TO_DO} {_IF_NOT}",
    )


def _place() -> Place:
    return Place(str(marker_path()))


def _unknown_claims(lines: Sequence[Line]) -> bool:
    """Whether a worker claimed a message of which the database does not know."""
    claimed = {line.ledger: line for line in lines if line.ledger}
    known = dict(LedgerEntry.objects.filter(pk__in=claimed).values_list("id", "tries"))
    return any(known.get(line.ledger, -1) < line.tries for line in lines if line.ledger)


def _database() -> _Database:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        epoch, moved_at, now, identity, has_sent, is_open = cursor.fetchone()
    return _Database(epoch, moved_at, now, identity, has_sent, is_open)


_STATE = """
SELECT m.epoch, m.moved_at, clock_timestamp(),
  concat_ws(' ', (SELECT system_identifier FROM pg_control_system()),
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'mailings_ledgerentry'::regclass::oid),
  EXISTS (SELECT 1 FROM mailings_ledgerentry WHERE tries > 0),
  EXISTS (SELECT 1 FROM mailings_mailing WHERE state IN ('open', 'paused'))
FROM (SELECT 1) one LEFT JOIN mailings_sentmarker m ON m.id = 1
"""
"""With the cluster, its timeline (another after each recovery or failover), the database and the ledger's table."""


def _move_on(file: OpenMarker, marked: Marked | None) -> Marked:
    """Begin a new epoch, in the file and in the database; a process that dies in between leaves both in agreement."""
    database, fresh = _database(), uuid.uuid4()
    lines = marked.lines if marked else ()
    has_sent = bool(marked and marked.header.has_sent) or any(line.ledger for line in lines)
    if marked is None:
        file.begin(Header(fresh, database.now, database.identity, has_sent=has_sent))
    else:
        file.write(replace(marked.header, next=fresh, has_sent=has_sent))
    with transaction.atomic(durable=True):
        SentMarker.objects.update_or_create(pk=1, defaults={"epoch": fresh, "moved_at": database.now})
    header = Header(fresh, database.now, database.identity, has_sent=has_sent)
    file.write(header)
    return Marked(header, lines)


def begin_again(*, not_ahead: bool) -> EveryfamilyError | None:
    """A person has looked: the marker and the database agree from now on. Returns what spoke against it.

    With `not_ahead` nothing is done where the database is known to be older. Raises MarkerNotUsable.
    """
    with MarkerFile(marker_path()).held() as file:
        marked = file.read()
        problem = why_not(marked)
        if not_ahead and isinstance(problem, DatabaseIsOlder):
            return problem
        sent = marked is not None and (marked.header.has_sent or any(line.ledger for line in marked.lines))
        database = _database()
        # The workers' lines are of a history that is over.
        file.begin(Header(uuid.uuid4(), database.now, database.identity, has_sent=sent or database.has_sent))
        _move_on(file, file.read())
    return problem


def living_workers() -> list[str]:
    """Workers with a line in the marker that live, on this database."""
    with MarkerFile(marker_path()).held() as file:
        marked = file.read()
    return [line.worker for line in (marked.lines if marked else ()) if not is_dead(line.worker)]


class Tripwire:
    """One worker's own: asked at its start, every minute, and moved on with each claim."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._line: OwnLine | None = None
        self._last = self._wall = 0.0
        self.problem: EveryfamilyError | None = None
        """Why this worker has stopped itself."""

    def start(self) -> None:
        """Take a line in the marker. Raises why nothing may be sent, and MarkerNotUsable."""
        with MarkerFile(marker_path()).held() as file:
            marked = file.read()
            if problem := why_not(marked):
                if marked is None:
                    # It was made by the look at it.
                    marker_path().unlink(missing_ok=True)
                raise problem
            marked = _move_on(file, self._of_this_database(marked))
            # What they claimed is known to the database, and to the new epoch.
            dead = {line.worker for line in marked.lines if line.ended or is_dead(line.worker)}
            self._line = file.take_line(self._worker, dead)
        self._last, self._wall = time.monotonic(), time.time()

    def _of_this_database(self, marked: Marked | None) -> Marked | None:
        return None if _database().epoch is None and _is_simulated() else marked

    def claimed(self, ledger: int, tries: int) -> None:
        """A claim is committed and its carrier is called next. Raises, and then it must not be called."""
        if self._line is None:
            return
        try:
            self._line.moves_to(ledger, tries)
            self._keep_on()
        except EveryfamilyError as problem:
            self._stop(problem)
            raise

    def page_done(self) -> None:
        """Make durable what was claimed. Raises MarkerNotUsable."""
        if self._line is None:
            return
        try:
            self._line.sync()
        except EveryfamilyError as problem:
            self._stop(problem)
            raise

    def keep_on(self) -> None:
        """Begin a new epoch once a minute, also while nothing is sent. Tells the worker to stop where it may not."""
        if self._line is None or self.problem is not None:
            return
        try:
            self._keep_on()
        except EveryfamilyError as problem:
            self._stop(problem)

    def _keep_on(self) -> None:
        if time.monotonic() - self._last < MOVES_EVERY and not self._slept():
            return
        try:
            with MarkerFile(marker_path()).held() as file:
                marked = file.read()
                if marked is None:
                    raise not_usable(marker_path(), FileNotFoundError(2, "it is gone"))
                if problem := why_not(marked):
                    raise problem
                _move_on(file, marked)
        except MarkerIsHeld:
            # By a worker that was halted: this one's line is its own, and it looks again soon.
            logger.warning("The marker is held by another process.")
            self._last = time.monotonic() - MOVES_EVERY / 2
            return
        self._last, self._wall = time.monotonic(), time.time()

    def _slept(self) -> bool:
        """Whether the clock on the wall has moved on much further than the worker has: its machine was halted, and may
        have been put back with everything in it."""
        return time.time() - self._wall > (time.monotonic() - self._last) + MOVES_EVERY

    def _stop(self, problem: EveryfamilyError) -> None:
        self.problem = problem
        logger.error("This worker stops: %s", problem.code)
        os.kill(os.getpid(), signal.SIGTERM)

    def end(self) -> None:
        """The worker has ended in peace."""
        if self._line is not None:
            self._line.end()
            self._line = None


@contextmanager
def watched(tripwire: Tripwire) -> Iterator[None]:
    """Start the tripwire, and raise at the end why the worker had to stop, if it had to."""
    tripwire.start()
    yield
    if tripwire.problem is not None:
        raise tripwire.problem
    tripwire.end()
