"""Whether a database has only invented schools; asked before Django is set up."""

from __future__ import annotations

from typing import Any

import psycopg


def holds_only_invented_schools(connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
    """Whether the table of schools is there, and the demo made every school in it."""
    if connection.execute("SELECT to_regclass('public.people_school')").fetchone() == (None,):
        return False
    real = connection.execute("SELECT EXISTS (SELECT 1 FROM people_school WHERE NOT demonstration)").fetchone()
    return real == (False,)
