"""Is this database older than what was sent? The signs of it, as an error for a person. The rules are those of
tripwire.py."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from pathlib import Path

from django.conf import settings
from django.db import connection

from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily.mailings.actions.guards.life_signs import living
from everyfamily.mailings.installation.carriers import outbox
from everyfamily.mailings.installation.machine import Here, is_another
from everyfamily.mailings.installation.sent_marker import HALTED, NAME, Line, Marked
from everyfamily.mailings.models import LedgerEntry

QUIET = timedelta(hours=1)
"""If there is no sign of life for this long while a mailing is open, a person is asked."""
FRESH = timedelta(minutes=2)
"""A sign of life within this time is a worker's that works now: it gives one each minute."""
_TO_DO = "If it was, say so before anything is sent; docs/howto/back-up-and-restore.md says what else."
_IF_NOT = "If not, say that it was not restored."
_NOT_KNOWN = (
    "Nobody can know from here whether this database was copied or put back. Say that it was, before anything is sent: "
    "what may have been sent then waits for a person (docs/howto/back-up-and-restore.md)."
)


class DatabaseIsOlder(EveryfamilyError):
    """The marker is ahead: letters may have been sent that the database does not know about."""

    code = "EF570"


class MarkerIsMissing(EveryfamilyError):
    """The database has sent, and there is no marker, or one that is older than the database. Nobody can know whether it
    is a copy, so nobody's word is enough that it was not put back."""

    code = "EF571"


class TooLongWithoutWorkers(EveryfamilyError):
    """No worker has given a sign of life for an hour while a mailing is open."""

    code = "EF572"


class DatabaseWasMoved(EveryfamilyError):
    """It is not the database that workers last sent from, but another cluster, timeline or database, or one made
    again."""

    code = "EF573"


def marker_path() -> Path:
    """EVERYFAMILY_MARKER, or otherwise a file in the outbox."""
    return Path(settings.EVERYFAMILY_MARKER or outbox() / NAME)


def is_simulated() -> bool:
    """The clock of a demonstration or a test: nothing real is sent."""
    return bool(settings.EVERYFAMILY_CLOCK == "database")


class MayBeACopy(EveryfamilyError):
    """Database and marker agree, and both may be copies: of another machine, or of this one at an earlier moment."""

    code = "EF579"


@dataclass(frozen=True, slots=True)
class Database:
    """The database's half of the marker."""

    epoch: uuid.UUID | None
    """None if no worker was ever started on it."""
    moved_at: datetime | None
    now: datetime
    identity: str
    has_sent: bool
    is_open: bool
    """Whether a mailing sends, or would send if a person resumed it."""


def why_not(marked: Marked | None, where: Here) -> EveryfamilyError | None:
    """Why nothing may be sent from this database until a person has looked. None if there is no reason."""
    lines = marked.lines if marked else ()
    claimed = [line.ledger for line in lines if line.ledger]
    known = dict(LedgerEntry.objects.filter(pk__in=claimed).values_list("id", "tries"))
    alive = living([line.worker for line in lines])
    return what_speaks_against(marked, database_now(), known, where, alive, simulated=is_simulated())


def what_speaks_against(
    marked: Marked | None,
    database: Database,
    known: Mapping[int, int],
    where: Here,
    alive: Collection[str],
    *,
    simulated: bool,
) -> EveryfamilyError | None:
    """The same from both halves of the marker. `known`: how often each claimed message was called, by ledger id, as far
    as the database knows it. `alive`: workers with a line that work on this running server. `simulated`: nothing real
    is sent."""
    if database.epoch is None and simulated:
        # The demo and the tests begin with an empty database next to an older outbox, or play calls without a worker.
        return None
    if marked is None or database.epoch is None:
        return _without_one_half(marked, database, simulated=simulated)
    header = marked.header
    if database.epoch not in (header.epoch, header.next):
        if (
            database.moved_at is not None
            and header.at < database.moved_at
            and not _unknown_claims(marked.lines, known)
        ):
            return MarkerIsMissing(
                "The marker of what was sent is older than the database.", _NOT_KNOWN, _place()
            )
        return _is_older(database)
    if _unknown_claims(marked.lines, known):
        return _is_older(database)
    if changed := what_changed(header.identity, database.identity):
        # Everything that was sent may be known, but what people said in the last minute may still be lost.
        return DatabaseWasMoved(
            f"This is not the database that letters were last sent from: {changed}. "
            "It was recovered, restored or moved.",
            f"Was it put back to an earlier moment, by however little? {_TO_DO} {_IF_NOT}",
            _place(),
        )
    if (sign := how_it_may_be_a_copy(marked, database, where, alive)) is not None:
        return MayBeACopy(
            f"{sign} Database and marker may be a copy, and letters may have been sent since that neither knows of.",
            f"Is another copy at work, or was this machine put back to an earlier moment? {_TO_DO} {_IF_NOT}",
            _place(),
        )
    return _quiet(database, simulated=simulated)


def how_it_may_be_a_copy(marked: Marked, database: Database, where: Here, alive: Collection[str]) -> str | None:
    """The sign that database and marker were copied together, or None. What was stopped cleanly and then copied to a
    machine with the same ids shows no sign (ADR 28)."""
    lines = marked.lines
    if marked.header.place not in ("", where.place):
        return "The marker of what was sent is not the file that workers wrote to last, but a copy of it."
    if any(line.boot == HALTED for line in lines):
        return "While a worker ran, the clock jumped by minutes, as when a snapshot of a running machine goes on."
    if any(line.boot == where.boot != "" and line.device not in ("", where.device) for line in lines):
        return "The marker of what was sent is on another disk."
    if alive and database.moved_at is not None and database.now - database.moved_at <= FRESH:
        # It works on this running server, and the two halves agree: a machine that is new was added, and one that
        # crashed was not put back with the database.
        return None
    if any(not (line.ended or line.worker in alive) and line.boot not in ("", where.boot) for line in lines):
        return "The machine was started again, and the last worker on it did not end normally."
    known = [line.machine for line in lines if line.machine]
    if known and all(is_another(machine, where.machine) for machine in known):
        return "This is another machine, and no worker is at work on those that are known."
    return None


def what_changed(before: str, now: str) -> str:
    """How two identities of `_STATE` differ, in words, or empty if they do not."""
    if before == now:
        return ""
    pairs = list(zip_longest(before.split(), now.split(), _IDENTITY, fillvalue="something else"))
    return "another " + " and another ".join(name for one, other, name in pairs if one != other)


def _without_one_half(marked: Marked | None, database: Database, *, simulated: bool) -> EveryfamilyError | None:
    if marked is None and database.has_sent:
        return MarkerIsMissing(
            "The database has sent letters, and the marker of what was sent is not there.", _NOT_KNOWN, _place()
        )
    if marked is not None and (marked.header.has_sent or any(line.ledger for line in marked.lines)):
        return _is_older(database)
    return _quiet(database, simulated=simulated)


def _is_older(database: Database) -> DatabaseIsOlder:
    last = (
        f" Its newest sign of life is of {database.moved_at:%-d %B %Y, %H:%M} UTC." if database.moved_at else ""
    )
    if database.moved_at is None:
        return DatabaseIsOlder(
            "Letters have been sent that this database does not know of, and no worker has ever used it: it is another "
            "or a new one, or was put back.",
            "Give a new database a separate EVERYFAMILY_OUTBOX. If it was put back, say so first; "
            "docs/howto/back-up-and-restore.md says what else.",
            _place(),
        )
    return DatabaseIsOlder(
        f"Letters have been sent that this database does not know of: it was put back to an earlier moment.{last}",
        "Say so before anything is sent; docs/howto/back-up-and-restore.md says what else.",
        _place(),
    )


def _quiet(database: Database, *, simulated: bool) -> EveryfamilyError | None:
    if not database.is_open or database.moved_at is None or simulated:
        return None
    if database.now - database.moved_at <= QUIET:
        return None
    return TooLongWithoutWorkers(
        f"No worker has given a sign of life since {database.moved_at:%-d %B %Y, %H:%M} UTC, and a mailing is open.",
        f"Was the database, or this machine, put back to an earlier moment? {_TO_DO} {_IF_NOT}",
    )


def _place() -> SourceLocation:
    return SourceLocation(str(marker_path()))


def _unknown_claims(lines: Sequence[Line], known: Mapping[int, int]) -> bool:
    """Whether a worker claimed a message that the database does not know about."""
    return any(known.get(line.ledger, -1) < line.tries for line in lines if line.ledger)


def database_now() -> Database:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        epoch, moved_at, now, identity, has_sent, is_open = cursor.fetchone()
    return Database(epoch, moved_at, now, identity, has_sent, is_open)


_STATE = """
SELECT m.epoch, m.moved_at, clock_timestamp(),
  concat_ws(' ', (SELECT system_identifier FROM pg_control_system()),
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
    (SELECT oid FROM pg_database WHERE datname = current_database()), 'mailings_ledgerentry'::regclass::oid),
  EXISTS (SELECT 1 FROM mailings_ledgerentry WHERE tries > 0),
  EXISTS (SELECT 1 FROM mailings_mailing WHERE state IN ('open', 'paused'))
FROM (SELECT 1) one LEFT JOIN mailings_sentmarker m ON m.id = 1
"""
"""With which database it is, in the order of `_IDENTITY`. A recovery or failover begins another timeline, and a
restored dump makes the ledger again."""
_IDENTITY = ("cluster", "timeline", "database", "table of messages")
