"""How often a job is tried again: for as long as the database is the reason. A sweep is not: the next one does it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

logger = logging.getLogger(__name__)

AWAY = (OperationalError, InterfaceError, ConnectorException)
"""A deadlock, a time-out, a lost connection, or a server without free connections."""
LONGEST_WAIT = 60
"""Seconds between two tries of a job that has been failing for some time."""


class WhileTheDatabaseIsAway(BaseRetryStrategy):
    """Tries again after 1, 2, 4 ... seconds, at most a minute apart, without end.

    That is no reason to give a school up, and trying again sends nothing twice. Until it works, the school is shown as
    one whose wave has not begun. Any other fault makes the job fail at once.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again, or None if the database is not the reason."""
        if not isinstance(exception, AWAY):
            return None
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 6), LONGEST_WAIT)})


AGAIN = WhileTheDatabaseIsAway()


def leave_to_the_next(call_next: Callable[[], Any], context: JobContext, worker: object) -> Any:
    """Middleware of a job: a sweep that loses the database ends there, with one line in the log.

    Sweeps are the jobs without a strategy. Each comes again by itself within the hour, most of them within a minute,
    and does all that was left. As a failed job it would remain in the table, where trying again helps nobody.
    """
    try:
        return call_next()
    except AWAY as problem:
        _say_or_raise(context, problem)


async def leave_to_the_next_async(
    call_next: Callable[[], Awaitable[Any]], context: JobContext, worker: object
) -> Any:
    """The same for a job that is a coroutine."""
    try:
        return await call_next()
    except AWAY as problem:
        _say_or_raise(context, problem)


def _say_or_raise(context: JobContext, problem: Exception) -> None:
    name = context.job.task_name
    if context.app.tasks[name].retry_strategy is not None:
        raise problem
    logger.warning("The sweep %s lost the database. The next one does what it left.", name)
