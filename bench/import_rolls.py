"""Rolls of a large area, imported by us and by what a Django team would otherwise use; then a city unchanged again.

ARGS="ROWS" (contact rows, default 100,000). The rolls are the demo's: its schools' sizes, families, slips and orders,
as many cities as it takes. Every contender reads the same files through the same validation, meets the same adults,
encrypts the same values under the same keys and makes the same keyed hashes, on the same server, by two processes that
share the files; only the way into the database differs. Afterwards every table must hold as many rows for each.

Two peers, each as fast as its own manual makes it: Django's bulk_create, and django-import-export in bulk mode without
diffs. Neither compares the file with what is known, holds, proposes, audits or opens tasks; ours does.
"""

from __future__ import annotations

import base64
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import BrokenBarrierError
from typing import Any

from everyfamily.core.actors import Actor

PROCESSES = 2
BATCH = 1000
READY_WITHIN = 120
"""Seconds that a process may take to load the framework."""
NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
TABLES = ("Pupil", "Parent", "Care", "ContactPoint")


@dataclass(frozen=True)
class Result:
    """Wall seconds of all processes together, and the largest process."""

    seconds: float
    rows: int
    peak_mb: int


def write_cities(folder: Path, rows: int) -> tuple[dict[int, Path], int]:
    """Rolls by URN with at least `rows` rows, and how many rows they have."""
    from everyfamily_demo.rolls import write_rolls
    from everyfamily_demo.schools import demo_schools

    files: dict[int, Path] = {}
    written = city = 0
    while written < rows:
        schools = [
            replace(school, urn=str(int(school.urn) + 1000 * city)) for school in demo_schools("full", 7 + city)
        ]
        for school in schools:
            if written >= rows:
                break
            for urn, path in write_rolls(folder / str(city), [school], 7 + city).items():
                files[int(urn)] = path
                with path.open("rb") as file:
                    written += sum(1 for _ in file) - 1
        city += 1
    return files, written


def ours(path: Path, urn: int) -> None:
    """The product's own import."""
    from everyfamily.people.edges.roll_imports import import_roll

    import_roll(path, urn=urn, by=Actor.typed("bench"), now=NOW)


def by_bulk_create(path: Path, urn: int) -> None:
    """Model instances and bulk_create."""
    from django.apps import apps

    for table, rows in _prepared(path, urn):
        model = apps.get_model("people", table)
        model.objects.bulk_create((model(**row) for row in rows), batch_size=BATCH)


def by_import_export(path: Path, urn: int) -> None:
    """A Resource a table, in bulk mode, without a look-up, a diff or a report a row."""
    import tablib

    for table, rows in _prepared(path, urn):
        if rows:
            data = tablib.Dataset(*(row.values() for row in rows), headers=list(rows[0]))
            _resource(table, list(rows[0])).import_data(data, raise_errors=True, use_transactions=False)


def _resource(table: str, columns: list[str]) -> Any:
    from django.apps import apps
    from import_export import fields, resources, widgets

    class Meta:
        model = apps.get_model("people", table)
        fields = columns
        import_id_fields = ("id",)
        use_bulk = True
        batch_size = BATCH
        force_init_instance = True
        skip_diff = True
        skip_html_diff = True
        use_transactions = False

    plain = {name: fields.Field(attribute=name, column_name=name, widget=widgets.Widget()) for name in columns}
    # Afterwards it would set the table's sequence, which the app role may not.
    own = {**plain, "Meta": Meta, "after_import": lambda *_, **__: None}
    return type(f"{table}Resource", (resources.ModelResource,), own)()


def _prepared(path: Path, urn: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The peers' rows by table, made by the product's own reading, matching, encryption and hashes."""
    from everyfamily.core.adults.same_adult import adults_of
    from everyfamily.core.rolls.read_roll import read_roll
    from everyfamily.people.database.bulk import take_ids
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.name_hashes import name_keys
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import Care, ContactPoint, Parent, Pupil
    from everyfamily.people.queries import school_by_urn

    school = school_by_urn(urn).id
    roll = read_roll(path.read_bytes(), file=path.name, urn=urn, demonstration=True)
    adults = adults_of(roll.rows)
    children = {row.pupil_id: row for row in roll.rows}
    with tenant(school):
        vault = open_vault(school, now=NOW)
        pupils = dict(zip(children, take_ids(Pupil, len(children)), strict=True))
        yield (
            "Pupil",
            [
                {
                    "id": pupils[own_id],
                    "school_id": school,
                    "id_hash": vault.blind_index("pupil", own_id),
                    "id_encrypted": vault.encrypt("pupil", pupils[own_id], own_id),
                    "year_group": row.year_group,
                    "class_name": row.class_name,
                    "on_roll_from": NOW.date(),
                }
                for own_id, row in children.items()
            ],
        )
        parents = take_ids(Parent, len(adults))
        yield (
            "Parent",
            [
                {
                    "id": row_id,
                    "school_id": school,
                    "identity_hash": vault.blind_index("parent", adult.identity),
                    "name": vault.encrypt("parent", row_id, adult.name),
                    "name_hash": keys.name,
                    "first_name_hash": keys.first_name,
                    "initial_hash": keys.initial,
                    "initial_only": keys.initial_only,
                    "language": adult.language,
                    "format": adult.format or "standard",
                    "prefers": adult.wishes,
                    "objects_at": NOW if adult.objects else None,
                    "objects_by": "roll" if adult.objects else None,
                }
                for row_id, adult in zip(parents, adults, strict=True)
                for keys in [name_keys(vault, next(iter(adult.names)))]
            ],
        )
        links = [
            (parent, pupils[own_id], row)
            for parent, adult in zip(parents, adults, strict=True)
            for own_id, row in adult.cares.items()
        ]
        yield (
            "Care",
            [
                {
                    "id": row_id,
                    "school_id": school,
                    "parent_id": parent,
                    "pupil_id": pupil,
                    "relationship": row.relationship,
                    "parental_responsibility": row.parental_responsibility,
                    "has_care": row.has_care,
                    "priority": row.priority,
                    "restriction": row.restriction,
                    "restriction_reason": row.restriction_reason,
                }
                for row_id, (parent, pupil, row) in zip(take_ids(Care, len(links)), links, strict=True)
            ],
        )
        contacts = [
            (parent, channel, value)
            for parent, adult in zip(parents, adults, strict=True)
            # What closes a home and is never written to has its row as well.
            for channel, value in dict.fromkeys((*adult.contacts, *adult.shut_by))
        ]
        yield (
            "ContactPoint",
            [
                {
                    "id": row_id,
                    "school_id": school,
                    "parent_id": parent,
                    "channel": channel,
                    "value": vault.encrypt("contact", row_id, value),
                    "value_hash": vault.blind_index(channel, value),
                    "status": "usable",
                    "status_reason": "",
                }
                for row_id, (parent, channel, value) in zip(
                    take_ids(ContactPoint, len(contacts)), contacts, strict=True
                )
            ],
        )


CONTENDERS: dict[str, Callable[[Path, int], None]] = {
    "everyfamily": ours,
    "Django bulk_create": by_bulk_create,
    "django-import-export": by_import_export,
}


def _work(name: str, files: Any, begin: Barrier, peaks: Any) -> None:
    from everyfamily.config.start import prepare

    prepare(migrate=False)
    _django_for_import_export()
    begin.wait()
    for urn, path in iter(files.get, None):
        CONTENDERS[name](path, urn)
    peaks.put(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def _django_for_import_export() -> None:
    """What the peer imports lazily is imported before the clock runs."""
    import import_export.resources
    import tablib

    assert import_export.resources
    assert tablib


def measure(name: str, rolls: dict[int, Path], rows: int, processes: int = PROCESSES) -> Result:
    """Import every roll by processes that share the files; the clock runs from when all are ready."""
    spawn = multiprocessing.get_context("spawn")
    files, peaks, begin = spawn.Queue(), spawn.Queue(), spawn.Barrier(processes + 1)
    workers = [spawn.Process(target=_work, args=(name, files, begin, peaks)) for _ in range(processes)]
    for worker in workers:
        worker.daemon = True
        worker.start()
    # Large schools first, so that no process ends long before the other.
    for urn, path in sorted(rolls.items(), key=lambda item: -item[1].stat().st_size):
        files.put((urn, path))
    for _ in workers:
        files.put(None)
    try:
        begin.wait(READY_WITHIN)
    except BrokenBarrierError as problem:
        raise SystemExit(f"{name}: a process did not start") from problem
    started = time.perf_counter()
    for worker in workers:
        worker.join()
    seconds = time.perf_counter() - started
    if any(worker.exitcode for worker in workers):
        raise SystemExit(f"{name}: a process ended with an error")
    return Result(seconds, rows, max(peaks.get() for _ in workers))


def counts(rolls: dict[int, Path]) -> dict[str, int]:
    """Rows of every table, over all schools."""
    from django.apps import apps

    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.queries import school_by_urn

    total = dict.fromkeys(TABLES, 0)
    for urn in rolls:
        with tenant(school_by_urn(urn).id):
            for table in TABLES:
                total[table] += apps.get_model("people", table).objects.count()
    return total


def empty() -> None:
    """Take every school's people away again."""
    from django.db import connections

    tables = [*TABLES, "RollImport", "RollTask", "SchoolKey"]
    with connections["owner"].cursor() as owner:
        owner.execute(f"TRUNCATE {', '.join('people_' + table.lower() for table in tables)} CASCADE")


def beside_peers(rolls: dict[int, Path], rows: int) -> None:
    """Print the table."""
    print(f"{rows:,} contact rows of {len(rolls)} schools, {PROCESSES} processes")
    print(f"{'':22} {'seconds':>8} {'rows/s':>8} {'peak MB a process':>18} {'ours is':>9}")
    first: Result | None = None
    expected: dict[str, int] | None = None
    for name in CONTENDERS:
        empty()
        result = measure(name, rolls, rows)
        first = first or result
        found = counts(rolls)
        expected = expected or found
        if found != expected:
            raise SystemExit(f"{name} made other rows: {found}, not {expected}")
        times = result.seconds / first.seconds
        speed = round(rows / result.seconds)
        print(f"{name:22} {result.seconds:8.1f} {speed:8,} {result.peak_mb:18} {times:8.1f}x", flush=True)
    print("rows in the tables, the same for each:", ", ".join(f"{n:,} {table}" for table, n in found.items()))


def unchanged_city(folder: Path) -> None:
    """Print how long the whole demo city takes that has not changed."""
    from everyfamily_demo.rolls import write_rolls
    from everyfamily_demo.schools import demo_schools

    rolls = {int(urn): path for urn, path in write_rolls(folder / "city", demo_schools("full", 7), 7).items()}
    rows = sum(path.read_bytes().count(b"\n") - 1 for path in rolls.values())
    empty()
    measure("everyfamily", rolls, rows)
    print(f"\nthe full demo city unchanged: {rows:,} rows of {len(rolls)} schools")
    for processes in (1, PROCESSES):
        result = measure("everyfamily", rolls, rows, processes)
        print(f"by {processes} process{'es' if processes > 1 else ''}: {result.seconds:.1f} s", flush=True)


def main() -> None:
    """Start a separate server, run every contender once, print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    folder = Path(tempfile.mkdtemp(prefix="ef-bench-"))
    os.environ.pop("DATABASE_URL", None)
    os.environ["EVERYFAMILY_MASTER_KEY"] = base64.b64encode(b"m" * 32).decode()
    from everyfamily.config.start import use_embedded

    server = use_embedded(folder / "data")
    try:
        from everyfamily.config.start import prepare

        prepare()
        from everyfamily.people.actions.schools.schools import NewSchool, add_schools

        rolls, written = write_cities(folder / "rolls", rows)
        city = range(900001, 900001 + 400)
        add_schools(
            (
                NewSchool(urn, f"School {urn}", "state primary", "Primary", "us", None, demonstration=True)
                for urn in sorted({*rolls, *city})
            ),
            by=Actor.typed("bench"),
            now=NOW,
        )
        beside_peers(rolls, written)
        unchanged_city(folder / "city")
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
