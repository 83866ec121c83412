"""Statements whose plan is made once a connection and kept: planning them takes longer than all the rest.

A plan is made for the tables as they are then, and a new school's are nearly empty. So only what goes from row to row
by ids is kept, and it is planned without anything that reads a whole table: that stays right however much comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection

_PLAN_BY_IDS = """
SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
  set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
"""


def rows_of_kept(statement: str, values: Mapping[str, object]) -> list[Any]:
    """Run a statement by a plan that is made once and kept."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(statement, values, prepare=True).fetchall()


def plan_by_ids() -> None:
    """Until the transaction ends whatever is planned goes by ids, whoever it is planned for."""
    with connection.cursor() as cursor:
        cursor.execute(_PLAN_BY_IDS)
