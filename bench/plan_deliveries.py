"""Planning a mailing: seconds, memory, and what a family costs from ten thousand to a million.

ARGS="SIZES" (default 10000 100000 1000000: adults, 500 a school, each with one email address, in one process). Two
steps: *plan* finds who may have the letter and writes a delivery for each; *write down* decides each one's way, opens
the contact value just long enough to hash it, and writes the attempt and the ledger. Aim: 1,000,000 deliveries planned
in 60 s with bounded memory, and a cost per family that does not grow. Writes docs/pictures/cost-per-family.svg for the
three default sizes.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

ADULTS, CHILDREN = 500, 300
SIZES = (10_000, 100_000, 1_000_000)
PICTURE = ROOT / "docs/pictures/cost-per-family.svg"

_PEOPLE = """
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
care AS (
  INSERT INTO people_care
    (school_id, parent_id, pupil_id, relationship, parental_responsibility, has_care, restriction)
  SELECT %(school)s, named.id, numbered.id, 'mother', 'yes', 'yes', 'none'
  FROM named JOIN numbered ON numbered.n = named.n %% %(children)s)
SELECT id FROM named ORDER BY id
"""
_CONTACTS = """
INSERT INTO people_contactpoint
  (id, school_id, parent_id, channel, value, value_hash, status, status_reason, near_key,
   closing_keys)
SELECT c.id, %(school)s, c.parent, 'email', c.value, sha256(c.value), 'usable', '',
  substring(sha256(c.value) FOR 16), substring(sha256(c.value) FOR 16)
FROM unnest(%(ids)s::bigint[], %(parents)s::bigint[], %(values)s::bytea[]) AS c (id, parent, value)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one size: seconds of each step, and the process's peak memory by then in MB."""

    adults: int
    plan: float
    write_down: float
    peak: float


def fill(school: int, first: int) -> None:
    """Give a school its people, each adult with their own address."""
    from django.db import connection

    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from tests.factories.city import NOW

    with tenant(school), connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"school": school, "children": CHILDREN, "adults": ADULTS})
        parents = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('people_contactpoint', 'id')) FROM generate_series(1, %s)",
            [ADULTS],
        )
        ids = [row[0] for row in cursor.fetchall()]
        vault = open_vault(school, now=NOW)
        values = [vault.encrypt("contact", row, f"ana{first + n}@example.org") for n, row in enumerate(ids)]
        cursor.execute(_CONTACTS, {"school": school, "ids": ids, "parents": parents, "values": values})


def cost_of(adults: int) -> Cost:
    """Plan a city of this size on a fresh server."""
    from tests.integration import conftest

    # The settings that ship, not the small ones of the tests.
    conftest.SMALL.clear()
    fixture = conftest.database_server.__wrapped__()  # type: ignore[attr-defined]
    next(fixture)
    folder = Path(tempfile.mkdtemp(prefix="ef-bench-"))
    try:
        from django.conf import settings
        from django.db import connections

        from everyfamily.mailings.actions.planning.planning import begin_wave
        from everyfamily.mailings.actions.sending.deciding import PAGE, decide_page
        from everyfamily.mailings.installation.carriers import carriers
        from everyfamily.mailings.models import Delivery, LedgerEntry
        from tests.factories.city import NOW, City

        settings.EVERYFAMILY_OUTBOX = folder / "outbox"
        carriers.cache_clear()
        city = City(folder)
        for number in range(adults // ADULTS):
            city.school(100001 + number)
        for number, school in enumerate(city.schools.values()):
            fill(school, number * ADULTS)
        city.open()
        with connections["owner"].cursor() as owner:
            owner.execute("ANALYZE")
        schools = list(city.schools.values())
        began = time.perf_counter()
        planned = sum(begin_wave(city.mailing, school, NOW) for school in schools)
        plan = time.perf_counter() - began
        began = time.perf_counter()
        for school in schools:
            while decide_page(city.look(school, NOW)) == PAGE:
                pass
        write_down = time.perf_counter() - began
        assert planned == Delivery.objects.using("planner").filter(state="on its way").count() == adults
        assert LedgerEntry.objects.count() == adults
        return Cost(adults, plan, write_down, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    finally:
        next(fixture, None)
        shutil.rmtree(folder, ignore_errors=True)


def picture(costs: list[Cost]) -> str:
    """Microseconds a family against the number of families, as an SVG that reads without colours."""
    top = max(cost.write_down / cost.adults for cost in costs) * 1e6 * 1.25
    left, bottom, height = 70, 250, 200
    marks = []
    for number, cost in enumerate(costs):
        x = left + 60 + number * 160
        for name, seconds, shape in (("plan", cost.plan, "square"), ("write down", cost.write_down, "circle")):
            micros = seconds / cost.adults * 1e6
            y = bottom - micros / top * height
            mark = (
                f'<circle cx="{x}" cy="{y:.0f}" r="6" fill="#1b3a57"/>'
                if shape == "circle"
                else f'<rect x="{x - 6}" y="{y - 6:.0f}" width="12" height="12" fill="#b5523b"/>'
            )
            marks.append(f'{mark}<text x="{x + 12}" y="{y + 5:.0f}">{name} {micros:.0f} µs</text>')
        marks.append(f'<text x="{x}" y="{bottom + 22}" text-anchor="middle">{cost.adults:,}</text>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 620 300" role="img" font-family="sans-serif" '
        'font-size="13">'
        "<title>Microseconds a family, from 10,000 to 1,000,000 families</title>"
        '<rect width="620" height="300" fill="#fff"/>'
        f'<path d="M{left} 40V{bottom}H600" fill="none" stroke="#444"/>'
        f'<text x="{left - 50}" y="28">microseconds a family</text>'
        f'<text x="{left - 8}" y="{bottom}" text-anchor="end">0</text>'
        f'<text x="{left - 8}" y="{bottom - height + 5}" text-anchor="end">{top:.0f}</text>'
        f'<text x="335" y="{bottom + 42}" text-anchor="middle">families in one mailing</text>'
        + "".join(marks)
        + "</svg>\n"
    )


def main() -> None:
    """Print what each size costs."""
    sizes = [int(word) for word in sys.argv[1:]] or list(SIZES)
    costs = []
    for size in sizes:
        cost = cost_of(size)
        costs.append(cost)
        print(
            f"{cost.adults:>10,} adults   plan {cost.plan:7.1f} s ({cost.plan / cost.adults * 1e6:4.0f} µs each)   "
            f"write down {cost.write_down:7.1f} s ({cost.write_down / cost.adults * 1e6:4.0f} µs each)   "
            f"peak {cost.peak:,.0f} MB",
            flush=True,
        )
    if tuple(sizes) == SIZES:
        PICTURE.write_text(picture(costs), encoding="utf-8")


if __name__ == "__main__":
    main()
