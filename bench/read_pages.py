"""One page of a school's attempts: what PostgreSQL pays for it, as it was read before and as it is read now.

ARGS="ADULTS..." (default 750 2000 6000: adults of the school, each with one email address; one in fifty may not have
the letter). Three forms of the statement, in turn, on the same rows and over the same connection: all joins at once, as
until 27 November; the page first, and then every closed way of the school, as until 29 November; and the page first,
then what belongs to its rows, by a plan that is kept, as it is (actions/sending). A school is read when it is so new
that the statistics do not know it, and again after ANALYZE. Counted is the processor time of the server's process, not
the clock's, so neighbours disturb it little; planning is part of it. The forms must give the same rows.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bench import plan_deliveries  # noqa: E402

SIZES = (750, 2000, 6000)
KNOWN, OF_KNOWN = 4, 300
"""Schools that the statistics know, and adults of each."""
ROUNDS, TIMES = 5, 10
"""The median of so many rounds counts, of so many pages each."""

_CLOSED = """
(coalesce(t.contact_point_id, 0) IN (
  SELECT w.id FROM people_way w WHERE w.school_id = %(school)s AND w.is_closed)
OR t.option_key IN (
  SELECT 'pupil:' || p.id FROM people_child p WHERE p.school_id = %(school)s AND NOT p.is_here)
OR t.option_key IN (SELECT 'pupil:' || b.pupil_id FROM people_closed_bag b WHERE b.school_id = %(school)s))
"""
_COLUMNS = """
t.id, t.ledger_id, l.reference::text, t.channel, t.contact_point_id, c.value, a.id AS parent, a.name,
  a.language, a.format, p.id AS pupil, p.id_encrypted, p.class_name, l.tries
"""
_AT_ONCE = f"""
SELECT {_COLUMNS}
FROM mailings_attempt t
JOIN mailings_ledgerentry l ON l.id = t.ledger_id
JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
JOIN people_adult a ON a.school_id = d.school_id AND a.id = d.parent_id
LEFT JOIN people_known_way c ON c.school_id = t.school_id AND c.id = t.contact_point_id
LEFT JOIN people_child p ON p.school_id = t.school_id
  AND p.id = CASE WHEN starts_with(t.option_key, 'pupil:') THEN split_part(t.option_key, ':', 2)::bigint END
WHERE d.mailing_id = %(mailing)s AND t.school_id = %(school)s AND t.status = 'created' AND d.state <> 'stopped'
  AND l.status IN ('created', 'refused') AND t.id > %(after)s
  AND (c.id IS NULL OR c.is_usable)
  AND (p.id IS NULL OR p.id_encrypted IS NOT NULL) AND (t.channel <> 'post' OR a.name IS NOT NULL)
  AND NOT {_CLOSED}
ORDER BY t.id LIMIT %(page)s
"""
_WHOLE_SCHOOL = f"""
WITH page AS MATERIALIZED (
  SELECT t.id, t.ledger_id, t.delivery_id, t.channel, t.contact_point_id, t.option_key,
    CASE WHEN starts_with(t.option_key, 'pupil:') THEN split_part(t.option_key, ':', 2)::bigint END AS pupil_id
  FROM mailings_attempt t
  WHERE t.school_id = %(school)s AND t.status = 'created' AND t.id > %(after)s
  ORDER BY t.id LIMIT %(page)s),
ready AS (
  SELECT {_COLUMNS}
  FROM page t
  JOIN mailings_ledgerentry l ON l.id = t.ledger_id
  JOIN mailings_delivery d ON d.id = t.delivery_id
  JOIN people_adult a ON a.id = d.parent_id
  LEFT JOIN people_known_way c ON c.id = t.contact_point_id
  LEFT JOIN people_child p ON p.id = t.pupil_id
  WHERE d.mailing_id IS NOT DISTINCT FROM %(mailing)s AND d.state <> 'stopped' AND l.status IN ('created', 'refused')
    AND (c.id IS NULL OR c.is_usable)
    AND (p.id IS NULL OR p.id_encrypted IS NOT NULL) AND (t.channel <> 'post' OR a.name IS NOT NULL)
    AND NOT {_CLOSED})
SELECT last.id, ready.* FROM (SELECT max(id) AS id FROM page) last LEFT JOIN ready ON true ORDER BY ready.id
"""


def main() -> None:
    """Fill a fresh server for each size, and print what a page takes."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    print("Milliseconds of PostgreSQL's processor time a page of 200 (median of rounds).")
    print(f"{'adults':>8}  {'statistics':<12}{'joins at once':>15}{'whole school':>15}{'as it is':>15}")
    for adults in sizes:
        with city_of(adults) as (mailing, school, analyze):
            for known in (False, True):
                if known:
                    analyze()
                once, whole, now = costs(mailing, school)
                words = "know it" if known else "do not"
                print(f"{adults:>8}  {words:<12}{once:>15.1f}{whole:>15.1f}{now:>15.1f}", flush=True)


@contextmanager
def city_of(adults: int) -> Iterator[tuple[int, int, Callable[[], None]]]:
    """A mailing, a new school of it that is decided and not sent, and how to tell the statistics of it."""
    from tests.integration import conftest

    conftest.SMALL["autovacuum"] = "off"
    fixture = conftest.database_server.__wrapped__()  # type: ignore[attr-defined]
    next(fixture)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        from django.conf import settings
        from django.db import connection, connections

        from everyfamily.mailings.actions.planning.planning import begin_wave
        from everyfamily.mailings.actions.sending.deciding import PAGE, decide_page
        from everyfamily.people.database.tenancy import tenant
        from tests.factories.city import NOW, City

        def analyze() -> None:
            with connections["owner"].cursor() as owner:
                owner.execute("ANALYZE")

        settings.EVERYFAMILY_OUTBOX = folder / "outbox"
        city = City(folder)
        for number in range(KNOWN + 1):
            city.school(100001 + number)
        city.open()
        for number, school in enumerate(city.schools.values()):
            is_new = number == KNOWN
            plan_deliveries.ADULTS = adults if is_new else OF_KNOWN
            if is_new:
                analyze()
            plan_deliveries.fill(school, number * 10_000)
            with tenant(school), connection.cursor() as cursor:
                cursor.execute("UPDATE people_care SET restriction = 'hold' WHERE mod(parent_id, 50) = 0")
            begin_wave(city.mailing, school, NOW)
            while decide_page(city.look(school, NOW)) == PAGE:
                pass
        yield city.mailing, school, analyze
    next(fixture, None)


def costs(mailing: int, school: int) -> tuple[float, ...]:
    """Milliseconds a page of each form."""
    from everyfamily.mailings.actions.sending.sending import _READY, PAGE

    values = {"mailing": mailing, "school": school, "after": 0, "page": PAGE}
    forms = (
        lambda: planned(_AT_ONCE, values),
        lambda: planned(_WHOLE_SCHOOL, values),
        lambda: kept(_READY, values),
    )
    found: list[list[float]] = [[], [], []]
    first: set[str] = set()
    for _ in range(ROUNDS):
        for place, form in enumerate(forms):
            milliseconds, rows = cost(form, school)
            found[place].append(milliseconds)
            ids = [row[0] if place == 0 else row[1] for row in rows]
            # The first form skips what may not go; the others end where 200 attempts end.
            first.add(str(ids[:150]))
    if len(first) != 1:
        sys.exit("The forms do not give the same rows.")
    return tuple(statistics.median(one) for one in found)


def planned(form: str, values: dict[str, object]) -> list[tuple[object, ...]]:
    """The rows, by a plan that is made for them."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(form, values)
        rows: list[tuple[object, ...]] = cursor.fetchall()
    return rows


def kept(form: str, values: dict[str, object]) -> list[tuple[object, ...]]:
    """The rows, as sending.py reads them."""
    from everyfamily.mailings.actions.sending.kept_plans import plan_by_ids, rows_of_kept

    plan_by_ids()
    return rows_of_kept(form, values)


def cost(form: Callable[[], list[tuple[object, ...]]], school: int) -> tuple[float, list[tuple[object, ...]]]:
    """Milliseconds of the server's process for one page, and its rows."""
    from django.db import connection

    from everyfamily.people.database.tenancy import tenant

    with tenant(school), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = Path(f"/proc/{cursor.fetchone()[0]}/stat")
        began = ticks(process)
        for _ in range(TIMES):
            rows = form()
        spent = ticks(process) - began
    return spent / os.sysconf("SC_CLK_TCK") / TIMES * 1000, rows


def ticks(process: Path) -> int:
    """Processor time of a process, in the kernel's ticks."""
    fields = process.read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


if __name__ == "__main__":
    main()
