"""Who looked at names on a screen: written down once an hour for a person, a school and a list."""

from __future__ import annotations

from datetime import datetime, timedelta

from everyfamily.audit.actions import record_event
from everyfamily.audit.queries.events import was_done_since
from everyfamily.core.actors import Actor
from everyfamily.people.database.tenancy import tenant

ACTION = "look at list"
ONCE_IN = timedelta(hours=1)


def note_look(school_id: int, listed: str, *, by: Actor, now: datetime) -> None:
    """Record that `by` looked at the names of a list, whose name is `listed`, unless they did within the hour."""
    with tenant(school_id):
        if not was_done_since(now - ONCE_IN, school_id=school_id, action=ACTION, subject_id=listed, by=by):
            record_event(
                action=ACTION, by=by, subject_type="list", subject_id=listed, now=now, school_id=school_id
            )
