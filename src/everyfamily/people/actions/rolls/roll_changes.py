"""What a file would do to each child of the roll: who joins, who changes, and who is not in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from everyfamily.core.keys.vault import Vault
from everyfamily.people.actions.known_adults import KnownAdults
from everyfamily.people.actions.rolls.roll_adults import Adults
from everyfamily.people.actions.rolls.roll_children import Children
from everyfamily.people.actions.rolls.roll_links import Links
from everyfamily.people.models import Pupil


class Change(StrEnum):
    """What happens to a child."""

    JOINED = "joined"
    CHANGED = "changed"
    """Class or year, or an adult beside the child: who it is, what they are to the child, or how they are reached."""
    NOT_IN_FILE = "not in the file"


@dataclass(frozen=True, slots=True)
class ChildChange:
    """One child, for the school only: its own id, never for a log."""

    pupil_id: str
    """Blank if it was purged."""
    year_group: str
    class_name: str
    what: Change


def changes_of(
    school_id: int, vault: Vault, children: Children, known: KnownAdults, adults: Adults, links: Links
) -> Iterator[ChildChange]:
    """Every child for whom the file changes something, once everything is written. Inside `tenant(school_id)`."""
    changed = dict.fromkeys(children.who_moved) | dict.fromkeys(
        _with_other_adults(children, known, adults, links)
    )
    joined = dict.fromkeys(children.who_joined)
    for pupil_id in joined:
        yield ChildChange(pupil_id, *children.group_of(pupil_id), Change.JOINED)
    for pupil_id in changed:
        if pupil_id not in joined:
            yield ChildChange(pupil_id, *children.group_of(pupil_id), Change.CHANGED)
    rows = Pupil.objects.filter(school_id=school_id, pk__in=children.missing).order_by("pk")
    for row, blob, year, name in rows.values_list("id", "id_encrypted", "year_group", "class_name"):
        own = "" if blob is None else vault.decrypt("pupil", row, bytes(blob))
        yield ChildChange(own, year, name, Change.NOT_IN_FILE)


def _with_other_adults(children: Children, known: KnownAdults, adults: Adults, links: Links) -> Iterator[str]:
    for met in known.adults:
        if met.own in adults.touched or not adults.touched.isdisjoint(met.same):
            yield from met.adult.cares
    if links.touched:
        yield from (pupil_id for pupil_id, row in children.ids.items() if row in links.touched)
