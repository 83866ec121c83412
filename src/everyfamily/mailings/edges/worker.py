"""A worker process: its sign of life, its settling of what others left, and the work engine's loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connections
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.db_cleanup import close_db_connections, close_db_connections_async
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.signals import on_stop
from procrastinate.worker import Worker
from psycopg.errors import ForeignKeyViolation

from everyfamily.core.actors import Actor
from everyfamily.core.errors import TRY_AGAIN, EveryfamilyError
from everyfamily.mailings.actions.guards.life_signs import life_sign
from everyfamily.mailings.actions.guards.tripwire import watched
from everyfamily.mailings.actions.keys.ledger_keys import bind_ledger_keys
from everyfamily.mailings.edges.connections import require_connections
from everyfamily.mailings.edges.patience import leave_to_the_next, leave_to_the_next_async
from everyfamily.mailings.edges.screens import SCREENS
from everyfamily.mailings.edges.tasks import QUEUE, SWEEPS, TRIPWIRE, WORKER, settle
from everyfamily.mailings.installation import clock
from everyfamily.mailings.queries.health import SIGN_OF_SCREENS
from everyfamily.people.keys.school_keys import master_key


class WorkerStoodStill(EveryfamilyError):
    """The worker gave no sign for so long that the work engine took it for dead and removed it."""

    code = "EF582"
    exits_with = TRY_AGAIN


class WorkerEndedItself(EveryfamilyError):
    """The work engine stopped without being told to, because a part of it could not continue."""

    code = "EF587"
    exits_with = TRY_AGAIN


class _JobThread(ThreadPoolExecutor):
    """One thread for all jobs, so that they share one database connection.

    A pool of several threads sometimes begins a second one, which opens a second connection. Host names are looked up
    in a separate thread, because a lookup for the engine's own connections must not wait until the current job is done.
    """

    def __init__(self) -> None:
        super().__init__(max_workers=1, thread_name_prefix="jobs")
        self._lookups = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lookups")

    def submit[T](self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Queue a call: a lookup runs alongside the jobs, and anything else runs after the current job."""
        if fn is socket.getaddrinfo:
            return self._lookups.submit(fn, *args, **kwargs)
        return super().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End both threads."""
        self._lookups.shutdown(wait=wait, cancel_futures=cancel_futures)
        super().shutdown(wait=wait, cancel_futures=cancel_futures)


class WorksFor(StrEnum):
    """What one worker does."""

    ALL = "all"
    MAILINGS = "mailings"
    SCREENS = "screens"
    """Only what people ask for on screens. It sends nothing, and settles nothing that was sent."""

    @property
    def queues(self) -> list[str]:
        """Of the work engine."""
        return ([] if self is WorksFor.SCREENS else [QUEUE, SWEEPS]) + (
            [] if self is WorksFor.MAILINGS else [SCREENS]
        )


def run_worker(works_for: WorksFor = WorksFor.ALL) -> None:
    """Work until told to stop (on SIGTERM or SIGINT, the current job is finished first).

    Raises TooFewConnections, WorkerStoodStill or WorkerEndedItself, what `master_key` raises, and what the tripwire
    raises if the database may be older than what was sent. Another worker settles what it had in progress.
    """
    # Without it, each file that a school uploads would fail here, although another worker could read it.
    master_key()
    require_connections()
    with _signs_of(works_for):
        # The planner is asked only for a moment each minute, so the end of each job gives its connection back.
        connections.settings["planner"]["CONN_MAX_AGE"] = 0
        # Jobs run in a thread with its own connections, so these would only be idle.
        connections.close_all()
        try:
            told = asyncio.run(_work(works_for.queues))
        except ConnectorException as problem:
            if isinstance(problem.__cause__, ForeignKeyViolation):
                raise _stood_still() from problem
            raise
        if not told:
            raise WorkerEndedItself(
                "The worker could not continue: a part of it lost the database, or never reached it.",
                "Start it again. A service does so by itself (docs/howto/run-the-workers.md).",
            )


@contextmanager
def _signs_of(works_for: WorksFor) -> Iterator[None]:
    """What must hold while a worker of this kind is at work. Only one that sends is asked for what others had sent."""
    if works_for is WorksFor.SCREENS:
        with life_sign(WORKER, named=SIGN_OF_SCREENS):
            yield
        return
    with life_sign(WORKER), watched(TRIPWIRE):
        bind_ledger_keys(by=Actor.worker(WORKER), now=clock.now())
        settle()
        yield


async def _work(queues: list[str]) -> bool:
    """Run the engine's loop. Returns whether it ended because somebody told it to."""
    told = False
    asyncio.get_running_loop().set_default_executor(_JobThread())
    # One connection is enough, because a worker does one job at a time.
    named = connector_params() | {"application_name": "everyfamily: work engine"}
    engine = PsycopgConnector(kwargs=named, min_size=1, max_size=1)
    with app.replace_connector(engine) as running:
        async with running.open_async():
            worker = _worker_of(running, queues)

            def stop() -> None:
                nonlocal told
                told = True
                worker.stop()  # type: ignore[no-untyped-call]

            with on_stop(stop):
                await worker.run()  # type: ignore[no-untyped-call]
    return told


def _worker_of(running: App, queues: list[str]) -> Worker:
    running.perform_import_paths()  # type: ignore[no-untyped-call]
    # A worker that does not send does not ask for sweeps of what was sent either.
    regular = running.periodic_registry.periodic_tasks
    for key in [key for key, periodic in regular.items() if periodic.task.queue not in queues]:
        del regular[key]
    return Worker(
        running,
        queues=queues,
        concurrency=1,
        name=WORKER,
        # It asks for jobs after each job, and every second when it has none. Listening would save part of that second,
        # and keep a connection more.
        listen_notify=False,
        fetch_job_polling_interval=settings.EVERYFAMILY_POLLING_SECONDS,
        update_heartbeat_interval=settings.EVERYFAMILY_STALLED_SECONDS / 3,
        stalled_worker_timeout=settings.EVERYFAMILY_STALLED_SECONDS,
        install_signal_handlers=False,
        # If a connection was cut between two jobs, the thread that has it drops it and opens it again. Without this, a
        # worker that has its sign of life but has lost the database for its work would fail every job that it takes.
        task_middleware=[
            *(close_db_connections, close_db_connections_async),
            *(leave_to_the_next, leave_to_the_next_async),
        ],
        delete_jobs="successful",
    )


def _stood_still() -> WorkerStoodStill:
    return WorkerStoodStill(
        f"This worker gave no sign for over {settings.EVERYFAMILY_STALLED_SECONDS:g} seconds, as after a pause of the "
        "machine, and another took it for dead. Nothing was sent twice.",
        "Start it again. A service does so by itself (docs/howto/run-the-workers.md).",
    )
