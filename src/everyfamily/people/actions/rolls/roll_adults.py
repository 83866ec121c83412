"""Adults of a file: their rows, what is known about them, and the ways to reach them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial

from everyfamily.core.adults.change_set import old_value_goes
from everyfamily.core.keys.vault import Vault
from everyfamily.core.rolls.model.roll_rows import Roll
from everyfamily.people.actions.known_adults import KnownAdults, KnownParent, Met
from everyfamily.people.database.bulk import insert_rows, take_ids, update_rows
from everyfamily.people.keys.closing_keys import COLUMNS as CLOSING_COLUMNS
from everyfamily.people.keys.closing_keys import closing_keys
from everyfamily.people.keys.name_hashes import COLUMNS as NAME_COLUMNS
from everyfamily.people.keys.name_hashes import NameKeys, with_former
from everyfamily.people.models import ContactPoint, Parent

_NEW_PARENT = (
    *("id", "school_id", "identity_hash", "name", *NAME_COLUMNS),
    *("language", "format", "prefers", "objects_at", "objects_by"),
)
_SAID = ("language", "format", "wish")
_WAYS = {"email": "email addresses", "text": "mobile numbers", "post": "addresses"}
_NAME = ("name", *NAME_COLUMNS)
_NEW_CONTACT = (
    *("id", "school_id", "parent_id", "channel", "value", "value_hash", "status", "status_reason"),
    *CLOSING_COLUMNS,
)
_CHANNELS = {
    "EMAIL": ("email",),
    "PHONE": ("text",),
    "MOBILE": ("text",),
    "FORMULA": ("email", "text"),
    "DATE": ("email", "text"),
}
"""The first word of the code of a value that was set aside, and the channels that it may be about."""


class Adults:
    """Writes the adults of a file. A name is only encrypted here, never decrypted."""

    def __init__(self, school_id: int, vault: Vault, known: KnownAdults, now: datetime) -> None:
        self._school = school_id
        self._vault = vault
        self._known = known
        self._now = now
        self.changed = 0
        self.refilled = 0
        """Names and contact values that had been purged and are filled in again."""
        self.forgotten = 0
        """Contact values that are no longer in the newest file."""
        self.not_clean: frozenset[int] = frozenset()
        """Contact points whose value the file has in a cell with more in it."""
        self.touched: dict[int, list[tuple[str, str, str]]] = {}
        """What is new or different about known adults, by their row ids: what, before and after, and no value."""

    def write_parents(self) -> None:
        """Insert new adults, and bring known adults up to date with the file. Afterwards every adult has their own
        row."""
        new = [met for met in self._known.adults if not met.own]
        for met, row_id in zip(new, take_ids(Parent, len(new)), strict=True):
            met.own = row_id
        insert_rows(Parent, _NEW_PARENT, map(self._new_parent, new))
        self._object()
        self._follow()

    def _new_parent(self, met: Met) -> tuple[object, ...]:
        adult, objects = met.adult, self._known.objects(met)
        return (
            met.own,
            self._school,
            met.identity,
            self._vault.encrypt("parent", met.own, adult.name),
            *with_former(*self._newest_and_others(met)),
            adult.language,
            adult.format or "standard",
            adult.wishes,
            self._now if objects else None,
            "roll" if objects else None,
        )

    def _newest_and_others(self, met: Met) -> tuple[NameKeys, Sequence[NameKeys]]:
        newest, *others = met.keys(self._vault)
        return newest, others

    def _object(self) -> None:
        """Every row of an adult who objects, in the file or before, objects."""
        rows = {
            parent: (self._school, parent, self._now, "roll")
            for met in self._known.adults
            if met.same and self._known.objects(met)
            for parent in met.same
            if not self._known.parents[parent].objects
        }
        update_rows(Parent, ("objects_at", "objects_by"), rows.values())

    def _follow(self) -> None:
        """Language, format and wishes as the file says them (what it leaves blank stays), and the name."""
        said, named, changed = [], [], 0
        for met in self._known.adults:
            parent = self._known.parents.get(met.own)
            if parent is None:
                continue
            before = (parent.language, parent.format, parent.prefers)
            after = (
                parent.language if met.adult.language == "und" else met.adult.language,
                met.adult.format or parent.format,
                met.adult.wishes or parent.prefers,
            )
            different = [one for one in zip(_SAID, before, after, strict=True) if one[1] != one[2]]
            if different:
                said.append((self._school, parent.id, *after))
            renamed = self._renamed(met, parent)
            if renamed or not parent.has_name:
                name = self._vault.encrypt("parent", parent.id, met.adult.name)
                newest, others = self._newest_and_others(met)
                named.append((self._school, parent.id, name, *with_former(newest, (*others, parent.keys))))
                self.refilled += not parent.has_name
                if renamed:
                    different.append(("name", "", "written otherwise"))
            changed += bool(different)
            self._touch(parent.id, different)
        update_rows(Parent, ("language", "format", "prefers"), said)
        update_rows(Parent, _NAME, named)
        self.changed += changed

    def _touch(self, parent: int, different: Sequence[tuple[str, str, str]]) -> None:
        if different:
            self.touched.setdefault(parent, []).extend(different)

    def _renamed(self, met: Met, parent: KnownParent) -> bool:
        """The file knows the adult only by another name, and not just by an initial of the known one."""
        if parent.keys.name in met.names:
            return False
        newest = met.keys(self._vault)[0]
        return not (newest.initial_only and newest.initial == parent.keys.initial)

    def write_contact_points(self, roll: Roll) -> None:
        """The newest file's values are the adult's. A value that died stays dead."""
        new: list[tuple[int, str, str, bytes, tuple[str, str]]] = []
        shut: list[tuple[int, str, str, bytes, tuple[str, str]]] = []
        again: list[tuple[object, ...]] = []
        only_close = dict(self._only_close())
        self.not_clean = frozenset(only_close)
        goes = dict(self._not_repeated(roll)) | only_close
        for met in self._known.adults:
            parent = self._known.parents.get(met.own)
            for channel, value, value_hash in met.contacts:
                known = parent.contacts.get(value_hash) if parent else None
                if known is None:
                    status = self._known.status_of(met, channel, value, value_hash)
                    new.append((met.own, channel, value, value_hash, status))
                elif not known.has_value:
                    again.append((self._school, known.id, self._vault.encrypt("contact", known.id, value)))
            shut += self._never_written_to(met, parent)
        self._count_ways(Counter(one[:2] for one in new if one[0] in self._known.parents), goes)
        insert_rows(ContactPoint, _NEW_CONTACT, self._new_contacts(new))
        insert_rows(ContactPoint, _NEW_CONTACT, self._new_contacts(shut, sealed=False))
        self.refilled += update_rows(ContactPoint, ("value",), again)
        self.forgotten = update_rows(ContactPoint, ("value",), ((self._school, row, None) for row in goes))

    def _count_ways(self, new: Counter[tuple[int, str]], goes: Mapping[int, int]) -> None:
        """How many contact values known adults had and have, where some are new or gone."""
        gone = Counter(
            (parent, known.channel)
            for parent in set(goes.values())
            for known in self._known.parents[parent].contacts.values()
            if known.id in goes
        )
        for parent, channel in dict.fromkeys((*new, *gone)):
            at = (parent, channel)
            contacts = self._known.parents[parent].contacts.values()
            had = sum(known.has_value and known.channel == channel for known in contacts)
            added = f" ({new[at]} new)" if had and new[at] else ""
            self._touch(parent, [(_WAYS[channel], str(had), f"{had - gone[at] + new[at]}{added}")])

    def _only_close(self) -> Iterator[tuple[int, int]]:
        """Values from cells with more in them than a way, which an earlier file or version had kept: id and adult."""
        for met in self._known.adults:
            clean = {value_hash for _, _, value_hash in met.contacts}
            shut = {self._vault.blind_index(*way) for way in met.adult.shut_by} - clean
            for parent in met.same if shut else ():
                for value_hash, known in self._known.parents[parent].contacts.items():
                    if value_hash in shut and known.has_value:
                        yield known.id, parent

    def _never_written_to(
        self, met: Met, parent: KnownParent | None
    ) -> Iterator[tuple[int, str, str, bytes, tuple[str, str]]]:
        """Values that close ways and are never written to, if they are not there yet. If a clean cell comes later, it
        fills them."""
        for channel, value in met.adult.shut_by:
            value_hash = self._vault.blind_index(channel, value)
            is_there = (parent and value_hash in parent.contacts) or any(
                value_hash == one for _, _, one in met.contacts
            )
            if not is_there:
                yield met.own, channel, value, value_hash, ("usable", "")

    def _new_contacts(
        self, new: list[tuple[int, str, str, bytes, tuple[str, str]]], *, sealed: bool = True
    ) -> Iterator[tuple[object, ...]]:
        """Rows of new contact points, without their values unless `sealed`."""
        ids = take_ids(ContactPoint, len(new))
        # Most homes belong to two adults.
        keys_of = cache(partial(closing_keys, self._vault))
        for row_id, (parent, channel, value, value_hash, status) in zip(ids, new, strict=True):
            blob = self._vault.encrypt("contact", row_id, value) if sealed else None
            yield row_id, self._school, parent, channel, blob, value_hash, *status, *keys_of(channel, value)

    def _not_repeated(self, roll: Roll) -> Iterator[tuple[int, int]]:
        """Ids of contact points whose value is removed, and of their adult, under every row of an adult in the file."""
        unread = _unread(roll)
        there = {channel for met in self._known.adults for channel, _, _ in met.contacts}
        there |= {channel for channel, _ in unread}
        said: dict[int, set[bytes]] = {}
        rows: dict[int, set[int]] = {}
        for met in self._known.adults:
            for parent in met.same:
                said.setdefault(parent, set()).update(value_hash for _, _, value_hash in met.contacts)
                rows.setdefault(parent, set()).update(met.adult.rows)
        for parent, hashes in said.items():
            for value_hash, known in self._known.parents[parent].contacts.items():
                if known.has_value and value_hash not in hashes:
                    readable = not any((known.channel, row) in unread for row in rows[parent])
                    if old_value_goes(known.channel, readable=readable, silent=known.channel not in there):
                        yield known.id, parent


def _unread(roll: Roll) -> Collection[tuple[str, int]]:
    """(channel, row) of the contact values that were set aside."""
    return {
        (channel, one.row) for one in roll.set_aside for channel in _CHANNELS.get(one.code.partition("_")[0], ())
    }
