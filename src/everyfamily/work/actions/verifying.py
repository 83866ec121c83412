"""The check of the audit trail that somebody asked for on a screen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.work.actions.asking import ask_for, cancel, failures_seen
from everyfamily.work.actions.doing import Turn, work_on
from everyfamily.work.models import Verification


def ask_for_verification(queue: Callable[[int], object], *, by: Actor, now: datetime) -> bool:
    """Write the check down and queue its job, unless one is waiting or under way. Returns whether it was queued.

    Whoever asks again has seen that an earlier one failed.
    """
    if not ask_for(Verification(), queue, by=by, now=now):
        return False
    failures_seen(Verification, by=by, now=now)
    return True


def verify(work_id: int, follow: Callable[[Turn], None], clock: Callable[[], datetime]) -> None:
    """Do it, with `follow`, which says how far it is."""
    work_on(Verification, work_id, follow, clock)


def cancel_verification(work_id: int, *, by: Actor, now: datetime) -> bool:
    """Stop it at its next chain. Returns whether it was not over yet."""
    return cancel(Verification, work_id, by=by, now=now)
