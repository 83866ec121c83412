"""Children whom somebody may mean by an id as they typed it. Ids are encrypted, so all of a school are compared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.keys.vault import Vault
from everyfamily.core.text.own_ids import means
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import Pupil


@dataclass(frozen=True, slots=True)
class ChildMeant:
    """One child who fits. For the screen of the school's own people, never for a log."""

    pupil: int
    own_id: str
    """Blank once it is purged."""
    class_name: str
    is_here: bool
    is_exact: bool
    """The id is as it was typed."""


def children_meant(school_id: int, typed: str, *, now: datetime, on_roll: bool = False) -> list[ChildMeant]:
    """The school's children whose own id `typed` may mean, the exact one first; `on_roll`: of those on the roll.

    Whoever acts on one child must ask if there are several. Raises SchoolKeyDestroyed.
    """
    with tenant(school_id):
        found = children_meant_in(school_id, typed, open_vault(school_id, now=now))
    return [one for one in found if one.is_here or not on_roll]


def own_ids_of(school_id: int, pupils: Collection[int], *, now: datetime) -> dict[int, str]:
    """The own ids of these children that are not purged. Inside `tenant(school_id)`. Raises SchoolKeyDestroyed."""
    vault = open_vault(school_id, now=now)
    rows = Pupil.objects.filter(school_id=school_id, pk__in=pupils).only("id_encrypted")
    return {row.pk: vault.decrypt("pupil", row.pk, bytes(row.id_encrypted)) for row in rows if row.id_encrypted}


def children_meant_in(school_id: int, typed: str, vault: Vault) -> list[ChildMeant]:
    """The same inside `tenant(school_id)`, on the roll or not."""
    exact = vault.blind_index("pupil", typed.strip())
    rows = Pupil.objects.filter(school_id=school_id).order_by("id")
    found = []
    for row in rows.only("id_hash", "id_encrypted", "class_name", "on_roll_to", "died_known_at"):
        own_id = vault.decrypt("pupil", row.pk, bytes(row.id_encrypted)) if row.id_encrypted else ""
        # After a purge only the hash of the id is left.
        is_exact = bytes(row.id_hash) == exact
        if is_exact or (own_id and means(typed, own_id)):
            is_here = row.on_roll_to is None and row.died_known_at is None
            found.append(ChildMeant(row.pk, own_id, row.class_name, is_here, is_exact))
    return sorted(found, key=lambda one: not one.is_exact)
