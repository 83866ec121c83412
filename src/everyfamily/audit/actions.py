"""Writes to the audit trail, inside the transaction of what they record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.audit.models import AuditEvent
from everyfamily.core.actors import Actor


def record_event(
    *,
    action: str,
    by: Actor,
    subject_type: str,
    subject_id: object,
    now: datetime,
    school_id: int | None = None,
    detail: dict[str, object] | None = None,
) -> None:
    """Append one event. With `school_id` only that school sees it. Without, the partnership does."""
    AuditEvent.objects.create(
        at=now,
        **_columns(by),
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        school_id=school_id,
        detail=detail or {},
    )


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One of many events from one act. `detail` holds codes, counts and ids."""

    action: str
    subject_type: str
    subject_id: int
    detail: dict[str, object]


def record_events(events: Iterable[NewEvent], *, by: Actor, now: datetime, school_id: int | None = None) -> None:
    """Append many events from one moment in a few statements: for one school, or for the partnership if there is no
    `school_id`."""
    AuditEvent.objects.bulk_create(
        (
            AuditEvent(
                at=now,
                **_columns(by),
                action=event.action,
                subject_type=event.subject_type,
                subject_id=str(event.subject_id),
                school_id=school_id,
                detail=event.detail,
            )
            for event in events
        ),
        batch_size=1000,
    )


def _columns(by: Actor) -> dict[str, Any]:
    return {"actor": by.text, "actor_kind": by.kind.value, "actor_account": by.account}
