"""How long the database lets each role's statements run, wait and be idle, so that nothing waits for ever.

They are set on every connection that the program opens (config/databases.py). The embedded server's roles also have
them as their default, and your own server can (docs/howto/use-your-own-postgresql.md). Then they also apply to anyone
else who signs in as one of these roles.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from everyfamily_postgres.roles import Role

_LOCK = "20s"
"""A person who waits longer thinks that it hangs."""

TIME_LIMITS: Mapping[Role, Mapping[str, str]] = {
    # A migration may rewrite a whole table.
    Role.OWNER: {
        "statement_timeout": "30min",
        "lock_timeout": _LOCK,
        "idle_in_transaction_session_timeout": "5min",
    },
    # What is meant to take longer says so (long_statements.py). Sealing a large roll takes a while between two
    # statements.
    Role.APP: {"statement_timeout": "2min", "lock_timeout": _LOCK, "idle_in_transaction_session_timeout": "5min"},
    Role.PLANNER: {
        "statement_timeout": "2min",
        "lock_timeout": _LOCK,
        "idle_in_transaction_session_timeout": "1min",
    },
}
"""By role and setting, as PostgreSQL writes them."""


def set_time_limits(connection: psycopg.Connection) -> None:
    """Make the limits the roles' defaults, where they are not. `connection` is the superuser's, autocommit."""
    rows = connection.execute(
        "SELECT r.rolname, s.setconfig FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole "
        "WHERE s.setdatabase = 0"
    )
    kept = {name: set(config) for name, config in rows.fetchall()}
    for role, limits in TIME_LIMITS.items():
        for name, value in limits.items():
            if f"{name}={value}" not in kept.get(role, ()):
                statement = sql.SQL("ALTER ROLE {} SET {} = {}")
                connection.execute(
                    statement.format(sql.Identifier(role), sql.Identifier(name), sql.Literal(value))
                )


def as_options(role: Role) -> str:
    """The role's limits as libpq's `options`."""
    return " ".join(f"-c {name}={value}" for name, value in TIME_LIMITS[role].items())
