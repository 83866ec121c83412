"""The few pieces of work with statements that may take longer than two minutes (time_limits.py)."""

from __future__ import annotations

from django.db import connections

LONGEST = "30min"


def allow_long_statements(using: str = "default") -> None:
    """For the rest of the current transaction: a whole school's plan or roll, or the account of the whole area."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
