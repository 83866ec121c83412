"""Reads of the whole area, as the planner: every school's ids, states, flags and counts, but no values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connections, transaction

from everyfamily.people.database.access import require_across
from everyfamily.people.database.long_statements import allow_long_statements


def read_as_planner(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one query, in its own transaction. Raises SchoolNotYours for a page about one school."""
    require_across()
    with transaction.atomic(using="planner"), connections["planner"].cursor() as cursor:
        # Every read here covers the whole area. Rolls are newer than their statistics, and a loop planned for ten rows
        # took minutes for 100,000.
        cursor.execute("SET LOCAL enable_nestloop = off")
        allow_long_statements("planner")
        cursor.execute(sql, values)
        return list(cursor.fetchall())
