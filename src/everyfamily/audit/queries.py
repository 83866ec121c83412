"""Reads of the audit trail."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

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


def details_of(action: str, subject_type: str) -> list[dict[str, Any]]:
    """`detail` of everything of this sort that the partnership did, oldest first."""
    found = AuditEvent.objects.filter(school_id=None, action=action, subject_type=subject_type, subject_id="")
    return list(found.order_by("at", "id").values_list("detail", flat=True))
