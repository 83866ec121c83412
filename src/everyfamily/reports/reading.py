"""Reads of the whole area, as the planner: ids, states, flags and counts of every school, values of none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connections, transaction

from everyfamily.people.database.long_statements import allow_long_statements


def read_as_planner(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of one query, in a transaction of its own."""
    with transaction.atomic(using="planner"), connections["planner"].cursor() as cursor:
        # Every read here is of the whole area. Rolls are younger than their statistics, and a loop over what looks like
        # ten rows took minutes for 100,000.
        cursor.execute("SET LOCAL enable_nestloop = off")
        allow_long_statements("planner")
        cursor.execute(sql, values)
        return list(cursor.fetchall())
