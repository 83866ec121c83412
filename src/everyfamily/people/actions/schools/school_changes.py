"""A list of schools is imported: its changes are worked out and written in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import F

from everyfamily.audit.actions import record_event
from everyfamily.audit.queries.events import details_of
from everyfamily.core.actors import Actor
from everyfamily.core.schools.school_record import SchoolChange, SchoolChanges, SchoolRecord
from everyfamily.people.models import FormerUrn, School
from everyfamily.people.queries import STORED, school_records

_ONE_LIST_AT_A_TIME = 5_603_001
"""Key of the lock that allows only one list of schools at a time."""
_WRITTEN = [name for name in STORED if name != "mailbox"]
"""A mailbox takes two people (accounts/actions/schools/mailboxes.py)."""
_OUT_OF_THE_WAY = 2_000_000_000
"""Above every URN: used by a school while two schools exchange theirs."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list to be imported, as the audit trail has it."""

    digest: str
    of: date | None = None
    """The day of the list, if its name says it."""
    areas: tuple[int, ...] = ()


def day_of_last_list(areas: Collection[int]) -> date | None:
    """The day of the last list for one of these areas, or None if no list gave its day."""
    days = [
        date.fromisoformat(event["of"])
        for event in details_of("import schools", "school")
        if "of" in event and not set(event["areas"]).isdisjoint(areas)
    ]
    return days[-1] if days else None


def _age(file: ListFile) -> dict[str, object]:
    return {} if file.of is None else {"of": file.of.isoformat(), "areas": list(file.areas)}


def change_schools(
    difference: Callable[[list[SchoolRecord]], SchoolChanges],
    *,
    file: ListFile,
    dry_run: bool,
    by: Actor,
    now: datetime,
) -> SchoolChanges:
    """Work out what a list changes for the known schools, and unless `dry_run` write all of it.

    If two lists come at once, they are taken one after the other, and each sees what the one before has done.
    """
    with transaction.atomic():
        one_list_at_a_time()
        changes = difference(school_records())
        if not dry_run:
            _write(changes.changes)
            _record(changes, file, by=by, now=now)
    return changes


def one_list_at_a_time() -> None:
    """Wait until no other list of schools is being imported or taken back, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_LIST_AT_A_TIME])


def put_mailboxes(mailboxes: Mapping[int, str]) -> None:
    """Give these schools, by their ids, another mailbox: what two people agreed to. No list writes one."""
    rows = list(School.objects.select_for_update().filter(pk__in=mailboxes).order_by("pk"))
    for row in rows:
        row.mailbox = mailboxes[row.pk]
    School.objects.bulk_update(rows, ["mailbox"], batch_size=500)


def _write(changes: Iterable[SchoolChange]) -> None:
    renewed = {one.before.urn: one.after for one in changes if one.before is not None}
    rows = list(School.objects.filter(urn__in=renewed))
    moving = [row.pk for row in rows if renewed[row.urn].urn != row.urn]
    # Two schools may exchange their URNs, and each must be unique at every moment.
    School.objects.filter(pk__in=moving).update(urn=F("pk") + _OUT_OF_THE_WAY)
    for row in rows:
        _fill(row, renewed[row.urn])
    School.objects.bulk_update(rows, _WRITTEN, batch_size=500)
    new = [_fill(School(), one.after) for one in changes if one.before is None]
    School.objects.bulk_create(new)
    _write_former(rows, renewed.values())
    _write_successors(one.after for one in changes)


def _fill(row: School, school: SchoolRecord) -> School:
    for name in _WRITTEN:
        setattr(row, name, getattr(school, name))
    return row


def _write_former(rows: Iterable[School], schools: Iterable[SchoolRecord]) -> None:
    ids = {row.urn: row.pk for row in rows}
    FormerUrn.objects.bulk_create(
        [
            FormerUrn(school_id=ids[school.urn], urn=former.urn, until=former.until)
            for school in schools
            for former in school.former
        ],
        ignore_conflicts=True,
    )


def _write_successors(schools: Iterable[SchoolRecord]) -> None:
    wanted = {school.urn: school.successor for school in schools}
    urns = wanted.keys() | {urn for urn in wanted.values() if urn is not None}
    rows = {row.urn: row for row in School.objects.filter(urn__in=urns)}
    for urn, successor in wanted.items():
        rows[urn].successor = None if successor is None else rows[successor]
    School.objects.bulk_update([rows[urn] for urn in wanted], ["successor"], batch_size=500)


def _record(changes: SchoolChanges, file: ListFile, *, by: Actor, now: datetime) -> None:
    for one in changes.converted:
        record_event(
            action="convert school",
            by=by,
            subject_type="school",
            subject_id=one.following[0],
            now=now,
            detail={"from": one.closing[0], "to": one.following[0]},
        )
    counts = {
        "new": len(changes.opened) + len(changes.proposed),
        "closed": len(changes.closed),
        "reopened": len(changes.reopened),
        "renamed": len(changes.renamed),
        "converted": len(changes.converted),
        "changed": changes.changed,
        "set aside": len(changes.set_aside),
    }
    record_event(
        action="import schools",
        by=by,
        subject_type="school",
        subject_id="",
        now=now,
        detail={"file": file.digest[:12], **_age(file), **counts},
    )
