"""Why the database refused something, in a sentence and with a next step.

Recognised by PostgreSQL's own codes, and without importing the driver, because most commands never load it.
"""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.core.errors import TRY_AGAIN, EveryfamilyError

_SHORT_OF_CONNECTIONS = ("too many clients", "too many connections", "connection slots are reserved")
"""Words of the server when it refuses a connection, because at that point there is no code yet."""


class NoConnectionLeft(EveryfamilyError):
    """The database server has no connection left."""

    code = "EF588"
    exits_with = TRY_AGAIN


class DatabaseDoesNotAnswer(EveryfamilyError):
    """The database server cannot be reached, or has ended the connection."""

    code = "EF581"
    exits_with = TRY_AGAIN


class NotYet(EveryfamilyError):
    """Somebody else holds something that the command needs."""

    code = "EF584"
    exits_with = TRY_AGAIN


class TookTooLong(EveryfamilyError):
    """At its time limit, the database ended a statement or an idle transaction."""

    code = "EF585"
    exits_with = TRY_AGAIN


def trouble_of(problem: BaseException) -> EveryfamilyError | None:
    """The error that a person is shown for what the database driver raised, or None for anything else."""
    for one in _causes(problem):
        if type(one).__module__.split(".")[0] in ("psycopg", "psycopg_pool"):
            return _said(getattr(one, "sqlstate", None) or "", str(one), type(one).__name__)
    return None


def _causes(problem: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = problem
    for _ in range(8):
        if one is None:
            return
        yield one
        one = one.__cause__ or one.__context__


def _said(code: str, words: str, name: str) -> EveryfamilyError | None:
    if code == "53300" or (not code and any(one in words for one in _SHORT_OF_CONNECTIONS)):
        return NoConnectionLeft(
            "The database server has no connection left.",
            "Run fewer workers, or raise its limit (docs/howto/run-the-workers.md). Try again in a minute.",
        )
    if code == "55P03":
        return NotYet(
            "This cannot be done yet, because something else is writing what it needs: an import, a worker "
            "or a change of keys.",
            "Unfinished work is undone. Try again in a minute. docs/howto/run-the-workers.md says how to "
            "see what it is.",
        )
    if code in ("57014", "25P03"):
        return TookTooLong(
            "The database ended this, because it took longer than its time limit.",
            "Unfinished work is undone. Try again at a quieter time (docs/howto/use-your-own-postgresql.md "
            "lists the limits).",
        )
    if code[:2] == "08" or code in ("57P01", "57P02", "57P03") or (not code and name in _OF_CONNECTIONS):
        return DatabaseDoesNotAnswer(
            "The database does not answer, or has ended the connection.",
            "Check that it runs and that its address is right, and try again.",
        )
    return None


_OF_CONNECTIONS = ("OperationalError", "InterfaceError", "ConnectionTimeout", "PoolTimeout")
