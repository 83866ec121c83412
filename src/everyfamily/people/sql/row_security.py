"""The SQL that keeps a school's people to that school. Written for migrations; the database enforces it.

The app role reads and writes rows of the school that the transaction has set. With none set, it reads nothing. The
planner role reads the named columns of every school. The owner is restricted too (FORCE), although it owns the tables.
It has no policy, so it migrates and reads nothing. This does not stop SQL that sets another school. It stops a
forgotten filter, not an injection.
"""

from __future__ import annotations

from collections.abc import Sequence

APP = "everyfamily_app"
PLANNER = "everyfamily_planner"
SETTING = "everyfamily.school"

# NULLIF, because after a transaction ends the setting is '' and not NULL. The sub-select is computed once for each
# query, not for each row (measured: 44 ms against 118 ms over a million rows).
_MINE = f"school_id = (SELECT NULLIF(current_setting('{SETTING}', true), '')::bigint)"


def keep_to_school(
    table: str, *, planner_reads: Sequence[str] = (), app_may: str = "SELECT, INSERT, UPDATE, DELETE"
) -> str:
    """Row security, its two policies and the grants of one table."""
    lines = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;",
        f"CREATE POLICY of_school ON {table} TO {APP} USING ({_MINE}) WITH CHECK ({_MINE});",
        f"GRANT {app_may} ON {table} TO {APP};",
    ]
    if planner_reads:
        lines += [
            f"CREATE POLICY planner ON {table} FOR SELECT TO {PLANNER} USING (true);",
            f"GRANT SELECT ({', '.join(planner_reads)}) ON {table} TO {PLANNER};",
        ]
    return "\n".join(lines)


def same_school(table: str, column: str, target: str) -> str:
    """A foreign key that cannot point into another school, because it includes the school."""
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_school "
        f"FOREIGN KEY (school_id, {column}) REFERENCES {target} (school_id, id) ON DELETE CASCADE "
        "DEFERRABLE INITIALLY DEFERRED;"
    )


def shared(table: str, *, app_may: str = "SELECT, INSERT, UPDATE", planner_may: str = "SELECT") -> str:
    """Grants of a table with no school's people in it."""
    return f"GRANT {app_may} ON {table} TO {APP};\nGRANT {planner_may} ON {table} TO {PLANNER};"
