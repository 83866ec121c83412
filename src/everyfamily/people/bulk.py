"""Many rows at once: COPY into a staging table, then one INSERT.

COPY straight into a table with row security is refused by PostgreSQL, so rows are staged first; the INSERT passes
the policies like any other. About four times as fast as building the rows as objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from psycopg import sql


def insert_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows into `table` inside the caller's transaction; values stand in the order of `columns`."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    target, stage = sql.Identifier(table), sql.Identifier(f"stage_{table}")
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA").format(
                stage, names, target
            )
        )
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(stage, names)) as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(target, names, names, stage))
        cursor.execute(sql.SQL("DROP TABLE {}").format(stage))
