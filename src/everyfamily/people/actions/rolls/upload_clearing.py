"""Uploaded files whose time is over, or whose school's key goes, are cleared: the file, its name and what was found."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.rolls.uploads import OPEN, UploadState
from everyfamily.people.actions.roll_tasks import close_held_task
from everyfamily.people.actions.rolls.taking_back import can_stay_in, let_overdue_stay
from everyfamily.people.actions.rolls.upload_turns import KeyChanged
from everyfamily.people.actions.rolls.uploads import drop_parts
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import RollUpload


def clear_overdue_uploads(now: datetime) -> int:
    """Clear whatever is kept beyond its hour, at every school: also how a roll was before its newest file. Returns how
    many uploads."""
    let_overdue_stay(now)
    overdue = RollUpload.objects.using("planner").filter(cleared_at=None, keep_until__lte=now)
    cleared = 0
    for school_id, upload_id in list(overdue.values_list("school_id", "id")):
        with tenant(school_id):
            row = _locked(school_id).filter(pk=upload_id, cleared_at=None).first()
            if row is not None:
                _clear(row, UploadState.GIVEN_UP, Actor.worker("worker"), now)
                _record("clear uploaded roll", row, Actor.worker("worker"), now)
                cleared += 1
    return cleared


def drop_uploads_with_key(school_id: int, *, by: Actor, now: datetime) -> None:
    """The school's key is about to change or go, and with it what was encrypted. Inside `tenant(school_id)`."""
    can_stay_in(school_id)
    for row in _locked(school_id).filter(cleared_at=None):
        _clear(row, UploadState.FAILED, by, now, code=KeyChanged.code)
        _record("clear uploaded roll", row, by, now)


def _locked(school_id: int) -> QuerySet[RollUpload]:
    return RollUpload.objects.select_for_update(no_key=True).filter(school_id=school_id)


def _clear(row: RollUpload, to: UploadState, by: Actor, now: datetime, *, code: str = "") -> None:
    drop_parts(row.school_id, row.pk)
    if row.state == UploadState.HELD.value:
        close_held_task(row.school_id, by=by, now=now)
    if row.state in OPEN:
        row.state, row.ended_at, row.failed_code = to.value, now, code
    row.note, row.cleared_at = None, now
    row.save(update_fields=["state", "ended_at", "failed_code", "note", "cleared_at"])


def _record(action: str, row: RollUpload, by: Actor, now: datetime) -> None:
    record_event(
        action=action,
        by=by,
        subject_type="rollupload",
        subject_id=row.pk,
        now=now,
        school_id=row.school_id,
        detail={"became": row.state},
    )
