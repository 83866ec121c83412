"""A person asks for work, cancels it, or says that they have seen that it failed."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.work import OVER, WorkState
from everyfamily.work.rows import EVERYBODYS, Whose, Work


def ask_for(
    row: Work, queue: Callable[[int], object], *, by: Actor, now: datetime, whose: Whose = EVERYBODYS
) -> int | None:
    """Write down the work and queue its job with `queue`, or neither. Returns its id.

    None if the table allows one at a time and one is waiting or working.
    """
    row.asked_by, row.asked_account, row.asked_at = by.text, by.account, now
    try:
        with whose.within():
            row.save(force_insert=True)
            queue(row.pk)
            record_event(action="ask for work", by=by, now=now, **_about(type(row), row.pk, whose))
    except IntegrityError as problem:
        if "at_a_time" not in str(problem):
            raise
        return None
    return int(row.pk)


def cancel(kind: type[Work], work_id: int, *, by: Actor, now: datetime) -> bool:
    """Stop work that is not over: at once if no worker has begun it, otherwise at its next step. Returns whether it
    was not over yet."""
    rows = kind._default_manager.filter(pk=work_id)
    with transaction.atomic():
        asked = rows.exclude(state__in=OVER).filter(cancel_asked_at=None).update(cancel_asked_at=now)
        rows.filter(state=WorkState.WAITING.value).update(state=WorkState.CANCELLED.value, ended_at=now)
        if asked:
            record_event(action="cancel work", by=by, now=now, **_about(kind, work_id, EVERYBODYS))
    return bool(asked)


def failures_seen(kind: type[Work], *, by: Actor, now: datetime) -> None:
    """A person has seen that work of this kind failed. It waits for nobody any more."""
    with transaction.atomic():
        seen = kind._default_manager.filter(state=WorkState.FAILED.value, seen_at=None)
        for row in seen.select_for_update():
            row.seen_at, row.seen_by = now, by.text
            row.save(update_fields=["seen_at", "seen_by"])
            record_event(action="see failed work", by=by, now=now, **_about(kind, row.pk, EVERYBODYS))


def leave_to_asker(kind: type[Work], work_id: int, codes: Collection[str], now: datetime) -> None:
    """If the work failed with one of these codes, it waits for nobody but whoever asked: they see it where they asked,
    and only they can put it right."""
    failed = kind._default_manager.filter(
        pk=work_id, state=WorkState.FAILED.value, seen_at=None, failed_code__in=codes
    )
    failed.update(seen_at=now, seen_by=F("asked_by"))


def record_end(kind: type[Work], work_id: int, state: WorkState, now: datetime, whose: Whose) -> None:
    """Note in the audit trail what became of it, in the transaction that says so."""
    about = _about(kind, work_id, whose, became=state.value)
    record_event(action="end work", by=Actor.worker("worker"), now=now, **about)


def _about(kind: type[Work], work_id: int, whose: Whose, **detail: str) -> dict[str, Any]:
    """What an event about this work says."""
    return {
        "subject_type": kind.__name__.lower(),
        "subject_id": work_id,
        "school_id": whose.school_id,
        "detail": {"what": kind.WHAT, **detail},
    }
