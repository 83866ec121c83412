"""An adult asks to be forgotten: the name and the contact values go at once, and no more letters are written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.actions.decided.call_tasks import settle_calls
from everyfamily.people.actions.decided.namesakes import hold_namesakes
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.keeping.purging import Purged, purge_adult
from everyfamily.people.actions.keeping.subject_access import require_adult
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import Care, ContactPoint, DataExport, Parent


class AdultChanged(EveryfamilyError):
    """What is held about an adult is not what somebody looked at."""

    code = "EF662"


@dataclass(frozen=True, slots=True)
class Forgettable:
    """What of an adult would go and what would stay, as counts, so that a form can say what somebody looked at."""

    values: int
    """The name and each contact value that is still held."""
    children: int
    objects: bool
    files: int
    """Files about them that were prepared and are not gone yet."""

    @property
    def state(self) -> str:
        """For a form: numbers, and nothing of the adult."""
        return f"{self.values}.{self.children}.{int(self.objects)}"


def forgettable(school_id: int, adult: int) -> Forgettable:
    """Inside `tenant(school_id)`. Raises AdultNotKnown."""
    parent = require_adult(school_id, adult)
    points = ContactPoint.objects.filter(school_id=school_id, parent_id=adult).exclude(value=None)
    return Forgettable(
        points.count() + (parent.name is not None),
        Care.objects.filter(school_id=school_id, parent_id=adult).count(),
        parent.objects_at is not None,
        DataExport.objects.filter(school_id=school_id, parent_id=adult).count(),
    )


def forget_adult(school_id: int, adult: int, *, by: Actor, now: datetime, seen: str | None = None) -> Purged:
    """Clear an adult's name and contact values, and record an objection, in one transaction.

    The skeleton stays. Without its hashes and restrictions, the school's next roll would bring the adult back as
    somebody who may be written to. `seen` is the state that somebody looked at before. Raises AdultNotKnown and
    AdultChanged.
    """
    with tenant(school_id):
        wait_for_roll(school_id)
        if seen is not None and forgettable(school_id, adult).state != seen:
            raise AdultChanged(
                "What is held about this adult has changed since you looked.",
                "Look at what would go now, and tick the box again.",
            )
        require_adult(school_id, adult)
        found = Parent.objects.filter(school_id=school_id, pk=adult)
        # Also where only a death closed them: if that is taken back, they stay forgotten.
        found.filter(Q(objects_at=None) | Q(objects_at=F("died_known_at"))).update(
            objects_at=now, objects_by=by.text
        )
        hold_namesakes(school_id, adult, by=by, now=now)
        settle_calls(school_id, [adult], by=by, now=now)
        purged = purge_adult(school_id, adult, by=by, now=now)
        count_decision(school_id)
        record_event(
            action="forget adult", by=by, subject_type="parent", subject_id=adult, now=now, school_id=school_id
        )
        return purged
