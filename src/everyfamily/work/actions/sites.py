"""The making of the parent site that somebody asked for on a screen, or that a change of a route asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.work.actions.asking import ask_for, failures_seen
from everyfamily.work.actions.doing import Turn, work_on
from everyfamily.work.models import SiteBuild


def ask_for_site(
    queue: Callable[[int], object],
    *,
    languages: Sequence[str],
    letters: Sequence[str],
    for_families: bool,
    by: Actor,
    now: datetime,
) -> bool:
    """Write the making of a site down and queue its job, unless one is waiting or under way. Returns whether it was
    queued.

    `letters` are the references of the letters on it. Whoever asks again has seen that an earlier one failed.
    """
    row = SiteBuild(languages=[*languages], letters=[*letters], is_for_families=for_families)
    if not ask_for(row, queue, by=by, now=now):
        return False
    failures_seen(SiteBuild, by=by, now=now)
    return True


def make_site(work_id: int, make: Callable[[Turn], None], clock: Callable[[], datetime]) -> None:
    """Do it, with `make`, which says how far it is and what was found."""
    work_on(SiteBuild, work_id, make, clock)
