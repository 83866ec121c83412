"""Emptying a test's database, the audit trail too, which refuses it to everybody else."""

from __future__ import annotations

from typing import Any

_REFUSING = ("audit_auditevent", "audit_auditlink")


def empty_every_table(owner: Any) -> None:
    """Empty all tables but the record of migrations; `owner` is a cursor of the tables' owner.

    A table whose file has no byte has had no row since it was last emptied: most have none, and emptying them takes
    longer than most tests.
    The trigger that refuses it is taken off and put back in one transaction.
    """
    owner.execute(
        "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
        "WHERE schemaname = 'public' AND tablename <> 'django_migrations' "
        "AND pg_relation_size(format('%I.%I', schemaname, tablename)::regclass) > 0"
    )
    tables = owner.fetchone()[0]
    if tables is None:
        return
    owner.execute("BEGIN")
    for table in _REFUSING:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_never_emptied")
    owner.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    for table in _REFUSING:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_never_emptied")
    owner.execute("COMMIT")
