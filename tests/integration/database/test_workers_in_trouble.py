"""A worker that stood still, and a server without connections: a plain sentence, exit code 75, and no wave is lost."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError

from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, City, adult
from tests.factories.recovered import superuser
from tests.factories.the_server import ROOM
from tests.integration.database.worker_processes import WORK, connections_named, rows, wait_for, words, worker

pytestmark = [pytest.mark.database, pytest.mark.slow]

TRY_AGAIN = 75
ENGINE = "everyfamily: work engine"
KEPT = (WORK, "everyfamily: sign of life", ENGINE)
BEGINS = "procrastinate_jobs WHERE task_name = 'begin_school' AND status = 'todo'"


@pytest.fixture
def others(city: City) -> list[int]:
    """What threads of earlier tests left open. It has the name of a worker's work, and nobody ever closes it."""
    return connections_named(WORK)


@contextmanager
def only_left(server: Server, free: int) -> Iterator[list[psycopg.Connection]]:
    """Somebody else holds all of the server's connections except this many."""
    held: list[psycopg.Connection] = []
    try:
        with suppress(psycopg.OperationalError):
            while True:
                held.append(psycopg.connect(server.dsn(Role.APP)))
        for _ in range(free):
            held.pop().close()
        wait_for(
            lambda: len(rows("SELECT 1 FROM pg_stat_activity WHERE datid IS NOT NULL")) <= ROOM - free, "room"
        )
        yield held
    finally:
        for one in held:
            one.close()


@contextmanager
def no_new_ones(server: Server) -> Iterator[None]:
    """Whoever has a connection keeps it, and nobody gets another: a place that a pool gives back stays shut too."""
    with superuser(server) as one:
        one.execute(f"ALTER ROLE {Role.APP} CONNECTION LIMIT 0")
        try:
            yield
        finally:
            one.execute(f"ALTER ROLE {Role.APP} CONNECTION LIMIT -1")


def test_a_worker_counts_the_connections_it_needs_and_says_how_many_are_left(
    city: City, database: Server, tmp_path: Path
) -> None:
    rows("SELECT 1")
    with only_left(database, 3), worker(tmp_path) as process:
        assert process.wait(timeout=240) == TRY_AGAIN
    assert f"EF580: A worker needs 4 connections to the database, and 3 of {ROOM} are free." in words(tmp_path)
    assert rows("SELECT 1 FROM procrastinate_workers") == []


@pytest.mark.nightly
def test_a_worker_that_gets_no_connection_at_all_says_so(city: City, database: Server, tmp_path: Path) -> None:
    rows("SELECT 1")
    with only_left(database, 0), worker(tmp_path) as process:
        assert process.wait(timeout=240) == TRY_AGAIN
    assert "EF588: The database server has no connection left." in words(tmp_path)


def test_four_connections_are_what_a_worker_needs_and_three_what_it_keeps(
    city: City, database: Server, others: list[int], tmp_path: Path
) -> None:
    """With exactly this many it does all its work: the count is neither a guess nor too low."""
    school = begin_queued(city)
    from everyfamily.mailings.models import MailingSchool

    with only_left(database, 4), worker(tmp_path) as process:
        wait_for(lambda: len(city.outbox()) == 3, "the letters")
        wait_for(
            lambda: [len(connections_named(name, without=others)) for name in KEPT] == [1, 1, 1],
            "what it keeps",
            seconds=60,
        )
        assert MailingSchool.objects.get(school_id=school).state == "sending"
        process.terminate()
        assert process.wait(timeout=240) == 0, words(tmp_path)


def begin_queued(city: City) -> int:
    from everyfamily.mailings.edges.tasks import queue_begin

    school = city.school(900001, [adult(f"P{n}", "Ana Ferris", EMAIL=f"ana{n}@example.org") for n in range(3)])
    city.open()
    queue_begin(city.mailing, school)
    return school


@pytest.mark.nightly
def test_a_wave_that_no_connection_was_left_for_waits_and_begins(
    city: City, database: Server, others: list[int], tmp_path: Path
) -> None:
    """Longer than the five tries after which such a school was given up without a word. How long it waits between two
    is a rule of its own (unit/mailings/test_patience.py), and not waited for."""
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    with worker(tmp_path) as process:
        wait_for(lambda: connections_named(WORK, without=others) and connections_named(ENGINE), "a worker")
        with no_new_ones(database):
            for pid in connections_named(WORK, without=others):
                rows("SELECT pg_terminate_backend(%s)", [pid])
            wait_for(lambda: not connections_named(WORK, without=others), "its work to lose the database")
            begin_queued(city)
            wait_for(
                lambda: _try_now() or rows(f"SELECT 1 FROM {BEGINS} AND attempts > 5"), "more than five tries"
            )
            assert city.outbox() == []
        wait_for(lambda: _try_now() or len(city.outbox()) == 3, "the letters")
        assert process.poll() is None
    assert rows("SELECT 1 FROM procrastinate_jobs WHERE status = 'failed' AND queue_name = 'mailings'") == []


def _try_now() -> None:
    """Let the wait of a begin that could not begin be over."""
    rows(
        f"WITH due AS (SELECT id FROM {BEGINS} FOR UPDATE SKIP LOCKED) UPDATE procrastinate_jobs AS job "
        "SET scheduled_at = now() FROM due WHERE job.id = due.id RETURNING 1"
    )


def _struck_off_while_it_stands_still(process: subprocess.Popen[bytes]) -> bool:
    """Halt the worker, and do what the start of another does. One that was halted in the middle of taking a job holds
    it: it continues a little, and is halted again."""
    process.send_signal(signal.SIGSTOP)
    time.sleep(1.2)
    # What it holds it gives back to nobody.
    rows("SELECT set_config('lock_timeout', '200ms', false)")
    try:
        return bool(rows("SELECT * FROM procrastinate_prune_stalled_workers_v1(1)"))
    except OperationalError:
        process.send_signal(signal.SIGCONT)
        time.sleep(0.3)
        return False


@pytest.mark.nightly
def test_a_worker_that_was_struck_off_while_it_stood_still_ends_with_a_sentence(
    city: City, tmp_path: Path
) -> None:
    """A machine that was moved or frozen: meanwhile another worker started, and the work engine removed this one."""
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    with worker(tmp_path, EVERYFAMILY_STALLED_SECONDS="1") as process:
        wait_for(lambda: rows("SELECT 1 FROM procrastinate_workers"), "a worker")
        wait_for(lambda: _struck_off_while_it_stands_still(process), "a stop between two jobs")
        process.send_signal(signal.SIGCONT)
        assert process.wait(timeout=240) == TRY_AGAIN
    said = words(tmp_path)
    assert "EF582: This worker gave no sign for over 1 seconds" in said
    assert "Nothing was sent twice." in said
    assert "EF001" not in said


@pytest.mark.nightly
def test_a_worker_whose_engine_stops_by_itself_does_not_end_as_if_all_were_well(
    city: City, database: Server, tmp_path: Path
) -> None:
    """The engine cannot write that it works, and gives up: after exit code 0 nobody would start it."""
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    with worker(tmp_path, EVERYFAMILY_STALLED_SECONDS="1") as process, superuser(database) as one:
        wait_for(lambda: rows("SELECT 1 FROM procrastinate_workers"), "a worker")
        one.execute(f"REVOKE UPDATE ON procrastinate_workers FROM {Role.APP}")
        try:
            assert process.wait(timeout=240) == TRY_AGAIN
        finally:
            one.execute(f"GRANT UPDATE ON procrastinate_workers TO {Role.APP}")
    said = words(tmp_path)
    assert "EF587: The worker could not continue" in said
    assert "EF001" not in said


def test_a_worker_whose_work_is_cut_off_works_on_and_fails_no_job(
    city: City, others: list[int], tmp_path: Path
) -> None:
    """Before its first job, between two, and again: what it takes next is done at its first try. Its sign of life
    holds, so nobody else takes its place."""
    from everyfamily.mailings.edges.tasks import queue_look
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    with worker(tmp_path) as process:
        # What it opens before it registers, it closes again.
        wait_for(
            lambda: rows("SELECT 1 FROM procrastinate_workers") and connections_named(WORK, without=others),
            "a worker",
        )
        _cut(connections_named(WORK, without=others))
        school = begin_queued(city)
        wait_for(lambda: (len(city.outbox()) == 3 and not _jobs()) or process.poll() is not None, "the letters")
        assert process.poll() is None, words(tmp_path)
        for _ in range(2):
            # One for its jobs and its sweeps; none is left over from an earlier cut.
            wait_for(lambda: len(connections_named(WORK, without=others)) == 1, "its one connection")
            _cut(connections_named(WORK, without=others))
            queue_look(city.mailing, school)
            wait_for(lambda: not _jobs(), "the look")
    assert "OperationalError" not in words(tmp_path)


def _cut(pids: list[int]) -> None:
    for pid in pids:
        rows("SELECT pg_terminate_backend(%s)", [pid])


def _jobs() -> list[tuple[Any, ...]]:
    """Looks and begins still to be done. Fails if one of them is at its second try."""
    found = rows("SELECT status::text, attempts FROM procrastinate_jobs WHERE queue_name = 'mailings'")
    assert [attempts for status, attempts in found if status == "todo" and attempts] == []
    return found
