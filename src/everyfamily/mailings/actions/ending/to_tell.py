"""Adults who had a wrong letter and may not be written to now: for the school's named person, who tells them, or
decides not to.

The tasks are opened with the correction (planning.py). They close by themselves if the adult may be written to again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.letter_versions import Version
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.models import PersonTask
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault

OUTCOMES = ("told", "not told")
"""What a person did: rang or met them, or decided that it is better not to tell them."""


class NobodyToTell(EveryfamilyError):
    """The school has no open task with this number about a correction."""

    code = "EF528"


@dataclass(frozen=True, slots=True)
class PersonToTell:
    """One adult who had the wrong letter. For the school's lead, never for a log."""

    task: int
    reference: str
    """The correction's reference."""
    pupils: tuple[str, ...]
    """The school's own ids of the adult's children, or blank once purged."""
    adult_name: str
    """Blank once purged."""
    why: str
    """Why they may not be written to: "do not send", "hold", "unknown", "objects", "child has died", "child has left",
    "no parental responsibility or care"."""
    due_on: date
    classes: tuple[str, ...] = ()
    """Of the children, in their order."""
    relationships: tuple[str, ...] = ()
    """What the adult is to each child, in their order."""
    letter: int = 0
    """The row of the letter that corrects the wrong one."""
    version: Version | None = None
    """The version in which they had the wrong one. None if it had one version."""


def people_to_tell(
    school_id: int, *, now: datetime, after: int = 0, limit: int | None = None, task: int | None = None
) -> list[PersonToTell]:
    """The adults who wait to be told by a person, by day and task: at most `limit`, after the task `after`, or only the
    adult of one `task`. Raises SchoolKeyDestroyed."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        with connection.cursor() as cursor:
            cursor.execute(_TO_TELL, {"school": school_id, "after": after, "limit": limit, "task": task})
            rows = cursor.fetchall()
        return [
            PersonToTell(
                number,
                reference,
                tuple(
                    vault.decrypt("pupil", pupil, bytes(own_id)) if own_id is not None else ""
                    for pupil, own_id in zip(pupils, own_ids, strict=True)
                ),
                vault.decrypt("parent", parent, bytes(name)) if name is not None else "",
                why,
                due_on,
                tuple(classes),
                tuple(relations),
                letter,
                Version(version) if version else None,
            )
            for number, reference, parent, name, pupils, own_ids, classes, relations, why, due_on, letter, version in (
                rows
            )
        ]


_TO_TELL = """
SELECT t.id, l.reference, a.id, a.name, array_agg(p.id ORDER BY p.id), array_agg(p.id_encrypted ORDER BY p.id),
  array_agg(p.class_name ORDER BY p.id), array_agg(c.relationship ORDER BY p.id), CASE
    WHEN a.objects THEN 'objects'
    WHEN bool_or(c.restriction = 'do not send') THEN 'do not send'
    WHEN bool_or(c.restriction = 'hold') THEN 'hold'
    WHEN bool_and(p.has_died) THEN 'child has died'
    WHEN bool_and(NOT p.is_here) THEN 'child has left'
    WHEN bool_or(c.restriction = 'unknown') THEN 'unknown'
    ELSE 'no parental responsibility or care' END, t.due_on, l.id,
  (SELECT h.version FROM mailings_attempt h
    JOIN mailings_delivery d ON d.school_id = h.school_id AND d.id = h.delivery_id
    WHERE h.school_id = %(school)s AND d.mailing_id = m.follows_id AND d.parent_id = a.id
    ORDER BY h.version = '', h.id DESC LIMIT 1)
FROM mailings_persontask t
JOIN mailings_mailing m ON m.id = t.mailing_id
JOIN letters_known_letter l ON l.id = m.letter_id
JOIN people_adult a ON a.school_id = t.school_id AND a.id = t.parent_id
JOIN people_link c ON c.school_id = a.school_id AND c.parent_id = a.id
JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
WHERE t.school_id = %(school)s AND t.kind = 'to tell' AND t.closed_at IS NULL AND NOT a.has_died
  AND (%(task)s::bigint IS NULL OR t.id = %(task)s)
  AND (%(after)s = 0 OR (t.due_on, t.id) > (
    SELECT b.due_on, b.id FROM mailings_persontask b WHERE b.school_id = %(school)s AND b.id = %(after)s))
GROUP BY t.id, l.id, l.reference, m.follows_id, a.id, a.name, a.objects, t.due_on
ORDER BY t.due_on, t.id LIMIT %(limit)s
"""


def is_settled(school_id: int, task: int) -> bool | None:
    """Whether somebody has said already what they did. None if the school has no such task."""
    with tenant(school_id):
        found = PersonTask.objects.filter(school_id=school_id, pk=task, kind="to tell")
        rows = list(found.values_list("closed_at", flat=True))
    return rows[0] is not None if rows else None


def settle_person_to_tell(school_id: int, *, task: int, outcome: str, by: Actor, now: datetime) -> None:
    """A named person says what they did, and the task is closed in their name. Raises NobodyToTell."""
    with tenant(school_id):
        rows = PersonTask.objects.filter(school_id=school_id, pk=task, kind="to tell", closed_at=None)
        if outcome not in OUTCOMES or not rows.update(closed_at=now, closed_by=by.text):
            raise NobodyToTell(
                "No open task of this number is about a correction.",
                "See who still waits to be told.",
            )
        record_event(
            action="settle owed correction",
            by=by,
            subject_type="task",
            subject_id=task,
            now=now,
            school_id=school_id,
            detail={"outcome": outcome},
        )
