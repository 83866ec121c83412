"""What row-level security costs on the queries that plan a mailing and account for it.

A city in the database (ARGS="SCHOOLS", default 189, with 366 children and 630 adults each). Each query runs with row
security on, as it always is, and off, in turn, on the same rows, over the same connection; the median of the rounds
counts. Aim: under 10 %.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

CHILDREN, ADULTS, ROUNDS = 366, 630, 15
TABLES = ("people_pupil", "people_parent", "people_care", "people_contactpoint", "mailings_delivery")

_FILL = """
WITH child AS (
  INSERT INTO people_pupil (school_id, id_hash, id_encrypted, year_group, class_name, on_roll_from)
  SELECT %(school)s, sha256(('p' || n)::bytea), '\\x00', (n %% 7)::text, (n %% 14)::text, '2026-09-01'
  FROM generate_series(0, %(children)s - 1) n RETURNING id),
numbered AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM child),
adult AS (
  INSERT INTO people_parent (school_id, identity_hash, name, language, format, prefers, alike_keys)
  SELECT %(school)s, sha256(('a' || n)::bytea), '\\x00', 'en', 'standard', '',
    substring(sha256(('a' || n)::bytea) FOR 16)
  FROM generate_series(0, %(adults)s - 1) n RETURNING id),
named AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM adult),
contact AS (
  INSERT INTO people_contactpoint
    (school_id, parent_id, channel, value, value_hash, status, status_reason, near_key,
     closing_keys)
  SELECT %(school)s, id, channel, '\\x00', sha256((channel || n)::bytea), 'usable', '',
    substring(sha256((channel || n)::bytea) FOR 16), substring(sha256((channel || n)::bytea) FOR 16)
  FROM named, unnest(ARRAY['email', 'text']) channel),
delivery AS (
  INSERT INTO mailings_delivery (school_id, mailing_id, parent_id, state, planned_at)
  SELECT %(school)s, %(mailing)s, id, (ARRAY['reached', 'accepted', 'failed'])[1 + n %% 3], now() FROM named)
INSERT INTO people_care
  (school_id, parent_id, pupil_id, relationship, parental_responsibility, has_care, restriction)
SELECT %(school)s, named.id, numbered.id, 'mother', 'yes', 'yes',
  CASE WHEN named.n %% 50 = 0 THEN 'hold' ELSE 'none' END
FROM named JOIN numbered ON numbered.n = named.n %% %(children)s
"""


@contextmanager
def filled_city(schools: int) -> Iterator[tuple[int, list[int]]]:
    """A fresh embedded server with a city on it; yields the mailing's id and the schools' ids."""
    from tests.integration import conftest

    fixture = conftest.database_server.__wrapped__()  # type: ignore[attr-defined]
    next(fixture)
    folder = Path(tempfile.mkdtemp())
    try:
        from django.conf import settings
        from django.db import connection, connections

        from everyfamily.people.database.tenancy import tenant
        from tests.factories.city import City

        settings.EVERYFAMILY_OUTBOX = folder / "outbox"
        city = City(folder)
        for urn in range(900001, 900001 + schools):
            city.school(urn, attests=False)
        mailing = city.open()
        for school in city.schools.values():
            with tenant(school), connection.cursor() as cursor:
                cursor.execute(
                    _FILL, {"school": school, "mailing": mailing, "children": CHILDREN, "adults": ADULTS}
                )
        with connections["owner"].cursor() as owner:
            owner.execute("UPDATE mailings_mailingschool SET state = 'sending'")
            owner.execute("ANALYZE")
        yield mailing, list(city.schools.values())
    finally:
        next(fixture, None)
        shutil.rmtree(folder, ignore_errors=True)


def row_security(state: str) -> None:
    """Switch row security of every table on the way ON or OFF."""
    from django.db import connections

    verb = {"on": "ENABLE", "off": "DISABLE"}[state]
    with connections["owner"].cursor() as owner:
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} {verb} ROW LEVEL SECURITY")


def coverage(mailing: int) -> Callable[[], None]:
    """The one query that makes a child's outcome for the whole city, as the planner."""

    def run() -> None:
        from everyfamily.reports.facts import CITY
        from everyfamily.reports.queries import account_of
        from everyfamily.reports.reading import read_as_planner

        read_as_planner(CITY, account_of(mailing).values(datetime.now(UTC)))

    return run


def planning(schools: list[int]) -> Callable[[], None]:
    """Who may have the letter, school by school, as the app role."""

    def run() -> None:
        from django.db import connection

        from everyfamily.mailings.actions.planning.planning import ADULTS as GATHERED
        from everyfamily.people.database.tenancy import tenant

        for school in schools:
            with tenant(school), connection.cursor() as cursor:
                cursor.execute(f"SELECT count(*) FROM ({GATHERED}) adults WHERE may_have_it", {"school": school})

    return run


def measure(run: Callable[[], None]) -> dict[str, float]:
    """Median seconds with row security on and off, in turn."""
    times: dict[str, list[float]] = {"on": [], "off": []}
    for _ in range(ROUNDS):
        for state, found in times.items():
            row_security(state)
            run()  # the first run after the switch plans again
            started = time.perf_counter()
            run()
            found.append(time.perf_counter() - started)
    row_security("on")
    return {state: statistics.median(found) for state, found in times.items()}


def main() -> None:
    """Print a table of both queries."""
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else 189
    with filled_city(schools) as (mailing, ids):
        print(f"{schools} schools, {schools * CHILDREN:,} children, {schools * ADULTS:,} adults")
        for name, run in (("coverage, whole city", coverage(mailing)), ("planning, each school", planning(ids))):
            found = measure(run)
            cost = found["on"] / found["off"] - 1
            print(f"{name:24} on {found['on'] * 1000:8.1f} ms   off {found['off'] * 1000:8.1f} ms   {cost:+.1%}")


if __name__ == "__main__":
    main()
