"""Recognise adults in a school's file who are already in the database, so that no new address lifts an old restriction.

A parent is recognised by identity, by the same name with the same child, by the same name and a contact value, or by
the same inbox and first name. Only keyed hashes are compared. Nothing is decrypted, and an adult who was purged is
recognised like anybody else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from everyfamily.core.adults.change_set import is_closed
from everyfamily.core.adults.same_adult import Adult, are_two, initial_of
from everyfamily.core.adults.same_name import straight_name
from everyfamily.core.keys.vault import Vault, each_short_hash
from everyfamily.core.rolls.closing.ways_to_close import is_posted_to
from everyfamily.core.rolls.model.roll_rows import NOT_SAID, RollRow
from everyfamily.people.database.bulk import fetch_rows
from everyfamily.people.keys.name_hashes import NameKeys, alike_keys, may_be_under_initial, name_keys

OPTED_OUT = ("opted out", "the adult asked")
"""Status and reason of a contact value of a channel that the adult has opted out of."""
NOT_POSTED_TO = ("permanent-failure", "no address that a letter could be posted to")
"""For a home that is kept only so that it is closed (core/rolls/closing/ways_to_close.py)."""


def opt_out_mark(channel: str) -> bytes:
    """Used in place of a value's hash, in the row that says that an adult has opted out of a channel.

    No value can have it, because real hashes are longer.
    """
    return f"no {channel}".encode()


@dataclass(slots=True)
class KnownParent:
    """A parent as stored."""

    id: int
    identity: bytes
    has_name: bool
    keys: NameKeys
    language: str
    format: str
    prefers: str
    objects: bool
    contacts: dict[bytes, KnownContact]
    """By value hash, which also covers the channel."""


@dataclass(frozen=True, slots=True)
class KnownContact:
    """A contact point as stored."""

    id: int
    channel: str
    has_value: bool
    status: str
    status_reason: str


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A link between a parent and a child as stored."""

    id: int
    parent: int
    pupil: int
    relationship: str
    parental_responsibility: str
    has_care: str
    priority: int | None
    restriction: str
    reason: str
    """`NOT_SAID` for a "none" that depends on the lead's word for the whole roll, which covers only silence."""
    reviewed_at: datetime | None
    reviewed_by: str | None

    @property
    def held(self) -> tuple[str, str]:
        """Restriction and reason."""
        return self.restriction, self.reason

    @property
    def closed(self) -> bool:
        """The file or a person closed it because of this adult."""
        return is_closed(self.held, reviewed=self.reviewed_at is not None)


@dataclass(slots=True)
class Met:
    """An adult in the file, and the parents in the database who are this adult."""

    adult: Adult
    identity: bytes
    names: dict[bytes, str]
    """Every spelling in the file by its hash. The first is kept."""
    contacts: list[tuple[str, str, bytes]]
    """(channel, value, hash)"""
    same: set[int] = field(default_factory=set)
    own: int = 0
    """The parent under whom the adult continues. 0 for a new adult until it is written."""
    _keys: tuple[NameKeys, ...] = ()
    _alike: frozenset[bytes] = frozenset()

    def keys(self, vault: Vault) -> tuple[NameKeys, ...]:
        """Everything that is compared, for every spelling. It is hashed only when first needed, because usually the
        whole name agrees."""
        if not self._keys:
            self._keys = tuple(name_keys(vault, plain) for plain in self.names.values())
        return self._keys

    def alike(self, vault: Vault) -> frozenset[bytes]:
        """What is compared by first and last word, for every spelling. It is cheaper than all keys."""
        if not self._alike:
            self._alike = frozenset(
                key for plain in self.names.values() for key in each_short_hash(alike_keys(vault, plain))
            )
        return self._alike


class ClosedNames:
    """What is compared of the names of adults with a closed link. The number of adults with the same name makes no
    difference to the speed."""

    def __init__(self, closed: Iterable[tuple[int, NameKeys]]) -> None:
        """`closed`: parents' ids and the keys of their names."""
        self._by_name: dict[bytes, set[int]] = defaultdict(set)
        self._by_initial: dict[tuple[bytes, bool], set[int]] = defaultdict(set)
        self._by_alike: dict[bytes, set[int]] = defaultdict(set)
        self.initials_only = False
        """At least one of them is known only by an initial."""
        for parent, keys in closed:
            self._by_name[keys.name].add(parent)
            if keys.initial:
                self._by_initial[keys.initial, keys.initial_only].add(parent)
            for alike in each_short_hash(keys.alike):
                self._by_alike[alike].add(parent)
            self.initials_only |= keys.initial_only

    def __bool__(self) -> bool:
        return bool(self._by_name)

    def has_name(self, name_hash: bytes, *, but: int) -> bool:
        """A parent other than `but` has this name."""
        return _another(self._by_name.get(name_hash, ()), but)

    def has_initial(self, keys: NameKeys, *, but: int) -> bool:
        """A parent other than `but` may have this name, if one of the two gives only the initial."""
        return _another(self._by_initial.get((keys.initial, not keys.initial_only), ()), but)

    def has_alike(self, alike: Iterable[bytes], *, but: int) -> bool:
        """A parent other than `but` may have this name in another order or spelling."""
        return any(_another(self._by_alike.get(key, ()), but) for key in alike)


def _another(parents: Collection[int], but: int) -> bool:
    return len(parents) > (but in parents)


class KnownAdults:
    """A school's parents, links and contact points as they are before a file is imported."""

    def __init__(self, school_id: int, vault: Vault, adults: Sequence[Adult], pupils: Mapping[str, int]) -> None:
        self.parents = _parents(school_id)
        self.links = _links(school_id)
        self.at_pupil: dict[int, list[int]] = defaultdict(list)
        for parent, pupil in self.links:
            self.at_pupil[pupil].append(parent)
        self._by_value: dict[bytes, list[KnownParent]] = defaultdict(list)
        for parent_id, (value_hash, contact) in _contacts(school_id):
            self.parents[parent_id].contacts[value_hash] = contact
            self._by_value[value_hash].append(self.parents[parent_id])
        self._closed = {link.parent for link in self.links.values() if link.closed}
        self._closed |= {parent for parent, known in self.parents.items() if known.objects}
        self._closed_names = ClosedNames((parent, self.parents[parent].keys) for parent in self._closed)
        self._pupils = pupils
        self._vault = vault
        self.adults = [_met(vault, adult) for adult in adults]
        if self.parents:
            for met in self.adults:
                met.same = self._same(met)
            self._claim()

    def _same(self, met: Met) -> set[int]:
        same = set()
        for pupil_id in met.adult.cares:
            pupil = self._pupils.get(pupil_id, 0)
            # A child who is not written yet has nobody.
            for parent in self.at_pupil.get(pupil, ()):
                if self.parents[parent].keys.name in met.names and not self._are_two(met, pupil_id, parent):
                    same.add(parent)
        for channel, _, value_hash in met.contacts:
            for known in self._by_value.get(value_hash, ()):
                if known.keys.name in met.names or (channel == "email" and self._has_first_name(met, known)):
                    same.add(known.id)
        return same

    def _are_two(self, met: Met, pupil_id: str, parent: int) -> bool:
        """An adult in the file and a parent of the same name are two people: a mother and a father of one name, who are
        both there. Where only one of the two is, the file calls the same person something else."""
        pupil, known = self._pupils[pupil_id], self.parents[parent]
        if not are_two(self.links[parent, pupil].relationship, met.adult.cares[pupil_id].relationship):
            return False
        name = known.keys.name
        both = self._of_name[pupil_id, name] > 1 or any(
            self.parents[other].keys.name == name for other in self.at_pupil[pupil] if other != parent
        )
        return both and known.contacts.keys().isdisjoint(value_hash for _, _, value_hash in met.contacts)

    @cached_property
    def _of_name(self) -> Counter[tuple[str, bytes]]:
        """How many adults in the file a child has of each name."""
        return Counter(
            (pupil_id, name) for met in self.adults for pupil_id in met.adult.cares for name in met.names
        )

    def _has_first_name(self, met: Met, known: KnownParent) -> bool:
        return any(keys.first_name == known.keys.first_name for keys in met.keys(self._vault))

    def may_be(self, met: Met, parent: int) -> bool:
        """An adult in the file may be a known parent under an initial, or under another order or spelling of the
        name."""
        known = self.parents[parent].keys
        return any(may_be_under_initial(keys, known) or keys.is_alike(known) for keys in met.keys(self._vault))

    def may_be_closed(self, met: Met) -> bool:
        """An adult in the file may be another parent with a closed link, of any child here, past or present.

        They are compared by the same name, by an initial, or by first and last name as a person reads them. A father
        whom a court keeps from one child may be listed at a new address with a brother or sister, or with the same
        child under a new id. Somebody who objects is recognised in the same way.
        """
        closed = self._closed_names
        if not closed:
            return False
        if any(parent in self._closed and parent != met.own for parent in met.same):
            return True
        if any(closed.has_name(name_hash, but=met.own) for name_hash in met.names):
            return True
        if closed.has_alike(met.alike(self._vault), but=met.own):
            return True
        # Hashed only if an initial is involved.
        initials = (initial_of(straight_name(plain))[1] for plain in met.names.values())
        return (closed.initials_only or any(initials)) and any(
            closed.has_initial(keys, but=met.own) for keys in met.keys(self._vault)
        )

    def may_be_closed_by_file(self) -> Iterator[int]:
        """Parents in the database who may be another adult whom the file closes, or gives a new name."""
        closes = [
            met
            for met in self.adults
            if any(is_closed(_said(row), reviewed=False) for row in met.adult.cares.values())
            or self.objects(met)
            or not self._closed.isdisjoint(met.same)
        ]
        names = ClosedNames((met.own, keys) for met in closes for keys in met.keys(self._vault))
        if names:
            for known in self.parents.values():
                keys, alike = known.keys, each_short_hash(known.keys.alike)
                if (
                    names.has_name(keys.name, but=known.id)
                    or names.has_initial(keys, but=known.id)
                    or names.has_alike(alike, but=known.id)
                ):
                    yield known.id

    def _under_initial(self, met: Met) -> set[int]:
        return {
            known.id
            for channel, _, value_hash in met.contacts
            if channel == "email"
            for known in self._by_value.get(value_hash, ())
            if any(may_be_under_initial(keys, known.keys) for keys in met.keys(self._vault))
        }

    def _claim(self) -> None:
        """Give each adult the parent under whom they continue. Nobody continues under another adult's parent."""
        by_identity = {known.identity: known.id for known in self.parents.values()}
        taken: set[int] = set()
        for met in self.adults:
            self._give(met, by_identity.get(met.identity, 0), taken)
        for met in self.adults:
            free = met.same - taken
            if not met.own and free:
                self._give(met, min(free), taken)
        for met in self.adults:
            if not met.same:
                free = self._under_initial(met) - taken
                # An initial that may stand for two first names stands for neither.
                if len(free) == 1:
                    self._give(met, free.pop(), taken)

    def _give(self, met: Met, parent: int, taken: set[int]) -> None:
        if parent:
            met.own = parent
            met.same.add(parent)
            taken.add(parent)

    def objects(self, met: Met) -> bool:
        """The adult objects in the file, or objected before under any of their rows."""
        return met.adult.objects or any(self.parents[parent].objects for parent in met.same)

    def status_of(self, met: Met, channel: str, value: str, value_hash: bytes) -> tuple[str, str]:
        """Status and reason of a contact value that is new to the adult's row. If it was dead once, it is dead under
        any row.

        An adult who has opted out of the channel, under any row, has also opted out of the new value.
        """
        if channel == "post" and not is_posted_to(value):
            return NOT_POSTED_TO
        if any(opt_out_mark(channel) in self.parents[parent].contacts for parent in met.same):
            return OPTED_OUT
        for parent in met.same:
            known = self.parents[parent].contacts.get(value_hash)
            if known is not None and known.status != "usable":
                return known.status, known.status_reason
        return "usable", ""


def _said(row: RollRow) -> tuple[str, str]:
    return row.restriction, row.restriction_reason


def _met(vault: Vault, adult: Adult) -> Met:
    return Met(
        adult,
        vault.blind_index("parent", adult.identity),
        {vault.blind_index("name", plain): plain for plain in adult.names},
        [(channel, value, vault.blind_index(channel, value)) for channel, value in adult.contacts],
    )


def _parents(school_id: int) -> dict[int, KnownParent]:
    rows = fetch_rows(
        "SELECT id, identity_hash, name IS NOT NULL, name_hash, first_name_hash, initial_hash, initial_only, "
        "alike_keys, language, format, prefers, objects_at IS NOT NULL FROM people_parent WHERE school_id = %s",
        [school_id],
    )
    return {
        row[0]: KnownParent(row[0], row[1], row[2], NameKeys(*row[3:8]), row[8], row[9], row[10], row[11], {})
        for row in rows
    }


def _links(school_id: int) -> dict[tuple[int, int], KnownLink]:
    rows = fetch_rows(
        "SELECT id, parent_id, pupil_id, relationship, parental_responsibility, has_care, priority, restriction, "
        "CASE WHEN restriction = 'none' AND restriction_reviewed_at IN "
        "(SELECT attested_at FROM people_attestation WHERE school_id = %s) THEN %s ELSE restriction_reason END, "
        "restriction_reviewed_at, restriction_reviewed_by FROM people_care WHERE school_id = %s",
        [school_id, NOT_SAID, school_id],
    )
    return {(row[1], row[2]): KnownLink(*row) for row in rows}


def _contacts(school_id: int) -> Iterator[tuple[int, tuple[bytes, KnownContact]]]:
    rows = fetch_rows(
        "SELECT parent_id, value_hash, id, channel, value IS NOT NULL, status, status_reason "
        "FROM people_contactpoint WHERE school_id = %s",
        [school_id],
    )
    for parent, value_hash, *rest in rows:
        yield parent, (value_hash, KnownContact(*rest))
