"""Adults of a school's file met again in the database, so that no new address lifts an old restriction.

A parent is met by identity, by the same name at the same child, by the same name and a contact value, or by the same
inbox and first name. Names are ciphertexts: they are opened here, inside the school's transaction, and kept no longer.
Restrictions only ever close.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from everyfamily.core.roll import RollRow
from everyfamily.core.same_adult import (
    Adult,
    first_name_agrees,
    may_be,
    more_careful,
    plain_name,
    strictest,
    strictness,
)
from everyfamily.core.vault import Vault
from everyfamily.people.models import Care, ContactPoint, Parent

_HOLD = "unknown"
_FOLLOWS = ("relationship", "parental_responsibility", "has_care", "priority", "restriction")


class KnownAdults:
    """A school's parents, links and contact points as they are before a file goes in."""

    def __init__(self, school_id: int, vault: Vault, adults: Sequence[Adult], pupils: Mapping[str, int]) -> None:
        self._vault = vault
        self._pupils = pupils
        self.parents = {parent.pk: parent for parent in Parent.objects.filter(school_id=school_id)}
        self.links = {(link.parent_id, link.pupil_id): link for link in Care.objects.filter(school_id=school_id)}
        self._contacts: dict[tuple[str, bytes], dict[int, tuple[str, str]]] = defaultdict(dict)
        for parent, channel, value_hash, *status in ContactPoint.objects.filter(school_id=school_id).values_list(
            "parent_id", "channel", "value_hash", "status", "status_reason"
        ):
            self._contacts[channel, bytes(value_hash)][parent] = (status[0], status[1])
        self._names = {
            parent.pk: plain_name(vault.decrypt("parent", parent.pk, bytes(parent.name)))
            for parent in self.parents.values()
            if parent.name is not None
        }
        self._at_pupil: dict[int, list[int]] = defaultdict(list)
        for parent, pupil in self.links:
            self._at_pupil[pupil].append(parent)
        self.same = {adult.identity: self._same(adult) for adult in adults}
        """Every known parent who is this adult, by identity."""
        self.own: dict[str, int] = {}
        """The one known parent under whom the adult goes on, by identity; a new adult has none."""
        self._claim(adults)

    def _same(self, adult: Adult) -> set[int]:
        at_child = {
            parent
            for pupil_id in adult.cares
            for parent in self._at_pupil.get(self._pupils[pupil_id], ())
            if self._names.get(parent) in adult.names
        }
        return at_child | {
            parent
            for channel, parent, name in self._with_a_contact_of(adult)
            if name in adult.names
            or (channel == "email" and any(first_name_agrees(name, other) for other in adult.names))
        }

    def _under_initial(self, adult: Adult) -> set[int]:
        return {
            parent
            for channel, parent, name in self._with_a_contact_of(adult)
            if channel == "email" and may_be(adult.names, [name])
        }

    def _with_a_contact_of(self, adult: Adult) -> Iterator[tuple[str, int, str]]:
        for channel, value in adult.contacts:
            for parent in self._contacts.get((channel, self._vault.blind_index(channel, value)), ()):
                if parent in self._names:
                    yield channel, parent, self._names[parent]

    def _claim(self, adults: Sequence[Adult]) -> None:
        """Give each adult the parent under whom they go on; nobody goes on under another's."""
        by_hash = {bytes(parent.identity_hash): parent.pk for parent in self.parents.values()}
        for adult in adults:
            parent = by_hash.get(self._vault.blind_index("parent", adult.identity))
            if parent is not None:
                self._give(adult, parent)
        for adult in adults:
            free = self.same[adult.identity] - set(self.own.values())
            if adult.identity not in self.own and free:
                self._give(adult, min(free))
        for adult in adults:
            if not self.same[adult.identity]:
                free = self._under_initial(adult) - set(self.own.values())
                # Two first names that an initial may stand for: it stands for neither.
                if len(free) == 1:
                    self._give(adult, free.pop())

    def _give(self, adult: Adult, parent: int) -> None:
        self.own[adult.identity] = parent
        self.same[adult.identity].add(parent)

    def restriction(self, adult: Adult, pupil_id: str) -> str:
        """What holds for an adult and a child: the strictest of the file and every link that is theirs.

        A link of somebody who may be this adult under an initial holds until a person says.
        """
        pupil = self._pupils[pupil_id]
        found = [adult.cares[pupil_id].restriction]
        for parent in self._at_pupil.get(pupil, ()):
            known = self.links[parent, pupil].restriction
            if parent in self.same[adult.identity]:
                found.append(known)
            elif known != "none" and may_be(adult.names, [self._names.get(parent, "")]):
                found.append(_HOLD)
        return strictest(found)

    def objects(self, adult: Adult) -> bool:
        """The adult objects in the file, or did before under any of their rows."""
        known = (self.parents[parent].objects_at for parent in self.same[adult.identity])
        return adult.objects or any(at is not None for at in known)

    def contact_status(self, adult: Adult, channel: str, value_hash: bytes) -> tuple[str, str]:
        """Status and reason of a contact value that is new to the adult's row: dead once, dead under any row."""
        known = self._contacts.get((channel, value_hash), {})
        dead = [known[parent] for parent in self.same[adult.identity] if parent in known]
        return next((status for status in dead if status[0] != "usable"), ("usable", ""))

    def has_contact(self, parent: int, channel: str, value_hash: bytes) -> bool:
        """The parent already has this value, dead or alive."""
        return parent in self._contacts.get((channel, value_hash), {})

    def update_parents(self, adults: Iterable[Adult]) -> int:
        """Language, format and wishes as the file says them; what it leaves blank stays. Returns how many changed."""
        changed = []
        for adult in adults:
            parent = self.parents.get(self.own.get(adult.identity, 0))
            if parent is None:
                continue
            before = (parent.language, parent.format, parent.prefers)
            after = (
                parent.language if adult.language == "und" else adult.language,
                adult.format or parent.format,
                adult.wishes or parent.prefers,
            )
            if before != after:
                parent.language, parent.format, parent.prefers = after
                changed.append(parent)
        Parent.objects.bulk_update(changed, ["language", "format", "prefers"], batch_size=1000)
        return len(changed)

    def update_links(self, adults: Iterable[Adult]) -> int:
        """Bring the known links of the file's adults up to it. Returns how many changed."""
        said: dict[tuple[int, int], RollRow] = {}
        for adult in adults:
            for pupil_id, row in adult.cares.items():
                held = replace(row, restriction=self.restriction(adult, pupil_id))
                for parent in self.same[adult.identity]:
                    at = (parent, self._pupils[pupil_id])
                    said[at] = more_careful(said[at], held) if at in said else held
        changed = [
            self.links[at] for at, row in said.items() if at in self.links and _follow(self.links[at], row)
        ]
        Care.objects.bulk_update(changed, _FOLLOWS, batch_size=1000)
        return len(changed)

    def hold_missing(self, adults: Iterable[Adult]) -> int:
        """Hold the links to children of the file beside whom their adult no longer stands; count those adults."""
        stands = {
            (parent, self._pupils[pupil_id])
            for adult in adults
            for pupil_id in adult.cares
            for parent in self.same[adult.identity]
        }
        in_file = set(self._pupils.values())
        missing = [link for at, link in self.links.items() if at[1] in in_file and at not in stands]
        weaker = [link for link in missing if strictness(link.restriction) < strictness(_HOLD)]
        for link in weaker:
            link.restriction = _HOLD
        Care.objects.bulk_update(weaker, ["restriction"], batch_size=1000)
        return len({link.parent_id for link in missing})


def _follow(link: Care, row: RollRow) -> bool:
    before = [getattr(link, name) for name in _FOLLOWS]
    link.relationship = link.relationship if row.relationship == "other" else row.relationship
    link.parental_responsibility, link.has_care = row.parental_responsibility, row.has_care
    link.priority = link.priority if row.priority is None else row.priority
    link.restriction = strictest((link.restriction, row.restriction))
    return before != [getattr(link, name) for name in _FOLLOWS]
