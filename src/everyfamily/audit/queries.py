"""Reads of the audit trail."""

from __future__ import annotations

from collections.abc import Collection

from everyfamily.audit.models import AuditEvent


def events_about(school_id: int, subject_type: str, subject_ids: Collection[int]) -> list[dict[str, object]]:
    """What one school's people did to these subjects, oldest first, inside `tenant(school_id)`.

    Each has at, actor, action, subject_type, subject_id and detail (codes and counts).
    """
    found = AuditEvent.objects.filter(
        school_id=school_id, subject_type=subject_type, subject_id__in=[str(row) for row in subject_ids]
    )
    ordered = found.order_by("at", "id")
    return [dict(row) for row in ordered.values("at", "actor", "action", "subject_type", "subject_id", "detail")]
