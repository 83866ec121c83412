"""Writes to the audit trail, inside the transaction of what they tell of."""

from __future__ import annotations

from datetime import datetime

from everyfamily.audit.models import AuditEvent


def record_event(
    *,
    action: str,
    by: str,
    subject_type: str,
    subject_id: object,
    now: datetime,
    school_id: int | None = None,
    detail: dict[str, object] | None = None,
) -> None:
    """Append one event. With `school_id` only that school sees it; without, the partnership does."""
    AuditEvent.objects.create(
        at=now,
        actor=by,
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        school_id=school_id,
        detail=detail or {},
    )
