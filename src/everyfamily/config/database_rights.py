"""Who may connect to the database: only its own roles, not everybody on the server.

PostgreSQL lets everybody connect to a new database. Restoring a dump makes a new one, so each start must check again
that this right was taken away.
"""

from __future__ import annotations

import sys

from django.db import DatabaseError, OperationalError, connections, transaction
from psycopg import sql

from everyfamily.audit.security_events import refused
from everyfamily.core.errors import EveryfamilyError
from everyfamily_postgres.roles import Role

_OPEN = (
    "SELECT current_database(), has_database_privilege('public', current_database(), 'CONNECT') "
    "OR has_database_privilege('public', current_database(), 'TEMPORARY')"
)


class DatabaseOpenToAll(EveryfamilyError):
    """Every role on the server may connect to the database, and we may not change that."""

    code = "EF422"


def close_to_others(*, then_hang_up: bool) -> None:
    """Take away from everybody what only the database's own roles need, if it is not taken away yet.

    If the owner of the tables may not do that (the database belongs to somebody else), this says so in the log and on
    standard error, and continues: stopping a mailing must not wait for an administrator.
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
        # A worker does without the owner. The next command that brings the tables up to date checks.
        if not then_hang_up:
            raise
        refused("database-rights-not-seen")
    finally:
        if then_hang_up:
            owner.close()


def say_if_open_to_others() -> None:
    """For a process without the owner's address: say it in the log. The next command that has it closes it."""
    with connections["default"].cursor() as cursor:
        cursor.execute(_OPEN)
        if cursor.fetchone()[1]:
            refused("database-open-to-all", code=DatabaseOpenToAll.code)


def _close(database: str) -> None:
    """In one transaction, so that no role of ours is shut out even for a moment."""
    name, app, planner = sql.Identifier(database), sql.Identifier(Role.APP), sql.Identifier(Role.PLANNER)
    statements = (
        sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(name, app),
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, planner),
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name),
    )
    try:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            # If two start at once, PostgreSQL refuses the second, whose message would be wrong.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('everyfamily database rights', 0))")
            for statement in statements:
                cursor.execute(statement)
    except DatabaseError:
        return  # The next check will see it.


def _say(database: str) -> None:
    problem = DatabaseOpenToAll(
        "Every role of this PostgreSQL server may connect to the database, and its tables' owner may not change that.",
        f'As a superuser: ALTER DATABASE "{database}" OWNER TO {Role.OWNER}; then start again.',
    )
    refused("database-open-to-all", code=problem.code)
    sys.stderr.write(f"{problem.code}: {problem.fact}\n  {problem.fix}\n")
