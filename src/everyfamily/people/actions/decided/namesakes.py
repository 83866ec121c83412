"""Adults elsewhere who may be the adult whom a person has closed, or who objects: the same name, an initial of it, or
the first and last name in another order or spelling (core/adults/same_name.py); and in the family, by the relationship
(in_the_family.py).

A file does this when it comes in (same_adult.py, `KnownAdults.may_be_closed`). For a decision it is done at once.
"""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from everyfamily.core.actors import Actor
from everyfamily.core.keys.vault import each_short_hash
from everyfamily.people.actions.in_the_family import doubted_in_families, hold_in_doubt
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
    links = doubted_in_families(school_id, closed=parent)
    held = hold_in_doubt(school_id, parents=parents, links=links, by=by, now=now)
    if held:
        open_restriction_tasks(
            school_id, {one.parent for one in held}, owner=school_by_id(school_id).lead_role, now=now
        )
    return len(held)
