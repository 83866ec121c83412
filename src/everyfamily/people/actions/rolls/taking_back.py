"""A lead takes back the newest file: the roll is as before, as far as that frees nobody.

It can be taken back until somebody decides about the school's people, a mailing is planned, or its time is over. The
planner ends it before it reads anybody (`can_stay_in`), so what the file alone added is in no mailing, and can go.

What a file says about an adult whom the school knew is not forgotten (core/adults/change_set.py, `once_taken_back`).
New values of theirs only close ways from then on. A home that the file took away does not come back: somebody may have
fled from it. The lead's word from before covers nobody any more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection

from everyfamily.audit.actions import NewEvent, record_event, record_events
from everyfamily.core.actors import Actor
from everyfamily.core.adults.change_set import once_taken_back
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.rolls.model.roll_rows import DOUBT, closes_shared_ways
from everyfamily.core.rolls.uploads import UploadState, kept_until
from everyfamily.people.actions.decisions import count_decision, decisions_at_last
from everyfamily.people.actions.in_the_family import hold_in_doubt
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.roll_tasks import settle_tasks
from everyfamily.people.database.bulk import fetch_rows, update_rows
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import Attestation, Care, FileToTakeBack, RollImport, RollUpload, RowBefore
from everyfamily.people.queries import decisions_of, school_by_id
from everyfamily.people.school_days import working_due
from everyfamily.people.sql.before_file_sql import SETTING
from everyfamily.people.sql.words_sql import COVERS_NOBODY


class CannotBeTakenBack(EveryfamilyError):
    """The newest file cannot be taken back, or not any more."""

    code = "EF744"


@dataclass(frozen=True, slots=True)
class Newest:
    """The highest ids of a school's children, adults, links and contact points before a file."""

    pupil: int
    parent: int
    care: int
    contact: int


@dataclass(frozen=True, slots=True)
class ToTakeBack:
    """What happens if the newest file is taken back."""

    file: int
    """Its number among the files, for a form."""
    until: datetime
    children: int
    """Whom it added, and who go with it; and adults below."""
    adults: int
    back: int
    """Children whom it changed, or who are not in it."""
    closed: int
    """Links to known adults that it closed. They wait for a decision."""


def begin_file(school_id: int) -> Newest:
    """From here on, keep how the rows that change were. Inside the import's transaction, with the roll locked."""
    can_stay_in(school_id)
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, {"school": school_id})
        newest = Newest(*cursor.fetchone())
        cursor.execute("SELECT set_config(%s, 'yes', true)", [SETTING])
    return newest


def end_file(
    school_id: int, newest: Newest, *, not_clean: Collection[int], decisions: int, now: datetime
) -> None:
    """Everything of the newest file is in. Values of the contact points `not_clean`, which the file has together with
    other words, do not come back. `decisions` is the school's count before the file."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, '', true)", [SETTING])
    RowBefore.objects.filter(school_id=school_id, of_table="people_contactpoint", row__in=not_clean).delete()
    after = decisions_of(school_id)
    if after != decisions + 1:
        # Somebody decided while it went in, and their decision may be about what it brought.
        can_stay_in(school_id)
        return
    FileToTakeBack.objects.create(
        school_id=school_id,
        file=RollImport.objects.filter(school_id=school_id, state="committed").latest("pk"),
        until=kept_until(working_due(now, 1)),
        decisions=after,
        **{one.name: getattr(newest, one.name) for one in fields(newest)},
    )


def can_stay_in(school_id: int) -> None:
    """The newest file is not taken back any more, and how the roll was before it is deleted. Inside
    `tenant(school_id)`: a mailing is planned, the school's key changes, values are purged, or the time is over."""
    with connection.cursor() as cursor:
        cursor.execute(_CAN_STAY_IN, [school_id, school_id])


def let_overdue_stay(now: datetime) -> None:
    """The time of some files is over, at every school."""
    overdue = FileToTakeBack.objects.using("planner").filter(until__lte=now)
    for school_id in list(overdue.values_list("school_id", flat=True)):
        with tenant(school_id):
            row = FileToTakeBack.objects.select_for_update().filter(school_id=school_id, until__lte=now).first()
            if row is not None:
                can_stay_in(school_id)


def to_take_back(school_id: int, now: datetime) -> ToTakeBack | None:
    """What taking the newest file back would do, or None if it cannot be."""
    with tenant(school_id):
        row = FileToTakeBack.objects.filter(school_id=school_id).first()
        if row is None or not _may_be(row, now):
            return None
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, _values(row))
            children, adults, back = cursor.fetchone()
        closed = sum(link.is_closed_by_file for link in _links(school_id))
        return ToTakeBack(row.file_id, row.until, children, adults, back, closed)


def take_back(school_id: int, *, file: int, by: Actor, now: datetime) -> ToTakeBack:
    """Take back the newest file, all or nothing. Returns what that did. `file` is the number that a page showed.

    Raises CannotBeTakenBack and MayOnlyClose, and then nothing has changed.
    """
    by.require_may_open()
    with tenant(school_id):
        wait_for_roll(school_id)
        row = FileToTakeBack.objects.select_for_update().filter(school_id=school_id).first()
        if row is None or row.file_id != file or not _may_be(row, now):
            raise _cannot_be()
        links = _links(school_id)
        barred = fetch_rows(_BARRED_BY_NEW_LINK, [school_id, row.care, row.parent])
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, _values(row))
            children, adults, back = cursor.fetchone()
            for statement in _PUT_BACK:
                cursor.execute(statement, _values(row))
        closed = _put_links_back(school_id, links, by=by, now=now)
        parents = {parent for parent, held in barred if closes_shared_ways(*held)}
        closed += len(hold_in_doubt(school_id, parents=parents, by=by, now=now))
        done = ToTakeBack(file, row.until, children, adults, back, closed)
        _record(school_id, done, by=by, now=now)
        settle_tasks(school_id, owner=school_by_id(school_id).lead_role, now=now)
        can_stay_in(school_id)
        if decisions_at_last(school_id) != row.decisions:
            # Somebody decided while this was written, and may have closed what it would open.
            raise _cannot_be()
        count_decision(school_id)
        return done


def _cannot_be() -> CannotBeTakenBack:
    return CannotBeTakenBack(
        "This file cannot be taken back any more: another came in, somebody decided about your school’s people, a "
        "mailing was planned, or its time is over.",
        "Nothing was changed. Upload the right file.",
    )


def _may_be(row: FileToTakeBack, now: datetime) -> bool:
    return now < row.until and decisions_of(row.school_id) == row.decisions


@dataclass(frozen=True, slots=True)
class _Link:
    """A link that the file changed: as it was, and as it is."""

    id: int
    parent: int
    pupil: int
    was: tuple[str, str]
    now: tuple[str, str]
    reviewed_at: datetime | None
    reviewed_by: str | None
    """Who decided it before the file."""

    @property
    def after(self) -> tuple[str, str]:
        return once_taken_back(self.was, self.now)

    @property
    def is_closed_by_file(self) -> bool:
        return self.after == ("unknown", DOUBT) != self.was


def _links(school_id: int) -> list[_Link]:
    return [
        _Link(row, parent, pupil, (was, why), (now, reason), at and datetime.fromisoformat(at), by)
        for row, parent, pupil, was, why, now, reason, at, by in fetch_rows(_CHANGED_LINKS, [school_id])
    ]


def _put_links_back(school_id: int, links: Collection[_Link], *, by: Actor, now: datetime) -> int:
    """Returns how many are a doubt now, because the file closed them."""
    update_rows(
        Care,
        ("restriction", "restriction_reason", "restriction_reviewed_at", "restriction_reviewed_by"),
        (
            # A review is about what it was, and covers nothing else.
            (
                school_id,
                one.id,
                *one.after,
                *((one.reviewed_at, one.reviewed_by) if one.after == one.was else (None,) * 2),
            )
            for one in links
        ),
    )
    record_events(
        (
            NewEvent(
                "restriction",
                "care",
                one.id,
                {
                    "from": one.now[0],
                    "to": one.after[0],
                    "reason": one.after[1],
                    "parent": one.parent,
                    "pupil": one.pupil,
                },
            )
            for one in links
            if one.now[0] != one.after[0]
        ),
        by=by,
        now=now,
        school_id=school_id,
    )
    return sum(one.is_closed_by_file for one in links)


def _record(school_id: int, done: ToTakeBack, *, by: Actor, now: datetime) -> None:
    Attestation.objects.filter(school_id=school_id).update(word=COVERS_NOBODY)
    RollImport.objects.filter(school_id=school_id, pk=done.file).update(state=UploadState.TAKEN_BACK.value)
    digest = RollImport.objects.values_list("file_digest", flat=True).get(school_id=school_id, pk=done.file)
    uploads = RollUpload.objects.filter(school_id=school_id, state=UploadState.IN.value, file_digest=digest)
    uploads.update(state=UploadState.TAKEN_BACK.value)
    record_event(
        action="take roll back",
        by=by,
        subject_type="school",
        subject_id=school_id,
        now=now,
        school_id=school_id,
        detail={"file": digest[:12], "children": done.children, "adults": done.adults, "closed": done.closed},
    )


def _values(row: FileToTakeBack) -> dict[str, Any]:
    newest = {one.name: getattr(row, one.name) for one in fields(Newest)}
    return newest | {"school": row.school_id}


_CAN_STAY_IN = """
WITH gone AS (DELETE FROM people_filetotakeback WHERE school_id = %s) DELETE FROM people_rowbefore WHERE school_id = %s
"""
_NEWEST = """
SELECT (SELECT coalesce(max(id), 0) FROM people_pupil WHERE school_id = %(school)s),
  (SELECT coalesce(max(id), 0) FROM people_parent WHERE school_id = %(school)s),
  (SELECT coalesce(max(id), 0) FROM people_care WHERE school_id = %(school)s),
  (SELECT coalesce(max(id), 0) FROM people_contactpoint WHERE school_id = %(school)s)
"""
_COUNTS = """
SELECT (SELECT count(*) FROM people_pupil WHERE school_id = %(school)s AND id > %(pupil)s),
  (SELECT count(*) FROM people_parent WHERE school_id = %(school)s AND id > %(parent)s),
  (SELECT count(*) FROM people_rowbefore WHERE school_id = %(school)s AND of_table = 'people_pupil'
    AND row <= %(pupil)s)
"""
_CHANGED_LINKS = """
SELECT c.id, c.parent_id, c.pupil_id, b.before->>'restriction', b.before->>'restriction_reason', c.restriction,
  c.restriction_reason, b.before->>'restriction_reviewed_at', b.before->>'restriction_reviewed_by'
FROM people_rowbefore b JOIN people_filetotakeback f ON f.school_id = b.school_id AND b.row <= f.care
JOIN people_care c ON c.school_id = b.school_id AND c.id = b.row
WHERE b.school_id = %s AND b.of_table = 'people_care' ORDER BY c.id
"""
_BARRED_BY_NEW_LINK = """
SELECT parent_id, ARRAY[restriction, restriction_reason] FROM people_care
WHERE school_id = %s AND id > %s AND parent_id <= %s
"""
_WAS = "people_rowbefore b WHERE b.school_id = %(school)s AND t.school_id = b.school_id AND t.id = b.row"
_SAID_BEFORE = "CASE WHEN t.{0} = 'no' AND b.before->>'{0}' = 'yes' THEN 'unknown' ELSE b.before->>'{0}' END"
_PUT_BACK = (
    # Children first: their links and notes go with them.
    "DELETE FROM people_pupil WHERE school_id = %(school)s AND id > %(pupil)s",
    "DELETE FROM people_parent WHERE school_id = %(school)s AND id > %(parent)s",
    "DELETE FROM people_care WHERE school_id = %(school)s AND id > %(care)s",
    "UPDATE people_contactpoint SET value = NULL WHERE school_id = %(school)s AND id > %(contact)s",
    f"""
    UPDATE people_pupil t SET year_group = b.before->>'year_group', class_name = b.before->>'class_name',
      on_roll_from = (b.before->>'on_roll_from')::date, on_roll_to = (b.before->>'on_roll_to')::date,
      leaving_proposed_at = (b.before->>'leaving_proposed_at')::timestamptz
    FROM {_WAS} AND b.of_table = 'people_pupil'
    """,  # noqa: S608 - a constant
    f"""
    UPDATE people_parent t SET language = b.before->>'language', format = b.before->>'format',
      prefers = b.before->>'prefers'
    FROM {_WAS} AND b.of_table = 'people_parent'
    """,  # noqa: S608
    # If the file says no to responsibility or care, nobody says yes before they are asked.
    f"""
    UPDATE people_care t SET relationship = b.before->>'relationship',
      priority = (b.before->>'priority')::smallint,
      parental_responsibility = {_SAID_BEFORE.format("parental_responsibility")},
      has_care = {_SAID_BEFORE.format("has_care")}
    FROM {_WAS} AND b.of_table = 'people_care'
    """,  # noqa: S608
    f"""
    UPDATE people_contactpoint t SET value = (b.before->>'value')::bytea
    FROM {_WAS} AND b.of_table = 'people_contactpoint' AND t.value IS NULL
    """,  # noqa: S608
)
