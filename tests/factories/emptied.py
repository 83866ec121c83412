"""Emptying a test's database, the audit trail too, which refuses it to everybody else."""

from __future__ import annotations

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo
from psycopg.pq import TransactionStatus

from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import SUPERUSER, Role, load_passwords


def superuser_of(server: Server) -> psycopg.Connection:
    """A connection that may empty everything."""
    password = load_passwords(server.folders.passwords, database_exists=True)[SUPERUSER]
    return psycopg.connect(
        make_conninfo(server.dsn(Role.OWNER), user=SUPERUSER, password=password), autocommit=True
    )


def empty_every_table(superuser: psycopg.Connection) -> None:
    """Empty all tables but the record of migrations; the numbers begin at 1 again.

    Rows go, not files, and no trigger is asked: TRUNCATE makes new files for each table, index and sequence, which took
    ten times as long, and longer than most tests. A table whose file has no byte never had a row.
    """
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        tables = superuser.execute(
            "SELECT quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> 'django_migrations' "
            "AND pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0"
        ).fetchall()
        if tables:
            superuser.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables))
        superuser.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
            "FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )


def make_as_new(connection: BaseDatabaseWrapper) -> None:
    """Let nothing of a test stay in its connection; one that was cut, or is within a transaction, is closed.

    A new one would read the whole catalogue again, which took 20 ms a test.
    """
    if connection.connection is None:
        return
    # All of DISCARD ALL but DEALLOCATE ALL: psycopg would not know that its prepared statements are gone.
    try:
        if connection.connection.info.transaction_status != TransactionStatus.IDLE:
            raise psycopg.OperationalError
        connection.connection.execute(
            "CLOSE ALL; RESET SESSION AUTHORIZATION; RESET ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); "
            "DISCARD TEMP; DISCARD SEQUENCES"
        )
    except psycopg.Error:
        connection.close()
