"""An adult says that they want no more letters of this kind. No reason is asked, and it is not a concern about the
family."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.adults.calls import LETTERS_AGAIN
from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.actions.decided.call_tasks import settle_calls
from everyfamily.people.actions.decided.namesakes import hold_namesakes
from everyfamily.people.actions.decided.restrictions import close_roll_tasks
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.roll_tasks import settle_shared_homes
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import Care, Parent, here
from everyfamily.people.queries import school_by_id


class AdultNotKnown(EveryfamilyError):
    """The school has no adult with this number for this child."""

    code = "EF245"


@dataclass(frozen=True, slots=True)
class AdultOfPupil:
    """An adult of a child, for the screen of the person who serves the family, never for a log."""

    adult: int
    name: str
    """Blank once purged."""
    relationship: str
    objects_at: datetime | None


def adults_of_pupil(school_id: int, *, pupil: int, now: datetime) -> list[AdultOfPupil]:
    """The adults of a child, so that one can be chosen by number without typing a name."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        links = (
            Care.objects.filter(school_id=school_id, pupil_id=pupil)
            .select_related("parent")
            .order_by("parent_id")
        )
        return [
            AdultOfPupil(
                link.parent_id,
                vault.decrypt("parent", link.parent_id, bytes(link.parent.name)) if link.parent.name else "",
                link.relationship,
                link.parent.objects_at,
            )
            for link in links
        ]


def require_adult_of_pupil(school_id: int, *, pupil: int, adult: int) -> None:
    """Raise AdultNotKnown unless the adult belongs to the child, because a mistyped number must not silence somebody
    else."""
    with tenant(school_id):
        if not Care.objects.filter(school_id=school_id, pupil_id=pupil, parent_id=adult).exists():
            raise AdultNotKnown(f"This child has no adult {adult}.", "See the numbers of the child's adults.")


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another adult with the same name, who may be the same person at another address. Only for the screen."""

    adult: int
    pupil: str
    """The school's own id of a child on the roll, or blank once it is purged."""
    child: int = 0
    """The number of that child."""


def namesakes_of(school_id: int, *, adult: int, now: datetime) -> list[Namesake]:
    """Adults with the same name who do not object, each with a child on the roll: were they meant too?

    Two adults with one name count as two unless an address or a child joins them (same_adult.py). A person is asked,
    because it is also harmful to stop somebody else's letter.
    """
    with tenant(school_id):
        name = Parent.objects.filter(school_id=school_id, pk=adult).values_list("name_hash", flat=True).first()
        if not name:
            return []
        links = (
            Care.objects.filter(
                here("pupil__"), school_id=school_id, parent__name_hash=name, parent__objects_at=None
            )
            .exclude(parent_id=adult)
            .select_related("pupil")
            .order_by("parent_id", "pupil_id")
        )
        vault = open_vault(school_id, now=now)
        first = {link.parent_id: link.pupil for link in reversed(links)}
        return [
            Namesake(
                other,
                vault.decrypt("pupil", pupil.pk, bytes(pupil.id_encrypted)) if pupil.id_encrypted else "",
                pupil.pk,
            )
            for other, pupil in sorted(first.items())
        ]


def record_objection(school_id: int, *, adult: int, by: Actor, now: datetime) -> bool:
    """The adult objects: from now on, no letter from this school goes to them. Returns whether that is new.

    What is already on its way cannot be called back. Adults who may be the same person at another address wait for a
    person (`namesakes_of`). Raises AdultNotKnown.
    """
    with tenant(school_id):
        wait_for_roll(school_id)
        new = parents_of(school_id, adult).filter(objects_at=None).update(objects_at=now, objects_by=by.text)
        if new:
            hold_namesakes(school_id, adult, by=by, now=now)
            settle_calls(school_id, [adult], [LETTERS_AGAIN], by=by, now=now)
            settle_shared_homes(school_id, owner=school_by_id(school_id).lead_role, now=now, by=by)
        close_roll_tasks(school_id, [adult], by, now)
        _record("record objection", school_id, adult, by, now, changed=bool(new))
        return bool(new)


def lift_objection(school_id: int, *, adult: int, by: Actor, now: datetime) -> bool:
    """The adult wants the letters after all. Returns whether they had objected and nobody was told that they have died.
    Raises AdultNotKnown and MayOnlyClose."""
    by.require_may_open()
    with tenant(school_id):
        objects = parents_of(school_id, adult).filter(objects_at__isnull=False, died_known_at=None)
        lifted = objects.update(objects_at=None, objects_by=None)
        if lifted:
            settle_calls(school_id, [adult], [LETTERS_AGAIN], by=by, now=now)
            settle_shared_homes(school_id, owner=school_by_id(school_id).lead_role, now=now, by=by)
        _record("lift objection", school_id, adult, by, now, changed=bool(lifted))
        return bool(lifted)


def parents_of(school_id: int, adult: int) -> QuerySet[Parent]:
    """The row of one adult. Raises AdultNotKnown."""
    found = Parent.objects.filter(school_id=school_id, pk=adult)
    if not found.exists():
        raise AdultNotKnown(f"This school has no adult {adult}.", "See the numbers of the child's adults.")
    return found


def _record(action: str, school_id: int, adult: int, by: Actor, now: datetime, *, changed: bool) -> None:
    if not changed:
        return
    count_decision(school_id)
    record_event(action=action, by=by, subject_type="parent", subject_id=adult, now=now, school_id=school_id)
