"""What somebody must see to so that mailings go on, in words."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.core.next_steps import Next, Step
from everyfamily.core.text.counts import of
from everyfamily.mailings.queries.health import Health, Workers


def health_steps(found: Health) -> Iterator[Step]:
    """A step for each thing that somebody must see to. None if all is well."""
    if found.is_unattended:
        yield nobody_works(found.workers)
    for one in found.not_begun:
        yield Step(
            f"Letter {one.reference}, school {one.urn}: its wave was due on {one.due_at:%-d %B at %H:%M} and has not "
            "begun."
        )
    for reference in found.paused:
        yield Step(f"Letter {reference}: its mailing has stopped by itself.", Next.SEE_TASKS)
    if found.failed_jobs:
        yield Step(
            f"{of(found.failed_jobs, 'job')} failed in the last hour. The workers' log says why: please report it."
        )
    if found.work_waits:
        yield Step(
            "Somebody asked for work on a screen over ten minutes ago, and no worker has begun it. Start one.",
            Next.START_WORKER,
        )


def nobody_works(workers: Workers) -> Step:
    """That no worker is alive, and since when."""
    since = (
        f"The last sign of life was {_long(workers.silent_for)} ago. " if workers.silent_for is not None else ""
    )
    return Step(
        f"No worker is alive, and a mailing is open. {since}Letters wait, and nothing that comes back is heard. "
        "Start one.",
        Next.START_WORKER,
    )


def _long(seconds: float) -> str:
    if seconds < 120:
        return of(round(seconds), "second")
    if seconds < 7200:
        return of(round(seconds / 60), "minute")
    return of(round(seconds / 3600), "hour")
