"""Reads of a school's newest uploaded file: where it is, and what was found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from everyfamily.core.rolls.uploads import OPEN, UploadState
from everyfamily.people.actions.rolls.upload_notes import PLACE, Note
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import SchoolKeyDestroyed, open_vault
from everyfamily.people.models import RollAnswers, RollMapping, RollUpload


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """One uploaded file."""

    id: int
    state: UploadState
    asked_by: str
    asked_at: datetime
    queued_at: datetime
    """When a worker was last asked for something."""
    keep_until: datetime
    ended_at: datetime | None
    put_by: str
    reviews: int
    """The number of the review that a page shows."""
    failed_code: str
    note: Note = field(repr=False)

    @property
    def is_open(self) -> bool:
        """Whether it keeps another file from being uploaded."""
        return self.state in OPEN


def newest_upload(school_id: int, now: datetime) -> UploadFacts | None:
    """The school's newest uploaded file. None if there never was one."""
    with tenant(school_id):
        row = RollUpload.objects.filter(school_id=school_id).order_by("-pk").first()
        if row is None:
            return None
        return UploadFacts(
            row.pk,
            UploadState(row.state),
            row.asked_by,
            row.asked_at,
            row.queued_at or row.asked_at,
            row.keep_until,
            row.ended_at,
            row.put_by,
            row.reviews,
            row.failed_code,
            _note(row, now),
        )


def _note(row: RollUpload, now: datetime) -> Note:
    if row.note is None:
        return Note("")
    try:
        vault = open_vault(row.school_id, now=now)
    except SchoolKeyDestroyed:
        return Note("")
    return Note.from_text(vault.decrypt(PLACE, row.pk, bytes(row.note)))


def columns_are_remembered(school_id: int) -> bool:
    """Whether the school has said what the columns of an export mean."""
    with tenant(school_id):
        return (
            RollMapping.objects.filter(school_id=school_id).exists()
            or RollAnswers.objects.filter(school_id=school_id).exists()
        )
