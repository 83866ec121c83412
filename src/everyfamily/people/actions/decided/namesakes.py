"""Adults elsewhere who may be the adult whom a person has closed, or who objects: the same name, an initial of it, or
the first and last name in another order or spelling (core/adults/same_name.py).

A file does this when it comes in (same_adult.py, `KnownAdults.may_be_closed`). For a decision it is done at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from everyfamily.audit.actions import NewEvent, record_events
from everyfamily.core.actors import Actor
from everyfamily.core.keys.vault import each_short_hash
from everyfamily.core.rolls.model.roll_rows import DOUBT, NOT_ASKED, NOT_SAID, NOTE_NOT_READ
from everyfamily.people.actions.roll_tasks import open_restriction_tasks
from everyfamily.people.models import Parent
from everyfamily.people.queries import school_by_id

_NAMESAKES = """
SELECT a.id FROM people_parent a, people_parent b
WHERE a.school_id = %(school)s AND b.school_id = a.school_id AND b.id = %(parent)s AND a.id <> b.id
  AND (a.name_hash <> '' AND a.name_hash = b.name_hash
    OR a.initial_hash <> '' AND a.initial_hash = b.initial_hash AND a.initial_only <> b.initial_only
    OR EXISTS (SELECT 1 FROM people_keys(a.alike_keys) AS k (key) WHERE k.key = ANY(%(alike)s)))
"""
# An adult who has been decided about individually stays as they are. The attestation, which is for the whole roll,
# leaves its own time, and a batch leaves the silence that it was about. The names are looked up first, because joining
# them with the links took minutes for 100,000 rows without statistics.
_HOLD = """
UPDATE people_care c
SET restriction = 'unknown', restriction_reason = %(doubt)s, restriction_reviewed_at = NULL,
  restriction_reviewed_by = NULL
FROM (SELECT id, school_id, restriction FROM people_care WHERE school_id = %(school)s) was,
  people_child_on_roll p
WHERE was.school_id = c.school_id AND was.id = c.id
  AND c.school_id = %(school)s AND c.parent_id = ANY(%(parents)s)
  AND p.school_id = c.school_id AND p.id = c.pupil_id
  AND (c.restriction = 'unknown' AND c.restriction_reason = ANY(%(passes)s)
    OR c.restriction = 'none' AND (c.restriction_reviewed_at IS NULL OR c.restriction_reason = %(not_said)s OR EXISTS (
      SELECT FROM people_attestation s
      WHERE s.school_id = c.school_id AND s.attested_at = c.restriction_reviewed_at)))
RETURNING c.id, c.parent_id, c.pupil_id, was.restriction
"""
_REASONS: dict[str, Any] = {"doubt": DOUBT, "not_said": NOT_SAID, "passes": [NOT_SAID, NOTE_NOT_READ, NOT_ASKED]}
"""What passes once the lead has attested, read a note or answered about a column would pass over the doubt."""


def hold_namesakes(school_id: int, parent: int, *, by: Actor, now: datetime) -> int:
    """Hold the links of adults who may be this parent under another address, each with a task for a person. Returns how
    many.

    Run inside `tenant(school_id)`, in the transaction that closes a link of the parent and holds the school's roll.
    Otherwise an import or a second decision could miss what this one cannot see yet.
    """
    with connection.cursor() as cursor:
        kept = Parent.objects.values_list("alike_keys", flat=True).get(school_id=school_id, pk=parent)
        alike = list(each_short_hash(bytes(kept)))
        cursor.execute(_NAMESAKES, {"school": school_id, "parent": parent, "alike": alike})
        parents = [row[0] for row in cursor.fetchall()]
        cursor.execute(_HOLD, _REASONS | {"school": school_id, "parents": parents})
        held = cursor.fetchall()
    record_events(
        (
            NewEvent(
                "restriction",
                "care",
                link,
                {"from": was, "to": "unknown", "reason": DOUBT, "parent": of, "pupil": pupil},
            )
            for link, of, pupil, was in held
        ),
        by=by,
        now=now,
        school_id=school_id,
    )
    if held:
        open_restriction_tasks(
            school_id, {of for _, of, _, _ in held}, owner=school_by_id(school_id).lead_role, now=now
        )
    return len(held)
