"""Personal values are deleted when nothing needs them, and the skeleton stays.

What is deleted: names, contact values, the school's own ids of children, their class and year. What stays: keyed
hashes, links with their restrictions, objections, statuses of contact points, outcomes. A new upload recognises the
same people by the hashes and fills the values in again. core/sending/keeping.py decides when values are deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, connections

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import WORKING, Actor
from everyfamily.core.sending.keeping import PurgeReason
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.rolls.taking_back import can_stay_in
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import DataExport

PAGE = 5000
"""Rows of one table that are cleared in one transaction."""
TABLES = ("people_contactpoint", "people_parent", "people_pupil", "people_rollnote")


@dataclass(frozen=True, slots=True)
class Purged:
    """How many values were deleted."""

    contact_values: int = 0
    names: int = 0
    pupil_ids: int = 0

    def __add__(self, other: Purged) -> Purged:
        return Purged(
            self.contact_values + other.contact_values,
            self.names + other.names,
            self.pupil_ids + other.pupil_ids,
        )

    @property
    def total(self) -> int:
        """All of them."""
        return self.contact_values + self.names + self.pupil_ids

    @property
    def filled_a_page(self) -> bool:
        """Whether there may be more."""
        return max(self.contact_values, self.names, self.pupil_ids) >= PAGE


_CONTACTS = """
UPDATE people_contactpoint SET value = NULL WHERE school_id = %(school)s AND id IN (
  SELECT c.id FROM people_contactpoint c
  WHERE c.school_id = %(school)s AND c.value IS NOT NULL AND {adult} LIMIT %(page)s)
"""
_NAMES = """
UPDATE people_parent SET name = NULL WHERE school_id = %(school)s AND id IN (
  SELECT c.id FROM (SELECT id, id AS parent_id, school_id, name FROM people_parent) c
  WHERE c.school_id = %(school)s AND c.name IS NOT NULL AND {adult} LIMIT %(page)s)
"""
_PUPILS = """
UPDATE people_pupil SET id_encrypted = NULL, year_group = '', class_name = ''
WHERE school_id = %(school)s AND id IN (
  SELECT p.id FROM people_child p WHERE p.school_id = %(school)s
    AND (p.id_encrypted IS NOT NULL OR p.class_name <> '' OR p.year_group <> '') AND {child} LIMIT %(page)s)
"""
_NOTES = """
DELETE FROM people_rollnote n USING people_child p
WHERE n.school_id = %(school)s AND n.read_at IS NULL AND p.school_id = n.school_id AND p.id = n.pupil_id AND {child}
"""
_CHILDLESS = """
NOT EXISTS (SELECT 1 FROM people_care k
  JOIN people_child_on_roll p ON p.school_id = k.school_id AND p.id = k.pupil_id
  WHERE k.school_id = c.school_id AND k.parent_id = c.parent_id)
"""
_GONE = "NOT p.is_here"


def purge_school(
    school_id: int,
    *,
    reason: PurgeReason,
    by: Actor,
    now: datetime,
    unless_roll_after: datetime | None = None,
) -> Purged:
    """Clear every personal value of a school, one page in each transaction. Returns how many were deleted.

    If it crashes in between, the next run clears the rest. With `unless_roll_after`, nothing is deleted once a newer
    roll has come in, because it may have come in after the caller decided.
    """
    total = Purged()
    while True:
        with tenant(school_id):
            wait_for_roll(school_id)
            if _has_newer_roll(school_id, unless_roll_after):
                return total
            page = _clear(school_id, adult="true", child="true")
            DataExport.objects.filter(school_id=school_id).delete()
            _record(school_id, page, reason=reason, by=by, now=now)
        total += page
        if not page.filled_a_page:
            return total


def count_values(school_id: int) -> Purged:
    """How many values `purge_school` would clear."""
    with tenant(school_id), connection.cursor() as cursor:
        cursor.execute(_COUNT, {"school": school_id})
        return Purged(*cursor.fetchone())


_COUNT = """
SELECT (SELECT count(*) FROM people_contactpoint WHERE school_id = %(school)s AND value IS NOT NULL),
  (SELECT count(*) FROM people_parent WHERE school_id = %(school)s AND name IS NOT NULL),
  (SELECT count(*) FROM people_pupil WHERE school_id = %(school)s AND id_encrypted IS NOT NULL)
"""


def purge_without_children(school_id: int, *, now: datetime, by: Actor = WORKING) -> Purged:
    """Clear the values of adults with no child on the roll, and the ids of the children who left.

    Run inside `tenant(school_id)`, in the transaction that says that a child has left. What stays keeps a restriction,
    so a child who comes back comes back with it.
    """
    total = Purged()
    while True:
        page = _clear(school_id, adult=_CHILDLESS, child=_GONE)
        total += page
        if not page.filled_a_page:
            break
    _record(school_id, total, reason=PurgeReason.CHILD_LEFT, by=by, now=now)
    return total


def purge_adult(school_id: int, parent_id: int, *, by: Actor, now: datetime) -> Purged:
    """Clear one adult's values at once, and what was prepared to be handed to them. Run inside `tenant(school_id)`."""
    DataExport.objects.filter(school_id=school_id, parent_id=parent_id).delete()
    purged = _clear(school_id, adult="c.parent_id = %(parent)s", child="false", parent=parent_id)
    _record(school_id, purged, reason=PurgeReason.ASKED, by=by, now=now, parent=parent_id)
    return purged


def clean_up_after_purge() -> bool:
    """Have PostgreSQL drop the versions of rows that still hold purged values. False if it may not.

    The owner may VACUUM its own tables. After it, only ciphertexts remain (write-ahead log, backups).
    docs/howto/close-and-purge.md says for how long.
    """
    owner = connections["owner"]
    if owner.settings_dict["HOST"] == "/nonexistent" or owner.in_atomic_block:
        return False
    with owner.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM {table}")
    return True


def _clear(school_id: int, *, adult: str, child: str, parent: int | None = None) -> Purged:
    values = {"school": school_id, "page": PAGE, "parent": parent}
    # Values of before the newest file go too.
    can_stay_in(school_id)
    with connection.cursor() as cursor:
        counts = []
        for statement in (_CONTACTS.format(adult=adult), _NAMES.format(adult=adult), _PUPILS.format(child=child)):
            cursor.execute(statement, values)
            counts.append(int(cursor.rowcount))
        cursor.execute(_NOTES.format(child=child), values)
    return Purged(*counts)


def _has_newer_roll(school_id: int, moment: datetime | None) -> bool:
    if moment is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM people_rollimport "
            "WHERE school_id = %s AND state = 'committed' AND imported_at > %s)",
            [school_id, moment],
        )
        return bool(cursor.fetchone()[0])


def _record(
    school_id: int, purged: Purged, *, reason: PurgeReason, by: Actor, now: datetime, parent: int | None = None
) -> None:
    if not purged.total:
        return
    record_event(
        action="purge",
        by=by,
        subject_type="school" if parent is None else "parent",
        subject_id=school_id if parent is None else parent,
        now=now,
        school_id=school_id,
        detail={
            "why": reason.value,
            "contact_values": purged.contact_values,
            "names": purged.names,
            "pupil_ids": purged.pupil_ids,
        },
    )
