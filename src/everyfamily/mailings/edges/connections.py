"""The connections to the database that a worker needs, counted before it starts."""

from __future__ import annotations

from django.db import connection

from everyfamily.core.errors import TRY_AGAIN, EveryfamilyError

NEEDED = 4
"""For one worker. It keeps three: its work, its sign of life and the work engine. One more, for its plans (as the
planner), is open for a moment each minute."""


class TooFewConnections(EveryfamilyError):
    """The database server has fewer connections left than a worker needs."""

    code = "EF580"
    exits_with = TRY_AGAIN


def require_connections() -> None:
    """Raise TooFewConnections unless a worker gets all it needs. A worker with only some of them would begin schools
    that it cannot finish.

    Several workers that start in the same second may all see the same connections as free. What one of them then lacks
    is tried again.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        left, most = cursor.fetchone()
    # This one is given back before the worker opens its own.
    left += 1
    if left < NEEDED:
        raise TooFewConnections(
            f"A worker needs {NEEDED} connections to the database, and {left} of {most} are free.",
            "Run fewer workers, or raise the limit (docs/howto/run-the-workers.md).",
        )


# Nobody else can use what the server keeps back for its administrators. A role or a database may have its own limit.
_LEFT = """
WITH used AS (
  SELECT count(*) AS everywhere, count(*) FILTER (WHERE datname = current_database()) AS here,
    count(*) FILTER (WHERE usename = current_user) AS ours
  FROM pg_stat_activity WHERE usesysid IS NOT NULL AND datid IS NOT NULL),
limits (most, taken) AS (
  SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(nullif(current_setting('reserved_connections', true), ''), '0')::int, everywhere FROM used
  UNION ALL SELECT datconnlimit, here FROM pg_database, used WHERE datname = current_database() AND datconnlimit >= 0
  UNION ALL SELECT rolconnlimit, ours FROM pg_roles, used WHERE rolname = current_user AND rolconnlimit >= 0)
SELECT greatest(most - taken, 0)::int, most FROM limits ORDER BY most - taken LIMIT 1
"""
