"""The database is restored to an earlier moment: workers find out, and nobody has the letter twice or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.actors import Actor
from everyfamily_postgres.launcher import Server
from tests.factories.city import NOW, City, adult
from tests.factories.restoring import dump, put_back

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.faults]

FAMILIES = 18
LONGEST = 240
"""Seconds that a worker may take for what it does in two: these tests wait for an end, they time nothing."""
LATER = NOW + timedelta(hours=3)


def environment(folder: Path, faults: str = "delay=0.02,answer_delay=0.01") -> dict[str, str]:
    return os.environ | {
        "EVERYFAMILY_OUTBOX": str(folder / "outbox"),
        "EVERYFAMILY_CLOCK": "database",
        "EVERYFAMILY_STALLED_SECONDS": "3",
        "EVERYFAMILY_FAULTS": faults,
        "PYTHONFAULTHANDLER": "1",
    }


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on the test's database; killed at the end if it still runs."""
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "everyfamily.cli.main", "worker"],
            env=environment(folder),
            stdout=log,
            stderr=log,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def wait_for(condition: Callable[[], object], what: str, seconds: float = LONGEST) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s for {what}"
        time.sleep(0.05)


def families(urn: int) -> list[dict[str, str]]:
    return [
        adult(f"P{number}", f"Ana Ferris{number}", EMAIL=f"ana{number}@s{urn}.example", HAS_CARE="no")
        for number in range(FAMILIES)
    ]


def messages(city: City) -> Counter[Any]:
    return Counter(line["to"] for line in city.outbox())


def of_school(city: City, urn: int) -> int:
    return sum(times for to, times in messages(city).items() if to.endswith(f"@s{urn}.example"))


def send_by_worker(city: City, folder: Path, schools: list[int], until: Callable[[], object]) -> None:
    from everyfamily.mailings.edges.tasks import begin_school, queue_look

    for urn in schools:
        begin_school.defer(mailing_id=city.mailing, school_id=city.schools[urn])
        queue_look(city.mailing, city.schools[urn])
    with worker(folder) as process:
        wait_for(until, "the messages")
        process.terminate()
        assert process.wait(timeout=LONGEST) == 0, (folder / "worker.log").read_text()


def is_refused(folder: Path, code: str) -> bool:
    (folder / "worker.log").unlink(missing_ok=True)
    assert ended(folder, seconds=LONGEST) == 2, (folder / "worker.log").read_text()
    return code in (folder / "worker.log").read_text()


def ended(folder: Path, *, seconds: float) -> int:
    """Run a worker that must end by itself; returns its exit code. Fails with the worker's own words."""
    with worker(folder) as process:
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            # Where it is stuck, as well as what it said.
            process.send_signal(signal.SIGABRT)
            process.wait(timeout=60)
            marker = (folder / "outbox" / "sent-marker").read_text()
            pytest.fail(
                f"the worker still ran after {seconds} s:\n{(folder / 'worker.log').read_text()}\n{marker}"
            )


def after_restore(folder: Path, **more: Any) -> Any:
    from everyfamily.mailings.actions.restoring.after_restore import after_restore as action
    from everyfamily.mailings.installation.carriers import carriers

    return action(by=Actor.typed("Pat Example"), now=LATER, carriers=carriers(), outbox=folder / "outbox", **more)


@pytest.mark.parametrize("always_by_worker", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_a_dump_from_mid_send_is_put_back_and_nobody_has_the_letter_twice_or_not_at_all(
    city: City, database: Server, tmp_path: Path, always_by_worker: bool
) -> None:
    """Where nothing may go out a worker is started only in `make nightly`: each start takes two seconds."""
    from everyfamily.mailings.actions.restoring.uncertain import decide_uncertain
    from everyfamily.mailings.actions.sending.pausing import pause_school, resume_mailing, resume_school
    from everyfamily.people.actions.schools.schools import attest_school
    from everyfamily_demo.clock import set_simulated

    def sends_nothing(now: datetime) -> None:
        set_simulated(now)
        if always_by_worker:
            send_by_worker(city, tmp_path, [900001, 900002, 900003], lambda: not jobs_left())
        else:
            city.send(now)
        assert len(city.outbox()) == 2 * FAMILIES

    for urn in (900001, 900002, 900003):
        city.school(urn, families(urn), order=["email"])
    city.open()
    pause_school(city.mailing, city.schools[900003], why="a test", by=Actor.typed("Pat Example"), now=NOW)
    from everyfamily.mailings.edges.tasks import begin_school

    begin_school.defer(mailing_id=city.mailing, school_id=city.schools[900001])
    with worker(tmp_path) as process:
        wait_for(lambda: len(city.outbox()) >= FAMILIES // 2, "the first messages")
        # The second school begins after the dump: however slow or quick the machine is, the dump lacks what it sent.
        known = len(city.outbox())
        backup = dump(database, tmp_path / "dump")
        begin_school.defer(mailing_id=city.mailing, school_id=city.schools[900002])
        wait_for(lambda: len(city.outbox()) == 2 * FAMILIES, "the rest")
        process.terminate()
        assert process.wait(timeout=LONGEST) == 0, (tmp_path / "worker.log").read_text()
    put_back(database, backup)

    assert is_refused(tmp_path, "EF570")
    assert len(city.outbox()) == 2 * FAMILIES

    done = after_restore(tmp_path)
    assert (done.mailings, done.schools) == (1, 3)
    assert done.uncertain > FAMILIES
    # Sending continues, and nothing is sent from it: the mailing is paused, and then everybody there is uncertain.
    sends_nothing(LATER)
    resume_school(city.mailing, city.schools[900003], by=Actor.typed("Pat Example"), now=LATER)
    resume_mailing(city.mailing, by=Actor.typed("Pat Example"), now=LATER)
    sends_nothing(LATER + timedelta(minutes=5))

    for urn in (900001, 900002):
        decide_uncertain(
            city.mailing,
            had_it=True,
            why="log",
            by=Actor.typed("Pat Example"),
            now=LATER,
            school_id=city.schools[urn],
        )
    left = decide_uncertain(
        city.mailing,
        had_it=False,
        why="log",
        by=Actor.typed("Pat Example"),
        now=LATER,
        school_id=city.schools[900003],
    )
    assert (left.adults, left.left) == (FAMILIES, 0)
    # A word from before the restore does not count: later restrictions may be lost.
    sends_nothing(LATER + timedelta(minutes=5))
    for school in city.schools.values():
        attest_school(school, by=Actor.typed("lead"), now=LATER + timedelta(minutes=5))
    send_by_worker(city, tmp_path, [900001, 900002, 900003], lambda: len(city.outbox()) == 3 * FAMILIES)
    city.send(LATER + timedelta(days=4))
    assert len(messages(city)) == 3 * FAMILIES
    assert set(messages(city).values()) == {1}
    total = city.coverage(LATER + timedelta(days=4)).total
    assert total.children == 3 * FAMILIES == sum(total.outcomes.values())
    assert total.outcomes[Outcome.ACCEPTED] >= FAMILIES + known - 1
    assert total.outcomes[Outcome.NOT_REACHED] == 3 * FAMILIES - total.outcomes[Outcome.ACCEPTED]


def jobs_left() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'mailings'")
        return int(cursor.fetchone()[0])
