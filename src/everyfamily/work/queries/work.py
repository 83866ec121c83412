"""How far work is, and what failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.work import WorkState
from everyfamily.work.models import Verification
from everyfamily.work.rows import Work


@dataclass(frozen=True, slots=True)
class Failed:
    """Work that failed and that nobody has looked at yet: a task of the administrator."""

    what: str
    code: str
    fact: str
    asked_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verified:
    """The newest check of the audit trail."""

    id: int
    state: WorkState
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    done: int
    of: int
    is_cancelling: bool
    failed_code: str
    failed_fact: str
    chains: int
    events: int
    broken: tuple[str, ...]


def failed_work() -> list[Failed]:
    """All that failed and waits for a person, oldest first."""
    return sorted((one for kind in _kinds() for one in _failed(kind)), key=lambda one: one.at)


def newest_verification() -> Verified | None:
    """The check of the audit trail that was asked for last. None if nobody has asked on a screen yet."""
    row = Verification.objects.order_by("-pk").first()
    if row is None:
        return None
    return Verified(
        row.pk,
        WorkState(row.state),
        row.asked_by,
        row.asked_at,
        row.ended_at,
        row.done,
        row.of,
        row.cancel_asked_at is not None and row.ended_at is None,
        row.failed_code,
        row.failed_fact,
        row.chains,
        row.events,
        tuple(row.broken),
    )


@dataclass(frozen=True, slots=True)
class TrailTrouble:
    """The newest check of the audit trail found a chain that does not hold, or could not be done."""

    id: int
    is_broken: bool
    at: datetime


def trail_trouble() -> TrailTrouble | None:
    """What somebody must look at, by the newest check that has ended. None if there is nothing."""
    row = Verification.objects.exclude(ended_at=None).order_by("-pk").first()
    if row is None or row.ended_at is None:
        return None
    failed = row.state == WorkState.FAILED.value and row.seen_at is None
    return TrailTrouble(row.pk, bool(row.broken), row.ended_at) if row.broken or failed else None


def last_held_at() -> datetime | None:
    """When a check that somebody asked for here last found every chain whole. None if none did."""
    held = Verification.objects.filter(state=WorkState.DONE.value).order_by("-pk")
    return held.values_list("ended_at", flat=True).first()


def looked_from() -> datetime | None:
    """From when on the next check names what came in past the product: when the newest one was asked for that held, or
    that said what does not."""
    over = Verification.objects.exclude(ended_at=None).exclude(broken=[], state=WorkState.FAILED.value)
    return (
        over.exclude(state=WorkState.CANCELLED.value).order_by("-pk").values_list("asked_at", flat=True).first()
    )


def heads_of_last_check() -> str:
    """Where the chains ended at the newest check that held, or "" if there is none."""
    held = Verification.objects.filter(state=WorkState.DONE.value).order_by("-pk")
    return held.values_list("heads", flat=True).first() or ""


def _kinds() -> list[type[Work]]:
    return Work.__subclasses__()


def _failed(kind: type[Work]) -> Iterator[Failed]:
    for row in kind._default_manager.filter(state=WorkState.FAILED.value, seen_at=None):
        at = row.ended_at or row.asked_at
        yield Failed(kind.WHAT, row.failed_code, row.failed_fact, row.asked_by, at)
