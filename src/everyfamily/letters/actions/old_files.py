"""The files of frozen versions that count for nothing any more are deleted. The record, its digest, the approvals and
what people said stay for good."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.letters.models import FrozenFile


def count_old_files() -> int:
    """How many files there are of versions that were overtaken."""
    return FrozenFile.objects.filter(frozen__overtaken_at__isnull=False).count()


def clear_old_files(*, by: Actor, now: datetime) -> int:
    """Delete them; how many. Those of a version that is asked, approved or sealed are kept: the database refuses to
    remove one of them."""
    with transaction.atomic():
        old = FrozenFile.objects.filter(frozen__overtaken_at__isnull=False)
        versions = old.order_by().values("frozen_id").distinct().count()
        files = old.delete()[0]
        if files:
            record_event(
                action="clear files of old versions",
                by=by,
                subject_type="letters",
                subject_id="",
                now=now,
                detail={"files": files, "versions": versions},
            )
    return files
