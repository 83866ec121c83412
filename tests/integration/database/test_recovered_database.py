"""A snapshot and a point-in-time recovery of a real PostgreSQL, and the worker that is started on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, City, adult
from tests.factories.recovered import copy_of, started, superuser

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.faults]


def worker_on(server: Server, folder: Path) -> str:
    """What a worker says if it is started on this database, with the marker of the one before. It must refuse."""
    own = {
        "DATABASE_URL": server.dsn(Role.APP),
        "EVERYFAMILY_OWNER_URL": server.dsn(Role.OWNER),
        "EVERYFAMILY_PLANNER_URL": server.dsn(Role.PLANNER),
        "EVERYFAMILY_CLOCK": "system",
        "EVERYFAMILY_OUTBOX": str(folder / "outbox"),
        "PYTHONFAULTHANDLER": "1",
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "everyfamily.cli.main", "worker"],
        env=os.environ | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said, _ = worker.communicate(timeout=240)
    except subprocess.TimeoutExpired:
        worker.send_signal(signal.SIGABRT)
        pytest.fail(f"the worker still ran:\n{worker.communicate(timeout=30)[0]}")
    assert worker.returncode == 2, said
    return said


def claim_one(city: City, number: int) -> tuple[int, int]:
    from everyfamily.mailings.models import LedgerEntry

    row = LedgerEntry.objects.create(
        mailing_id=city.mailing,
        value_hash=bytes([number]) * 32,
        channel="email",
        changed_at=NOW,
        status="sending",
        tries=1,
    )
    return row.pk, row.tries


@pytest.mark.parametrize("earlier", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_a_worker_refuses_a_snapshot_and_each_point_in_time(
    city: City, database: Server, tmp_path: Path, *, earlier: bool
) -> None:
    from django.conf import settings

    from everyfamily.mailings.actions.guards.tripwire import Tripwire

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    settings.EVERYFAMILY_CLOCK = "system"
    try:
        one = Tripwire("w1")
        one.start()
        one.claimed(*claim_one(city, 1))
        copy = copy_of(database, tmp_path / "copy")
        with superuser(database) as admin:
            admin.execute("SELECT pg_create_restore_point('before the second letter')")
        one.claimed(*claim_one(city, 2))
        one.end()
    finally:
        settings.EVERYFAMILY_CLOCK = "database"

    with started(copy, database) as snapshot:
        said = worker_on(snapshot, tmp_path)
        assert "EF570: Letters have been sent that this database does not know of" in said
    if earlier:
        with started(copy, database, to="before the second letter") as point:
            assert "EF570" in worker_on(point, tmp_path)
    with started(copy, database, to="end") as newest:
        # It knows of every letter, but it is another database: what was told to the old one meanwhile is not known.
        said = worker_on(newest, tmp_path)
        assert "EF573: This is not the database that letters were last sent from: another timeline." in said
        assert "everyfamily after-restore" in said

    # A snapshot of the whole machine takes the marker back too: only the time that passed shows.
    with superuser(database) as admin:
        admin.execute("UPDATE mailings_sentmarker SET moved_at = moved_at - interval '61 minutes'")
    assert "EF572: No worker has given a sign of life since" in worker_on(database, tmp_path)
