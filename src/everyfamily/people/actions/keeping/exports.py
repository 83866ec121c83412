"""A file about one adult that somebody at the school asked for on a screen: prepared in the background, for whoever
asked and for one day. What is in it, mailings/actions/ending/subject_access.py says.

It is encrypted under the school's key as soon as it is written, and the row is deleted with all that it holds.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.work import WorkState
from everyfamily.people.actions.keeping.subject_access import record_access, require_adult
from everyfamily.people.database.access import require_across
from everyfamily.people.database.school_work import of_school
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import DataExport
from everyfamily.work.actions.asking import ask_for
from everyfamily.work.actions.doing import Turn, work_on

KEPT = timedelta(hours=24)


class ExportOver(EveryfamilyError):
    """A file that is not there any more, was never ready, or belongs to somebody else."""

    code = "EF657"


@dataclass(frozen=True, slots=True)
class Export:
    """A file that somebody asked for, without what is in it."""

    id: int
    adult: int
    state: WorkState
    asked_at: datetime
    gone_at: datetime
    downloads: int
    failed_code: str
    failed_fact: str


@dataclass(frozen=True, slots=True)
class ExportFiles:
    """What is handed over, twice: for a program and for a reader. Personal data, for whoever asked."""

    json: str
    text: str


def ask_for_export(
    school_id: int, adult: int, queue: Callable[[int], object], *, by: Actor, now: datetime
) -> bool:
    """Ask for a file about an adult, unless whoever asks has one that waits. Returns whether it was asked for.

    Raises AdultNotKnown.
    """
    with tenant(school_id):
        require_adult(school_id, adult)
    row = DataExport(school_id=school_id, parent_id=adult)
    return ask_for(row, queue, by=by, now=now, whose=of_school(school_id)) is not None


def prepare_export(
    school_id: int,
    export_id: int,
    gather: Callable[[int, int, datetime], ExportFiles],
    clock: Callable[[], datetime],
) -> None:
    """Write the file of one row, with what `gather` says about (school, adult, now) inside `tenant(school_id)`.

    A second run, and a run after the row is gone, do nothing.
    """

    def write(turn: Turn) -> None:
        now = clock()
        with tenant(school_id):
            row = DataExport.objects.get(school_id=school_id, pk=export_id)
            files = json.dumps(asdict(gather(school_id, row.parent_id, now)))
            content = open_vault(school_id, now=now).encrypt("export", export_id, files)
            # With the content or not at all: whoever was killed before has read nothing that is kept.
            turn.reached(1, 1, content=content)
            by = Actor(ActorKind.PERSON, row.asked_by, row.asked_account)
            record_access(school_id, row.parent_id, by=by, now=now)

    work_on(DataExport, export_id, write, clock, of_school(school_id))


def exports_of(school_id: int, adult: int, account: int | None, now: datetime) -> list[Export]:
    """What this account asked for about an adult and what is not gone yet, newest first. Inside `tenant(school_id)`."""
    rows = _mine(school_id, account, now).filter(parent_id=adult).order_by("-pk")
    return [_facts(row) for row in rows.defer("content")]


@dataclass(frozen=True, slots=True)
class FailedExport:
    """A file that could not be prepared, for everybody at the school who may answer requests about data."""

    adult: int
    asked_by: str
    asked_at: datetime
    code: str
    fact: str


def failed_exports(school_id: int, now: datetime) -> list[FailedExport]:
    """What could not be prepared in the last day, the newest of each adult, unless it was asked for again since."""
    with tenant(school_id):
        rows = DataExport.objects.filter(school_id=school_id, asked_at__gt=now - KEPT)
        newest = rows.order_by("parent_id", "-pk").distinct("parent_id")
        columns = ("parent_id", "asked_by", "asked_at", "failed_code", "failed_fact")
        found = [FailedExport(*row) for row in newest.values_list(*columns)]
    return [one for one in found if one.code]


def download_export(school_id: int, adult: int, *, by: Actor, now: datetime) -> ExportFiles:
    """The newest files about an adult that one asked for, with a record that they were downloaded. Raises
    ExportOver."""
    with tenant(school_id):
        ready = _mine(school_id, by.account, now).filter(parent_id=adult, state=WorkState.DONE.value)
        row = ready.order_by("-pk").first()
        if row is None or row.content is None:
            raise ExportOver("This file is not here any more.", "Prepare it again.")
        files = json.loads(open_vault(school_id, now=now).decrypt("export", row.pk, bytes(row.content)))
        DataExport.objects.filter(school_id=school_id, pk=row.pk).update(downloads=F("downloads") + 1)
        detail: dict[str, object] = {"export": row.pk, "times": row.downloads + 1}
        record_event(
            action="download export",
            by=by,
            subject_type="parent",
            subject_id=row.parent_id,
            now=now,
            school_id=school_id,
            detail=detail,
        )
        return ExportFiles(**files)


def clear_exports(now: datetime) -> int:
    """Delete every file that is a day old, and its row. Returns how many."""
    require_across()
    old = DataExport.objects.using("planner").filter(asked_at__lte=now - KEPT)
    gone = 0
    for school_id in old.order_by("school_id").values_list("school_id", flat=True).distinct():
        with tenant(school_id):
            count, _ = DataExport.objects.filter(school_id=school_id, asked_at__lte=now - KEPT).delete()
        gone += count
    return gone


def _mine(school_id: int, account: int | None, now: datetime) -> QuerySet[DataExport]:
    """Also before the sweep has come, a file that is a day old is not there."""
    return DataExport.objects.filter(school_id=school_id, asked_account=account, asked_at__gt=now - KEPT)


def _facts(row: DataExport) -> Export:
    return Export(
        row.pk,
        row.parent_id,
        WorkState(row.state),
        row.asked_at,
        row.asked_at + KEPT,
        row.downloads,
        row.failed_code,
        row.failed_fact,
    )
