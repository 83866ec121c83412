"""A worker is killed (SIGKILL) in mid-mailing, with a carrier that takes time and never de-duplicates."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from everyfamily.core.accounting.coverage import Outcome
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on the test's database, with a slow carrier; killed at the end if it still runs."""
    environment = os.environ | {
        "EVERYFAMILY_OUTBOX": str(folder / "outbox"),
        "EVERYFAMILY_CLOCK": "database",
        # Half of the time is between accepting a message and answering, where a crash leaves it unknown.
        "EVERYFAMILY_STALLED_SECONDS": "1",
        "EVERYFAMILY_FAULTS": "delay=0.004,answer_delay=0.004",
    }
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "everyfamily.cli.main", "worker"], env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def messages(city: City) -> Counter[object]:
    return Counter(line["to"] for line in city.outbox())


def wait_for(condition, seconds: float, what: str) -> None:  # type: ignore[no-untyped-def]
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s for {what}"
        time.sleep(0.03)


def jobs_left() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'mailings'")
        return int(cursor.fetchone()[0])


# In `make test` workers are killed while people decide, and the other side counts: tests/faults.
@pytest.mark.nightly
@pytest.mark.parametrize(("kills", "adults"), [(1, 60), (3, 150)])
def test_nobody_is_lost_and_nobody_written_to_twice(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str], kills: int, adults: int
) -> None:
    from everyfamily.mailings.edges.tasks import begin_school
    from everyfamily.mailings.models import LedgerEntry

    school = city.school(
        900001,
        [
            adult(f"P{number}", f"Ana Ferris{number}", EMAIL=f"ana{number}@example.org", HAS_CARE="no")
            for number in range(adults)
        ],
        order=["email"],
    )
    city.open()
    begin_school.defer(mailing_id=city.mailing, school_id=school)
    for kill in range(1, kills + 1):
        before = len(city.outbox())
        with worker(tmp_path) as process:
            wait_for(lambda before=before: len(city.outbox()) > before + 25, 60, f"messages before kill {kill}")
            process.send_signal(signal.SIGKILL)
            process.wait()
    with worker(tmp_path) as process:
        wait_for(lambda: not jobs_left(), 90, "the rest to be sent")
        process.terminate()
        assert process.wait(timeout=240) == 0, (tmp_path / "worker.log").read_text()
    sent = messages(city)
    by_status = Counter(LedgerEntry.objects.values_list("status", flat=True))
    with capsys.disabled():
        print(
            f"\n  {kills} kills: {adults} adults, {len(sent)} contact values written to, "
            f"{max(sent.values())} message each at most, {by_status['unknown']} unknown"
        )
    assert max(sent.values()) == 1
    assert by_status["unknown"] <= kills
    # A message that was claimed and not yet accepted may never have left: only unknown covers it.
    assert adults - len(sent) <= by_status["unknown"]
    assert by_status["accepted"] + by_status["unknown"] == adults
    city.send(NOW + timedelta(hours=73))
    total = city.coverage(NOW + timedelta(hours=73)).total
    assert total.outcomes[Outcome.ACCEPTED] == by_status["accepted"]
    assert total.outcomes[Outcome.NOT_REACHED] == by_status["unknown"]
    assert total.children == adults
