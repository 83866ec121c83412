"""Does the database know of everything that was sent? The marker is asked (sent_marker.py) before a worker sends.

A worker refuses to start, and a running one stops, if the database is older than the marker, if the marker is missing
although the database has sent, and if it has become another database since (another cluster or timeline). A copy or a
snapshot of the whole machine takes the marker with it, so it is also asked where it runs (machine.py), and whether a
worker gave a sign of life in the last hour. docs/howto/back-up-and-restore.md says what a person does then.
"""

from __future__ import annotations

import logging
import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.db import transaction

from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.actions.guards.life_signs import living
from everyfamily.mailings.actions.guards.older_database import (
    DatabaseIsOlder,
    MarkerIsMissing,
    database_now,
    is_simulated,
    marker_path,
    why_not,
)
from everyfamily.mailings.installation.machine import Here, Sources, here, wall_against_boot
from everyfamily.mailings.installation.sent_marker import (
    Header,
    Line,
    Marked,
    MarkerIsHeld,
    OpenMarker,
    OwnLine,
    not_usable,
)
from everyfamily.mailings.installation.sent_marker import SentMarker as MarkerFile
from everyfamily.mailings.models import SentMarker

logger = logging.getLogger(__name__)

MOVES_EVERY = 60.0
"""Seconds between two epochs."""
JUMP = 120.0
"""Seconds by which the wall clock may move against the time since boot between two epochs."""
SOURCES = Sources()


def _where(file: OpenMarker) -> Here:
    return here(file.descriptor, file.path, SOURCES)


def _move_on(file: OpenMarker, marked: Marked | None) -> Marked:
    """Begin a new epoch, in the file and in the database. If a process dies in between, the two still agree."""
    database, fresh = database_now(), uuid.uuid4()
    lines = marked.lines if marked else ()
    has_sent = bool(marked and marked.header.has_sent) or any(line.ledger for line in lines)
    place = _where(file).place
    if marked is None:
        file.begin(Header(fresh, database.now, database.identity, has_sent=has_sent, place=place))
    else:
        file.write(replace(marked.header, next=fresh, has_sent=has_sent))
    with transaction.atomic(durable=True):
        SentMarker.objects.update_or_create(pk=1, defaults={"epoch": fresh, "moved_at": database.now})
    header = Header(fresh, database.now, database.identity, has_sent=has_sent, place=place)
    file.write(header)
    # The database, and the new epoch, know what the dead claimed.
    workers = {line.worker for line in lines if not line.ended}
    file.end_lines(workers - living(workers))
    return Marked(header, lines)


def begin_again(*, not_ahead: bool) -> EveryfamilyError | None:
    """A person has looked: the marker and the database agree from now on. Returns the reason that there was against it.

    With `not_ahead`, nothing is done if the database is known to be older, or if nobody can know. Raises
    MarkerNotUsable.
    """
    with MarkerFile(marker_path()).held() as file:
        marked = file.read()
        problem = why_not(marked, _where(file))
        if not_ahead and isinstance(problem, DatabaseIsOlder | MarkerIsMissing):
            return problem
        sent = marked is not None and (marked.header.has_sent or any(line.ledger for line in marked.lines))
        database = database_now()
        # The workers' lines belong to a history that is over.
        file.begin(Header(uuid.uuid4(), database.now, database.identity, has_sent=sent or database.has_sent))
        _move_on(file, file.read())
    return problem


def living_workers() -> list[str]:
    """Workers with a line in the marker that are alive, on this database."""
    with MarkerFile(marker_path()).held() as file:
        marked = file.read()
    return sorted(living([line.worker for line in marked.lines if not line.ended])) if marked else []


def require_not_put_back() -> None:
    """For a command that sends something itself. Raises the reason why a worker would not start here, and
    MarkerNotUsable."""
    with MarkerFile(marker_path()).held() as file:
        _look(file)


def _look(file: OpenMarker) -> Marked | None:
    marked = file.read()
    if problem := why_not(marked, _where(file)):
        if marked is None:
            # Looking at it created it.
            marker_path().unlink(missing_ok=True)
        raise problem
    return marked


class Tripwire:
    """One worker's own: checked at its start and every minute, and moved on with each claim."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._line: OwnLine | None = None
        self._last = self._clocks = 0.0
        self.problem: EveryfamilyError | None = None
        """Why this worker has stopped itself."""

    def start(self) -> None:
        """Take a line in the marker. Raises the reason why nothing may be sent, and MarkerNotUsable."""
        with MarkerFile(marker_path()).held() as file:
            _move_on(file, self._of_this_database(_look(file)))
            where = _where(file)
            self._line = file.take_line(
                Line(self._worker, machine=where.machine, boot=where.boot, device=where.device)
            )
        self._last, self._clocks = time.monotonic(), wall_against_boot()

    def _of_this_database(self, marked: Marked | None) -> Marked | None:
        return None if database_now().epoch is None and is_simulated() else marked

    def claimed(self, ledger: int, tries: int) -> None:
        """A claim is committed and its carrier is called next. If this raises, the carrier must not be called."""
        if self._line is None:
            return
        try:
            self._line.moves_to(ledger, tries)
            self._keep_on(self._line)
        except EveryfamilyError as problem:
            self._stop(problem)
            raise

    def page_done(self) -> None:
        """Sync to disk what was claimed. Raises MarkerNotUsable."""
        if self._line is None:
            return
        try:
            self._line.sync()
        except EveryfamilyError as problem:
            self._stop(problem)
            raise

    def keep_on(self) -> None:
        """Begin a new epoch once a minute, even while nothing is sent. Tells the worker to stop if it may not
        continue."""
        if self._line is None or self.problem is not None:
            return
        try:
            self._keep_on(self._line)
        except EveryfamilyError as problem:
            self._stop(problem)

    def _keep_on(self, line: OwnLine) -> None:
        if jumped := abs(wall_against_boot() - self._clocks) > JUMP:
            line.was_halted()
        elif time.monotonic() - self._last < MOVES_EVERY:
            return
        try:
            with MarkerFile(marker_path()).held() as file:
                marked = file.read()
                if marked is None:
                    raise not_usable(marker_path(), FileNotFoundError(2, "it is gone"))
                if problem := why_not(marked, _where(file)):
                    raise problem
                _move_on(file, marked)
        except MarkerIsHeld:
            if jumped:
                raise
            # By a worker that was halted. This one has its own line, and looks again soon.
            logger.warning("The marker is held by another process.")
            self._last = time.monotonic() - MOVES_EVERY / 2
            return
        self._last, self._clocks = time.monotonic(), wall_against_boot()

    def _stop(self, problem: EveryfamilyError) -> None:
        self.problem = problem
        logger.error("This worker stops: %s", problem.code)
        os.kill(os.getpid(), signal.SIGTERM)

    def end(self) -> None:
        """The worker has ended normally."""
        if self._line is not None:
            self._line.end()
            self._line = None


@contextmanager
def watched(tripwire: Tripwire) -> Iterator[None]:
    """Start the tripwire. At the end, raise the reason why the worker had to stop, if it had to."""
    tripwire.start()
    yield
    if tripwire.problem is not None:
        raise tripwire.problem
    tripwire.end()
