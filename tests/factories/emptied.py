"""Emptying a test's database, the audit trail too, which refuses it to everybody else."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import make_conninfo

from everyfamily.embedded import Role, Server
from everyfamily.embedded.roles import SUPERUSER, load_passwords


def empty_every_table(server: Server) -> None:
    """Empty all tables but the record of migrations; the numbers begin at 1 again.

    Done by the superuser with every trigger off, rows and not files: TRUNCATE makes new files for each table, index and
    sequence, which took ten times as long, and longer than most tests. A table whose file has no byte never had a row.
    """
    with psycopg.connect(_superuser(server)) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        tables = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables "
            "WHERE schemaname = 'public' AND tablename <> 'django_migrations' "
            "AND pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0"
        ).fetchall()
        if tables:
            connection.execute("; ".join(f"DELETE FROM {table}" for (table,) in tables))
        connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) "
            "FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
        )


def _superuser(server: Server) -> str:
    password = load_passwords(server.folders.passwords, database_exists=True)[SUPERUSER]
    return make_conninfo(server.dsn(Role.OWNER), user=SUPERUSER, password=password)
