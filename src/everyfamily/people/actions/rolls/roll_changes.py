"""What a file would do to each child of the roll: who joins, who changes, and who is not in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from everyfamily.core.keys.vault import Vault
from everyfamily.people.actions.known_adults import KnownAdults
from everyfamily.people.actions.rolls.roll_adults import Adults
from everyfamily.people.actions.rolls.roll_children import Children
from everyfamily.people.actions.rolls.roll_links import Links
from everyfamily.people.models import Pupil

type Detail = tuple[str, str, str]
"""What changes, before and after. Without a name or a contact value."""


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
    details: tuple[Detail, ...] = ()
    """If the child changes: each thing, and how it was before and is now."""


def changes_of(
    school_id: int, vault: Vault, children: Children, known: KnownAdults, adults: Adults, links: Links
) -> Iterator[ChildChange]:
    """Every child for whom the file changes something, once everything is written. Inside `tenant(school_id)`."""
    changed: dict[str, dict[Detail, None]] = defaultdict(dict, ((own, {}) for own in children.who_moved))
    for pupil_id, detail in _details(children, known, adults, links):
        changed[pupil_id][detail] = None
    joined = dict.fromkeys(children.who_joined)
    for pupil_id in joined:
        yield ChildChange(pupil_id, *children.group_of(pupil_id), Change.JOINED)
    for pupil_id, details in changed.items():
        if pupil_id not in joined:
            yield ChildChange(pupil_id, *children.group_of(pupil_id), Change.CHANGED, tuple(details))
    rows = Pupil.objects.filter(school_id=school_id, pk__in=children.missing).order_by("pk")
    for row, blob, year, name in rows.values_list("id", "id_encrypted", "year_group", "class_name"):
        own = "" if blob is None else vault.decrypt("pupil", row, bytes(blob))
        yield ChildChange(own, year, name, Change.NOT_IN_FILE)


def _details(
    children: Children, known: KnownAdults, adults: Adults, links: Links
) -> Iterator[tuple[str, Detail]]:
    for pupil_id in children.who_moved:
        for what, before, now in zip(
            ("Year", "Class"), children.group_before(pupil_id), children.group_of(pupil_id), strict=True
        ):
            if before != now:
                yield pupil_id, (what, before, now)
    for met in known.adults:
        for parent in {met.own, *met.same} & adults.touched.keys():
            for pupil_id, row in met.adult.cares.items():
                for what, before, now in adults.touched[parent]:
                    yield pupil_id, (f"{row.relationship.capitalize()}: {what}", before, now)
    for pupil_id, row_id in children.ids.items():
        for detail in links.touched.get(row_id, ()):
            yield pupil_id, detail
