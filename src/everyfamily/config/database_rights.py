"""Who may connect to the database: its own roles, and not everybody on the server.

PostgreSQL lets everybody connect to a new database. A dump that is put back makes a new one, so what was taken away at
the first set-up has to be looked at again at each start.
"""

from __future__ import annotations

import sys

from django.db import DatabaseError, OperationalError, connections, transaction
from psycopg import sql

from everyfamily.audit.security_events import refused
from everyfamily.core.errors import EveryfamilyError
from everyfamily.embedded.roles import Role

_OPEN = (
    "SELECT current_database(), has_database_privilege('public', current_database(), 'CONNECT') "
    "OR has_database_privilege('public', current_database(), 'TEMPORARY')"
)


class DatabaseOpenToAll(EveryfamilyError):
    """Every role of the server may connect to the database, and we may not change that."""

    code = "EF422"


def close_to_others(*, then_hang_up: bool) -> None:
    """Take from everybody what only the database's own roles need, if it is not taken yet.

    Where the owner of the tables may not (the database belongs to somebody else), says so in the log and on standard
    error and goes on: stopping a mailing must not wait for an administrator.
    """
    owner = connections["owner"]
    try:
        with owner.cursor() as cursor:
            cursor.execute(_OPEN)
            database, is_open = cursor.fetchone()
            if is_open:
                _close(database)
                cursor.execute(_OPEN)
                _, still_open = cursor.fetchone()
                if still_open:
                    _say(database)
                else:
                    refused("database-was-open-to-all", closed="yes")
    except OperationalError:
        # A worker does without the owner; the next command that brings the tables up to date looks.
        if not then_hang_up:
            raise
        refused("database-rights-not-seen")
    finally:
        if then_hang_up:
            owner.close()


def _close(database: str) -> None:
    """In one transaction, so that no role of ours is shut out for a moment."""
    name, app, planner = sql.Identifier(database), sql.Identifier(Role.APP), sql.Identifier(Role.PLANNER)
    statements = (
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, app),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, planner),
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
    )
    try:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            # Two that start at once: PostgreSQL refuses the second, and it would say what is not so.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('everyfamily database rights', 0))")
            for statement in statements:
                cursor.execute(statement)
    except DatabaseError:
        return  # Seen when it is looked at again.


def _say(database: str) -> None:
    problem = DatabaseOpenToAll(
        "Every role of this PostgreSQL server may connect to the database, and its tables' owner may not change that.",
        f'As a superuser: ALTER DATABASE "{database}" OWNER TO {Role.OWNER}; then start again.',
    )
    refused("database-open-to-all", code=problem.code)
    sys.stderr.write(f"{problem.code}: {problem.fact}\n  {problem.fix}\n")
