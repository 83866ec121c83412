"""What somebody asks for on a screen is done once by a worker, whatever happens to it on the way."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from click.testing import CliRunner

from everyfamily.cli.main import main
from everyfamily.core.actors import Actor
from everyfamily.core.work import WorkState
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, City, adult
from tests.factories.kept import kept_city
from tests.integration.database.worker_processes import rows, wait_for, words, worker

if TYPE_CHECKING:
    from everyfamily.work.actions.doing import Turn
    from everyfamily.work.queries.work import Verified

pytestmark = [pytest.mark.database, pytest.mark.slow]

PAT = Actor.typed("Pat Example")
URN = 900001


@kept_city
def trail(city: City) -> None:
    """One school with its roll: events in two chains."""
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    city.school(URN, [adult("P1", "Ana Ferris")])


@pytest.fixture
def superuser(database: Server) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who gets round every grant and trigger."""
    password = json.loads((database.folders.home / "roles.json").read_text())["postgres"]
    with psycopg.connect(database.dsn(Role.OWNER), user="postgres", password=password, autocommit=True) as one:
        one.execute("SET session_replication_role = replica")
        yield one


@pytest.fixture
def looked() -> None:
    """A check has held. The rows of a test, which no act explains, are older."""
    from everyfamily.work.models import Verification

    Verification.objects.create(state="done", asked_by="Una Marsh", asked_at=NOW, begun_at=NOW, ended_at=NOW)


def ask() -> bool:
    from everyfamily.reports.tasks import ask_to_verify

    return ask_to_verify(by=PAT, now=NOW)


def newest() -> Verified:
    from everyfamily.work.queries.work import newest_verification

    found = newest_verification()
    assert found is not None
    return found


def jobs() -> list[tuple[Any, ...]]:
    return rows("SELECT status::text, args FROM procrastinate_jobs WHERE task_name = 'verify_audit' ORDER BY id")


def run(do: Callable[[Turn], None]) -> None:
    """A worker takes up the newest check, and does `do` instead of following the chains."""
    from everyfamily.work.actions.verifying import verify

    verify(newest().id, do, lambda: NOW)


def nothing(turn: Turn) -> None:
    """Work without a step."""


def test_the_row_and_its_job_are_written_together_or_not_at_all(trail: City) -> None:
    from django.db import transaction

    from everyfamily.work.queries.work import newest_verification

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert ask()
        assert len(jobs()) == 1
        raise ZeroDivisionError
    assert (newest_verification(), jobs()) == (None, [])
    assert ask()
    assert (newest().state, newest().asked_by) == (WorkState.WAITING, "Pat Example")
    assert jobs() == [("todo", f'{{"verification_id": {newest().id}}}')], "a job has an id and nothing more"


def test_two_who_ask_at_once_get_one(trail: City) -> None:
    assert [ask(), ask()] == [True, False]
    assert len(jobs()) == 1
    run(nothing)
    assert ask()


def test_it_is_done_once_however_often_the_job_runs(trail: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.reports.tasks import verify_audit

    ask()
    verify_audit(verification_id=newest().id)
    found = newest()
    assert (found.state, found.done, found.of, found.broken) == (WorkState.DONE, 2, 2, ())
    events = AuditEvent.objects.filter(subject_type="verification").order_by("id")
    said = [(one.action, one.actor) for one in events]
    assert said == [
        ("ask for work", "Pat Example"),
        ("end work", "worker"),
    ]
    assert found.events > 1
    verify_audit(verification_id=found.id)
    assert newest() == found
    assert AuditEvent.objects.filter(subject_type="verification").count() == 2
    # The next one is compared with where this one ended.
    ask()
    verify_audit(verification_id=newest().id)
    assert newest().state is WorkState.DONE


def test_a_trail_that_somebody_changed_is_a_task_of_the_administrator(
    trail: City, looked: None, superuser: psycopg.Connection[Any]
) -> None:
    from everyfamily.reports.tasks import verify_audit

    superuser.execute("UPDATE audit_auditevent SET actor = 'Bo Example' WHERE school_id IS NOT NULL")
    ask()
    verify_audit(verification_id=newest().id)
    found = newest()
    assert (found.state, found.failed_code) == (WorkState.FAILED, "EF452")
    assert found.broken[0].startswith(f"The chain of school {URN} breaks at place 1")
    said = CliRunner().invoke(main, ["tasks"]).output
    assert "The check of the audit trail failed. Administrator." in said
    assert "1 of 2 chains of the audit trail do not hold. (EF452; asked for by Pat Example)" in said
    ask()
    assert "EF452" not in CliRunner().invoke(main, ["tasks"]).output, "who asks again has seen it"


def test_an_end_that_was_cut_off_since_the_last_check_is_found(
    trail: City, superuser: psycopg.Connection[Any]
) -> None:
    from everyfamily.reports.tasks import verify_audit

    ask()
    verify_audit(verification_id=newest().id)
    superuser.execute(
        "WITH last AS (DELETE FROM audit_auditlink WHERE (chain, position) = "
        "(SELECT chain, max(position) FROM audit_auditlink WHERE chain <> 0 GROUP BY chain) RETURNING event_id) "
        "DELETE FROM audit_auditevent WHERE id IN (SELECT event_id FROM last)"
    )
    ask()
    verify_audit(verification_id=newest().id)
    assert (newest().state, newest().failed_code) == (WorkState.FAILED, "EF452")


def test_a_fault_is_tried_three_times_and_then_a_person_looks(
    trail: City, caplog: pytest.LogCaptureFixture
) -> None:
    from everyfamily.work.queries.work import failed_work

    def fault(turn: Turn) -> None:
        raise ValueError("ana@example.org")

    ask()
    for _ in range(2):
        with pytest.raises(ValueError, match="ana"):
            run(fault)
        assert (newest().state, failed_work()) == (WorkState.WORKING, [])
    run(fault)
    assert (newest().state, newest().failed_code) == (WorkState.FAILED, "EF451")
    assert [one.code for one in failed_work()] == ["EF451"]
    assert "ana@example.org" not in newest().failed_fact + caplog.text


def test_work_that_three_workers_could_not_finish_has_failed(trail: City) -> None:
    def killed(turn: Turn) -> None:
        raise KeyboardInterrupt

    ask()
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            run(killed)
    run(nothing)
    assert (newest().state, newest().failed_code) == (WorkState.FAILED, "EF450")


def test_what_waits_is_cancelled_at_once(trail: City) -> None:
    from everyfamily.work.actions.verifying import cancel_verification

    ask()
    assert cancel_verification(newest().id, by=PAT, now=NOW)
    assert newest().state is WorkState.CANCELLED
    run(nothing)
    assert newest().state is WorkState.CANCELLED
    assert not cancel_verification(newest().id, by=PAT, now=NOW), "it is over"


def test_what_is_under_way_stops_at_its_next_step(trail: City) -> None:
    from everyfamily.work.actions.verifying import cancel_verification

    reached = []

    def work(turn: Turn) -> None:
        for step in range(1, 4):
            turn.reached(step, 3)
            reached.append(step)
            if step == 2:
                assert cancel_verification(turn.id, by=PAT, now=NOW)
                assert newest().is_cancelling

    ask()
    run(work)
    assert (reached, newest().state, newest().done) == ([1, 2], WorkState.CANCELLED, 2)


def test_a_worker_that_was_taken_for_dead_writes_nothing_more(trail: City) -> None:
    def slow(turn: Turn) -> None:
        turn.reached(1, 3)
        run(lambda other: other.reached(3, 3))
        assert newest().state is WorkState.DONE
        turn.reached(2, 3)
        raise AssertionError("it went on")

    ask()
    run(slow)
    assert (newest().state, newest().done) == (WorkState.DONE, 3)


QUICK = {"EVERYFAMILY_STALLED_SECONDS": "1", "EVERYFAMILY_CLOCK": "system"}


def done() -> bool:
    return newest().state is WorkState.DONE


def test_a_killed_workers_work_is_begun_again_and_done(
    trail: City, looked: None, database: Server, tmp_path: Path
) -> None:
    """A real worker is killed in the middle of a chain. Another finds its job and finishes it."""
    ask()
    with psycopg.connect(database.dsn(Role.OWNER)) as holding:
        holding.execute("LOCK TABLE audit_auditlink IN ACCESS EXCLUSIVE MODE")
        with worker(tmp_path, "--for", "screens", **QUICK) as first:
            wait_for(lambda: newest().state is WorkState.WORKING, "the first worker to begin", seconds=60)
            first.send_signal(signal.SIGKILL)
            first.wait()
        holding.rollback()
    assert newest().state is WorkState.WORKING, "nobody has told the row"
    with worker(tmp_path, "--for", "screens", **QUICK):
        wait_for(done, "the second worker to finish", seconds=60)
    assert rows("SELECT max(tries) FROM work_verification") == [(2,)]
    assert "EF" not in words(tmp_path)


def test_each_kind_of_worker_does_what_it_is_for(trail: City, looked: None, tmp_path: Path) -> None:
    from everyfamily.mailings.queries.health import health

    trail.open()
    ask()
    with worker(tmp_path, "--for", "screens", **QUICK):
        wait_for(done, "the worker for screens", seconds=60)
        assert health().is_unattended, "it sends nothing, so it does not count"
        assert rows("SELECT DISTINCT queue_name FROM procrastinate_jobs WHERE status = 'todo'") in (
            [],
            [("screens",)],
        )
    ask()
    with worker(tmp_path, "--for", "mailings", **QUICK):
        wait_for(lambda: health().workers.alive == 1, "the worker for mailings", seconds=60)
        # It asks for jobs every tenth of a second.
        time.sleep(1)
        assert newest().state is WorkState.WAITING
    with worker(tmp_path, **QUICK):
        wait_for(done, "the worker for everything", seconds=60)


def test_work_that_no_worker_begins_is_said(trail: City) -> None:
    from everyfamily.mailings.queries.health import health

    ask()
    assert health().is_good
    rows("UPDATE procrastinate_events SET at = at - interval '11 minutes' RETURNING 1")
    assert not health().is_good
    said = CliRunner().invoke(main, ["health"])
    assert (said.exit_code, "asked for work on a screen" in said.output) == (1, True)
