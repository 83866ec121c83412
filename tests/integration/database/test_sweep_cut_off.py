"""A sweep that loses the database ends without a failed job, and the next one does what it left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import City
from tests.factories.recovered import superuser
from tests.integration.database.worker_processes import connections_named, rows

pytestmark = pytest.mark.database

JOBS = "SELECT task_name, status::text, attempts FROM procrastinate_jobs WHERE task_name = ANY(%s)"


def all_jobs_done() -> None:
    """What a worker's engine does until no job waits, in this process: its loop, its thread and its middleware. It
    queues no sweep by itself."""
    from django.db import connections

    from everyfamily.mailings.edges import worker
    from everyfamily.mailings.edges.tasks import QUEUE, SWEEPS

    async def work() -> None:
        asyncio.get_running_loop().set_default_executor(worker._JobThread())
        with app.replace_connector(
            PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=1)
        ) as running:
            async with running.open_async():
                running.perform_import_paths()  # type: ignore[no-untyped-call]
                engine = worker._worker_of(running, [QUEUE, SWEEPS, "screens"])
                engine.wait = False
                engine._periodic_deferrer = asyncio.Event().wait  # type: ignore[method-assign]
                await engine.run()  # type: ignore[no-untyped-call]
        await asyncio.get_running_loop().run_in_executor(None, connections.close_all)

    asyncio.run(work())


def cut_off_once(server: Server, then: Callable[[], None]) -> Callable[[], None]:
    """Work whose connection ends between its first statement and its second, the first time that it is done."""
    left = [1]

    def work() -> None:
        [(own,)] = rows("SELECT pg_backend_pid()")
        if left:
            left.pop()
            with superuser(server) as one:
                one.execute("SELECT pg_terminate_backend(%s)", [own])
        rows("SELECT 1")
        then()

    return work


@pytest.mark.parametrize(
    ("sweep", "part"), [("rescue", "settle"), ("keep_going", "take_in_receipts"), ("forget_ended_sessions", None)]
)
def test_it_is_no_failed_job_and_the_next_one_works(
    city: City,
    database: Server,
    sweep: str,
    part: str | None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    from everyfamily.accounts import tasks as of_accounts
    from everyfamily.mailings.edges import tasks

    monkeypatch.setattr("django.conf.settings.EVERYFAMILY_CLOCK", "system")
    done: list[str] = []
    work = cut_off_once(database, lambda: done.append(sweep))
    if part is None:
        monkeypatch.setattr(of_accounts, "forget_ended_sessions", lambda _now: work())
    else:
        monkeypatch.setattr(tasks, part, lambda *_now: work())
    for expected in ([], [sweep]):
        app.tasks[sweep].configure().defer(timestamp=0)
        all_jobs_done()
        assert rows(JOBS, [[sweep]]) == []
        assert done[:1] == expected
    said = [one for one in caplog.records if "lost the database" in one.getMessage()]
    assert [one.getMessage() for one in said] == [
        f"The sweep {sweep} lost the database. The next one does what it left."
    ]
    assert "OperationalError" not in caplog.text


def test_the_cut_is_real(city: City, database: Server) -> None:
    """Without a sweep round it, the work that is cut off raises what a lost connection raises."""
    from django.db import OperationalError, connection

    with pytest.raises(OperationalError):
        cut_off_once(database, lambda: None)()
    connection.close()
    assert connections_named(Role.APP) == []


def test_every_job_that_is_never_tried_again_comes_again_within_the_hour(city: City) -> None:
    """Only of these may it be said that the next one does what was left."""
    from croniter import croniter

    app.perform_import_paths()  # type: ignore[no-untyped-call]
    periodic = {one.task.name: one.cron for one in app.periodic_registry.periodic_tasks.values()}
    never = sorted(name for name, task in app.tasks.items() if task.retry_strategy is None)
    never = [name for name in never if "builtin" not in name]
    assert "rescue" in never
    for name in never:
        times = croniter(periodic[name], 0)
        first, second = times.get_next(), times.get_next()
        assert second - first <= 3600, name
