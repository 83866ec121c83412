"""Jobs of dead workers are queued again."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status


async def queue_again_what_died(context: JobContext, *, stalled: float, queue: str | None = None) -> None:
    """Queue each job again whose worker gave no sign for `stalled` seconds, of one queue or of all."""
    manager: Any = context.app.job_manager
    left = [*await manager.get_stalled_jobs(queue=queue, seconds_since_heartbeat=stalled)]
    if context.job.worker_id is not None:
        # A worker does one job at a time. Any other job in its name could not be ended, and never counts as stalled.
        own = await manager.list_jobs_async(status="doing", worker_id=context.job.worker_id)
        left += [job for job in own if job.id != context.job.id]
    for job in left:
        # If one cannot be queued again (another sweep was quicker), the others and the settling still go ahead.
        with suppress(ConnectorException):
            await _queue_again(manager, job)


async def _queue_again(manager: Any, job: Job) -> None:
    try:
        await manager.retry_job(job)
    except UniqueViolation:
        # The same look is already waiting, and will do what this one would have done.
        await manager.finish_job(job=job, status=Status.FAILED, delete_job=True)
