"""One child as somebody sees it who decides: what is known of the child, and the child's adults.

For the screen of the school's lead, never for a log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from everyfamily.core.adults.grounds import Ground
from everyfamily.core.keys.vault import Vault
from everyfamily.people.actions.decided.seen import mark_of
from everyfamily.people.actions.known_adults import opt_out_mark
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault


@dataclass(frozen=True, slots=True)
class AdultOfChild:
    """One adult of the child, and all that was decided about the two."""

    adult: int
    link: int
    name: str
    """Blank once purged."""
    relationship: str
    restriction: str
    reason: str
    reviewed_at: datetime | None
    reviewed_by: str
    is_unclear: bool
    """Nobody said whether they are a parent or carer."""
    said: str
    """Whether they are one: "yes", "no" or nothing, as a person said it."""
    objects_at: datetime | None
    objects_by: str
    opted_out: tuple[str, ...]
    """Channels that they do not want."""
    died_at: datetime | None
    """When somebody was told that they have died."""
    died_by: str
    ground: Ground | None = None
    """What keeps them away, if the decision that counts says it."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another child on the roll who has an adult in common with this one."""

    pupil: int
    own_id: str
    class_name: str
    mark: str


@dataclass(frozen=True, slots=True)
class ChildOpened:
    """A child of the school, on the roll or not."""

    pupil: int
    own_id: str
    """Blank once purged."""
    year_group: str
    class_name: str
    left_on: date | None
    proposed_at: datetime | None
    """The newest whole roll did not have the child, and nobody has said whether they left."""
    died_at: datetime | None
    died_by: str
    adults: tuple[AdultOfChild, ...]
    siblings: tuple[Sibling, ...]

    @property
    def mark(self) -> str:
        """For whoever decides about the child as they see it here (seen.py)."""
        return mark_of(self.left_on, self.proposed_at, self.died_at)

    @property
    def is_here(self) -> bool:
        """On the roll, and alive as far as is known."""
        return self.left_on is None and self.died_at is None

    def adult(self, number: int) -> AdultOfChild | None:
        """The child's adult with this number."""
        return next((one for one in self.adults if one.adult == number), None)


_CHILD = """
SELECT p.id_encrypted, p.year_group, p.class_name, p.on_roll_to, p.leaving_proposed_at, p.died_known_at,
  coalesce(p.died_known_by, '') FROM people_pupil p WHERE p.school_id = %(school)s AND p.id = %(pupil)s
"""
_ADULTS = """
SELECT a.id, c.id, a.name, c.relationship, c.restriction, c.restriction_reason, c.restriction_reviewed_at,
  coalesce(c.restriction_reviewed_by, ''), k.is_unclear, c.parent_or_carer, a.objects_at, coalesce(a.objects_by, ''),
  ARRAY(SELECT w.channel FROM people_contactpoint w WHERE w.school_id = a.school_id AND w.parent_id = a.id
    AND w.value_hash = ANY(%(marks)s) ORDER BY w.channel),
  a.died_known_at, coalesce(a.died_known_by, ''), g.kind, g.ends_on, g.is_order_seen
FROM people_care c
JOIN people_link k ON k.school_id = c.school_id AND k.id = c.id
JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
LEFT JOIN people_ground g ON g.school_id = c.school_id AND g.care_id = c.id AND g.decided_at = c.restriction_reviewed_at
WHERE c.school_id = %(school)s AND c.pupil_id = %(pupil)s ORDER BY a.id
"""
_SIBLINGS = """
SELECT DISTINCT p.id, p.id_encrypted, p.class_name, p.leaving_proposed_at
FROM people_care c
JOIN people_care o ON o.school_id = c.school_id AND o.parent_id = c.parent_id AND o.pupil_id <> c.pupil_id
JOIN people_pupil p ON p.school_id = o.school_id AND p.id = o.pupil_id
JOIN people_child_on_roll h ON h.school_id = p.school_id AND h.id = p.id
WHERE c.school_id = %(school)s AND c.pupil_id = %(pupil)s ORDER BY p.id
"""
_CHANNELS = ("email", "text", "post")


def open_child(school_id: int, pupil: int, *, now: datetime) -> ChildOpened | None:
    """One child with the adults, or None if the school has none with this number. Raises SchoolKeyDestroyed."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        asked: dict[str, Any] = {
            "school": school_id,
            "pupil": pupil,
            "marks": [opt_out_mark(name) for name in _CHANNELS],
        }
        with connection.cursor() as cursor:
            cursor.execute(_CHILD, asked)
            child: tuple[Any, ...] | None = cursor.fetchone()
            if child is None:
                return None
            cursor.execute(_ADULTS, asked)
            adults: list[tuple[Any, ...]] = cursor.fetchall()
            cursor.execute(_SIBLINGS, asked)
            siblings = cursor.fetchall()
        own_id, year_group, class_name, left_on, proposed_at, died_at, died_by = child
        return ChildOpened(
            pupil,
            _opened(vault, "pupil", pupil, own_id),
            year_group,
            class_name,
            left_on,
            proposed_at,
            died_at,
            died_by,
            tuple(_adult(row, vault) for row in adults),
            tuple(
                Sibling(number, _opened(vault, "pupil", number, its_id), its_class, mark_of(None, proposed, None))
                for number, its_id, its_class, proposed in siblings
            ),
        )


def _adult(row: tuple[Any, ...], vault: Vault) -> AdultOfChild:
    adult, link, name, *said, objects_at, objects_by, opted_out, died_at, died_by, kind, ends_on, is_seen = row
    relationship, restriction, reason, reviewed_at, reviewed_by, is_unclear, parent_or_carer = said
    return AdultOfChild(
        adult,
        link,
        _opened(vault, "parent", adult, name),
        relationship,
        restriction,
        reason,
        reviewed_at,
        reviewed_by,
        is_unclear,
        parent_or_carer,
        objects_at,
        objects_by,
        tuple(opted_out),
        died_at,
        died_by,
        Ground(kind, ends_on, is_seen) if kind else None,
    )


def _opened(vault: Vault, table: str, row: int, blob: bytes | memoryview | None) -> str:
    return vault.decrypt(table, row, bytes(blob)) if blob is not None else ""
