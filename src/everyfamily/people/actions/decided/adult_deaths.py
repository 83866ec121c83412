"""Somebody was told that a parent or carer has died: nothing more goes to them, and nobody is asked about them.

It closes as an objection does, so that everything that keeps to objections keeps to it. The others at home, and the
ways that they share, stay as they are.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Value
from django.db.models.functions import Coalesce

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.people.actions.decided.call_tasks import settle_calls
from everyfamily.people.actions.decided.namesakes import hold_namesakes
from everyfamily.people.actions.decided.objections import parents_of
from everyfamily.people.actions.decided.restrictions import close_roll_tasks, require_a_person
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.roll_tasks import open_tasks, settle_shared_homes
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import school_by_id


def record_adult_death(school_id: int, *, adult: int, by: Actor, now: datetime) -> int | None:
    """From now on nothing from this school goes to the adult, whatever a later file says. It closes, so the school's
    office may say it.

    Returns how many adults wait for a person because they may be the same one (namesakes.py), or None if it was
    recorded already. Raises AdultNotKnown.
    """
    with tenant(school_id):
        wait_for_roll(school_id)
        new = (
            parents_of(school_id, adult)
            .filter(died_known_at=None)
            .update(
                died_known_at=now,
                died_known_by=by.text,
                objects_at=Coalesce("objects_at", Value(now)),
                objects_by=Coalesce("objects_by", Value(by.text)),
            )
        )
        if not new:
            return None
        settle_calls(school_id, [adult], by=by, now=now)
        also_held = hold_namesakes(school_id, adult, by=by, now=now)
        _settle("record death of adult", school_id, adult, by, now)
        return also_held


def take_back_adult_death(school_id: int, *, adult: int, by: Actor, now: datetime) -> bool:
    """It was somebody else. The adult is as before: who had asked for no letters gets none. It opens, so a named person
    says it. Returns whether a death was recorded. Raises AdultNotKnown, MayOnlyClose, and ReviewerNotNamed if `by` is a
    role."""
    by.require_may_open()
    require_a_person(by)
    with tenant(school_id):
        wait_for_roll(school_id)
        died = parents_of(school_id, adult).filter(died_known_at__isnull=False)
        alone = died.filter(objects_at=F("died_known_at"))
        back = alone.update(**_NO_DEATH, objects_at=None, objects_by=None) or died.update(**_NO_DEATH)
        if back:
            open_tasks(school_id, owner=school_by_id(school_id).lead_role, now=now)
            _settle("take back death of adult", school_id, adult, by, now)
        return bool(back)


_NO_DEATH = {"died_known_at": None, "died_known_by": None}


def _settle(action: str, school_id: int, adult: int, by: Actor, now: datetime) -> None:
    """What is asked of a person, the count of decisions, and the event."""
    settle_shared_homes(school_id, owner=school_by_id(school_id).lead_role, now=now, by=by)
    close_roll_tasks(school_id, [adult], by, now)
    count_decision(school_id)
    record_event(action=action, by=by, subject_type="parent", subject_id=adult, now=now, school_id=school_id)
