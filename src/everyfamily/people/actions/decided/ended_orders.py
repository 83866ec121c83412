"""What keeps adults away has ended somewhere, so the school's lead is asked again."""

from __future__ import annotations

from datetime import datetime

from django.db import connections

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.people.actions.roll_tasks import settle_ended_orders
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.sql.entitlement import ENDED

_SCHOOLS = f"""
SELECT c.school_id FROM people_care c WHERE {ENDED}
UNION SELECT t.school_id FROM people_rolltask t WHERE t.kind = 'order ended' AND t.closed_at IS NULL
ORDER BY 1
"""  # noqa: S608 - a constant


def ask_about_ended_orders(now: datetime) -> None:
    """At every school where one has ended, or where somebody was asked and need not be any more."""
    with connections["planner"].cursor() as cursor:
        cursor.execute(_SCHOOLS, {"today": now.astimezone(LONDON).date()})
        schools = [row[0] for row in cursor.fetchall()]
    for school_id in schools:
        with tenant(school_id):
            settle_ended_orders(school_id, now=now, by=Actor.worker("worker"))
