"""What the fault rounds found: two settlers, a look that waits twice, a connection that ends under a live worker."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.actors import Actor
from everyfamily.core.sending.fallback import Channel
from tests.factories.city import NOW, REFERENCE, City, address, adult, sealed_letter

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001


class Folder:
    """A carrier that never had anything, and during whose first answer something happens."""

    knows_at_once = True

    def __init__(self, happens: Any = lambda: None) -> None:
        self._happens = [happens]

    def answers_for(self, channel: Channel) -> bool:
        return True

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        while self._happens:
            self._happens.pop()()
        return None


def left_in_sending(city: City, worker: str) -> None:
    """A letter by post that a worker claimed and did not record."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending.deciding import decide_page
    from everyfamily.mailings.models import LedgerEntry

    school = city.school(URN, [adult("P1", "Ana Ferris", **address(1))], order=["post"])
    city.open()
    begin_wave(city.mailing, school, NOW)
    decide_page(city.look(school, NOW))
    assert LedgerEntry.objects.update(status="sending", worker=worker) == 1


def message() -> tuple[str, str]:
    from everyfamily.mailings.models import LedgerEntry

    entry = LedgerEntry.objects.get()
    return entry.status, entry.worker


def test_two_who_settle_at_once_do_not_take_a_message_from_whoever_sends_it_meanwhile(city: City) -> None:
    """Otherwise a third would claim it in the middle of the second's call, and the family would have two letters."""
    from everyfamily.mailings.actions.sending.rescue import settle_abandoned
    from everyfamily.mailings.models import LedgerEntry

    left_in_sending(city, "dead")

    def other_settles_and_somebody_sends() -> None:
        settle_abandoned({Channel.POST: Folder()}, NOW)  # type: ignore[dict-item]
        assert LedgerEntry.objects.filter(status="created").update(status="sending", worker="live") == 1

    settle_abandoned({Channel.POST: Folder(other_settles_and_somebody_sends)}, NOW)  # type: ignore[dict-item]
    assert message() == ("sending", "live")


def test_a_worker_settles_what_it_left_itself_when_its_answer_could_not_be_recorded(city: City) -> None:
    """It lives, so nobody else does: the message would stay in sending for as long as the worker runs."""
    from everyfamily.mailings.actions.guards.life_signs import life_sign
    from everyfamily.mailings.actions.sending.rescue import settle_abandoned

    left_in_sending(city, "live")
    carriers = {Channel.POST: Folder()}
    with life_sign("live"):
        settle_abandoned(carriers, NOW, own="another")  # type: ignore[arg-type]
        assert message() == ("sending", "live")
        settle_abandoned(carriers, NOW, own="live")  # type: ignore[arg-type]
    assert message()[0] == "created"


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process, killed at the end if it still runs; its words stand in worker.log."""
    environment = os.environ | {
        "EVERYFAMILY_OUTBOX": str(folder / "outbox"),
        "EVERYFAMILY_CLOCK": "database",
        "EVERYFAMILY_STALLED_SECONDS": "2",
    }
    command = [sys.executable, "-m", "everyfamily.cli.main", "worker"]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(condition: Any, what: str) -> None:
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until, f"waited for {what}"
        time.sleep(0.05)


def rows(sql: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_a_sweep_settles_although_a_look_that_stalled_waits_already(city: City, tmp_path: Path) -> None:
    """A worker queues the next look before it ends its own: killed in between, it leaves the same look twice."""
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    left_in_sending(city, "dead")
    # Nobody looks meanwhile.
    pause_mailing(city.mailing, why="a test", by=Actor.typed("test"), now=NOW)
    look = f"look {city.mailing} {city.schools[URN]}"
    for status in ("doing", "todo"):
        rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, args) VALUES "
            f"('nobody works here', 'look_at_school', '{look}', '{status}', '{{}}') RETURNING id"
        )
    rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        "VALUES ('sweeps', 'rescue', '{\"timestamp\": 0}') RETURNING id"
    )
    with worker(tmp_path):
        wait_for(lambda: message()[0] == "created", "the dead worker's letter")
        wait_for(
            lambda: not rows("SELECT id FROM procrastinate_jobs WHERE task_name = 'rescue' AND status = 'todo'"),
            "the sweep",
        )
        wait_for(
            lambda: (
                rows("SELECT status::text FROM procrastinate_jobs WHERE task_name = 'look_at_school'")
                == [("todo",)]
            ),
            "the look that stalled",
        )
        assert rows("SELECT id FROM procrastinate_jobs WHERE status = 'failed'") == []


def test_a_sweep_queues_again_a_job_that_its_own_worker_could_not_end(city: City, tmp_path: Path) -> None:
    """The worker lives, so the job never counts as stalled; and it does one job at a time, so it is not at this one."""
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    with worker(tmp_path):
        wait_for(lambda: rows("SELECT id FROM procrastinate_workers"), "the worker")
        rows(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) "
            "SELECT 'nobody works here', 'look_at_school', 'doing', id FROM procrastinate_workers RETURNING id"
        )
        job = "SELECT status::text FROM procrastinate_jobs WHERE task_name = 'look_at_school'"
        wait_for(lambda: rows(job) == [("todo",)], "the job that was left")


def test_a_worker_whose_sign_of_life_is_lost_ends_at_once(city: City, tmp_path: Path) -> None:
    """Others take it for dead and settle what it has in progress: if it were alive, it would print a letter once
    more."""
    from everyfamily.mailings.actions.guards.life_signs import LOST
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    holds = (
        "SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
        "WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND a.state = 'idle'"
    )
    with worker(tmp_path) as running:
        wait_for(lambda: rows(holds), "its sign of life")
        rows(f"SELECT pg_terminate_backend({rows(holds)[0][0]})")
        assert running.wait(timeout=240) == LOST
    assert "sign of life" in (tmp_path / "worker.log").read_text()


def press(city: City) -> int:
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.planning.opening import open_mailing

    seal, artefacts, key = sealed_letter()
    record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=NOW)
    return open_mailing(
        reference=REFERENCE,
        term="spring term 2027",
        waves=dict.fromkeys(city.schools.values(), (1, NOW)),
        closes_at=NOW + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=Actor.typed("test"),
        now=NOW,
    ).id


@pytest.mark.parametrize("is_known", [True, False], ids=["the letter is known", "the letter is new"])
def test_two_who_press_send_at_once_open_one_mailing(city: City, is_known: bool) -> None:
    """Both have seen that there is none: the database lets one through, and the other is told in a sentence."""
    from django.db import connections, transaction

    from everyfamily.core.errors import EveryfamilyError
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.queries.mailings import open_mailings

    city.school(URN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    seal, artefacts, key = sealed_letter()
    if is_known:
        record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=NOW)
    answers: list[str] = []

    def other() -> None:
        try:
            answers.append(f"mailing {press(city)}")
        except EveryfamilyError as problem:
            answers.append(problem.code)
        except Exception as problem:
            answers.append(type(problem).__name__)
        finally:
            connections.close_all()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        opened = press(city)
        thread.start()
        wait_for(lambda: rows("SELECT 1 FROM pg_locks WHERE NOT granted"), "the other")
    thread.join(60)
    assert answers == ["EF522"]
    assert open_mailings() == [opened]


def test_a_heartbeat_of_the_future_keeps_no_dead_worker_alive(city: City) -> None:
    from django.db import connection

    from everyfamily.mailings.actions.sending.rescue import forget_beats_of_the_future

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() + interval '1 day'), (now()) RETURNING id"
        )
        future, present = (row[0] for row in cursor.fetchall())
        cursor.execute("SELECT last_heartbeat FROM procrastinate_workers WHERE id = %s", [present])
        before = cursor.fetchone()
    forget_beats_of_the_future()
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_heartbeat <= now() FROM procrastinate_workers WHERE id = %s", [future])
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT last_heartbeat FROM procrastinate_workers WHERE id = %s", [present])
        assert cursor.fetchone() == before
