"""Work that somebody asked for on a screen: its queue, how often a job is tried, and rescue of what a dead worker left.

A worker that also sends takes it before the next page of a wave. A worker of its own (`--for screens`) makes nobody
wait, and a large file then stops no wave.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from everyfamily.core.work import MOST_TRIES
from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.rescuing import queue_again_what_died

SCREENS = "screens"
FIRST = 1
"""Priority of a job: a person waits for it. Those of mailings have 0."""


class UntilItHasFailed(BaseRetryStrategy):
    """Tries again soon. The row says when it was begun too often (work/actions/doing.py): then nothing is raised."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """When to try again; None once no row can be waiting for it."""
        decision = AGAIN.get_retry_decision(exception=exception, job=job)
        if decision is None and job.attempts <= MOST_TRIES:
            return RetryDecision(retry_in={"seconds": 2})
        return decision


FOR_SCREENS: dict[str, Any] = {"queue": SCREENS, "priority": FIRST, "retry": UntilItHasFailed()}
"""Of every such task."""


@app.periodic(cron="* * * * * */5")
@app.task(name="rescue_screens", queue=SCREENS, queueing_lock="rescue_screens", priority=FIRST, pass_context=True)
async def rescue_screens(context: JobContext, timestamp: int) -> None:
    """Queue work of dead workers again, also where no worker sends."""
    await queue_again_what_died(context, queue=SCREENS, stalled=settings.EVERYFAMILY_STALLED_SECONDS)
