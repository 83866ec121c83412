"""Calls that wait for the lead. One decision about what was asked for settles it, wherever the lead decides."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

from everyfamily.core.actors import Actor
from everyfamily.core.adults.calls import WAIT
from everyfamily.people.actions.roll_tasks import DUE_IN, NOBODY_NAMED
from everyfamily.people.models import Call
from everyfamily.people.school_days import school_due

_OPEN_TASK = """
INSERT INTO people_rolltask (school_id, kind, parent_id, owner, opened_at, due_on)
SELECT s.id, 'call', %(adult)s, coalesce(nullif(s.lead_role, ''), %(nobody)s), %(now)s, %(due)s
FROM people_school s WHERE s.id = %(school)s
ON CONFLICT (school_id, kind, parent_id) WHERE closed_at IS NULL DO NOTHING
"""
_CLOSE_TASKS = """
UPDATE people_rolltask t SET closed_at = %(now)s, closed_by = %(by)s
WHERE t.school_id = %(school)s AND t.kind = 'call' AND t.closed_at IS NULL
  AND NOT EXISTS (SELECT FROM people_call c
    WHERE c.school_id = t.school_id AND c.parent_id = t.parent_id AND c.settled_at IS NULL)
"""


def open_call(school_id: int, adult: int, kind: str, *, by: Actor, now: datetime) -> bool:
    """Keep what waits for the lead, and ask them. Returns whether it is new. Inside `tenant(school_id)`."""
    _, new = Call.objects.get_or_create(
        school_id=school_id,
        parent_id=adult,
        kind=kind,
        settled_at=None,
        defaults={"noted_at": now, "noted_by": by.text},
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN_TASK,
            {
                "school": school_id,
                "adult": adult,
                "now": now,
                "due": school_due(now, DUE_IN),
                "nobody": NOBODY_NAMED,
            },
        )
    return new


def settle_calls(
    school_id: int, adults: Collection[int], kinds: Collection[str] = WAIT, *, by: Actor, now: datetime
) -> int:
    """Somebody decided about these adults what was asked for. Returns how many waited. Inside `tenant(school_id)`."""
    waiting = Call.objects.filter(school_id=school_id, parent_id__in=adults, kind__in=kinds, settled_at=None)
    settled = waiting.update(settled_at=now, settled_by=by.text)
    if settled:
        with connection.cursor() as cursor:
            cursor.execute(_CLOSE_TASKS, {"school": school_id, "now": now, "by": by.text})
    return settled
