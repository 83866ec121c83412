"""Emptying a test's database, the audit trail too, which refuses it to everybody else."""

from __future__ import annotations

from typing import Any

_REFUSING = ("audit_auditevent", "audit_auditlink")


def empty_every_table(owner: Any) -> None:
    """Empty all tables but the record of migrations; `owner` is a cursor of the tables' owner.

    The trigger that refuses it is taken off and put back in one transaction.
    """
    owner.execute(
        "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
        "WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
    )
    tables = owner.fetchone()[0]
    owner.execute("BEGIN")
    for table in _REFUSING:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_never_emptied")
    owner.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    for table in _REFUSING:
        owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER audit_never_emptied")
    owner.execute("COMMIT")
