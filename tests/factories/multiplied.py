"""Ten times the rows, copied in the database, to see what a page costs then."""

from __future__ import annotations

from collections.abc import Mapping

from tests.factories.the_server import superuser

FAR = 100_000
"""Row numbers of one copy are so far from those of the next."""


def multiply(tables: Mapping[str, Mapping[str, str]], times: int) -> None:
    """Copy every row of these tables until there are `times` as many: table -> column -> SQL of its value in the copy,
    in which `n` is the number of the copy. A column "shift" stands for row numbers, of this table and of another that
    is copied too."""
    with superuser().transaction():
        superuser().execute("SET LOCAL session_replication_role = replica")
        for table, changed in tables.items():
            found = superuser().execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
                [table],
            )
            names = [name for (name,) in found]
            values = [
                f"{name} + n * {FAR}" if name == "id" or changed.get(name) == "shift" else changed.get(name, name)
                for name in names
            ]
            quoted = ", ".join(f'"{name}"' for name in names)
            superuser().execute(
                f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} FROM {table}, generate_series(1, %s) AS n",
                [times - 1],
            )
