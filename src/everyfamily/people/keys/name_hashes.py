"""Keyed hashes of an adult's name, so that people are recognised without decrypting a name, even after it was
purged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from everyfamily.core.adults.same_adult import first_name, initial_of, plain_name
from everyfamily.core.adults.same_name import name_pairs, straight_name
from everyfamily.core.keys.vault import Vault, each_short_hash
from everyfamily.people.database.bulk import fetch_rows, update_rows
from everyfamily.people.models import Parent


class NameKeys(NamedTuple):
    """What is compared of a plain name (core/adults/same_adult.py), under the school's key."""

    name: bytes
    first_name: bytes
    initial: bytes
    """Of the first name's initial and the surname. Blank for a name with one word."""
    initial_only: bool
    alike: bytes
    """Short hashes of what `same_name.name_pairs` gives. If two adults share one, that is a doubt."""

    def is_alike(self, other: NameKeys) -> bool:
        """The two names may belong to one person, as a person reads them."""
        return not set(each_short_hash(self.alike)).isdisjoint(each_short_hash(other.alike))


_FORMER = 60
"""How many short hashes of the adult's earlier names are kept with those of the newest name."""
COLUMNS = ("name_hash", "first_name_hash", "initial_hash", "initial_only", "alike_keys")
"""Columns of a parent, in the order of `NameKeys`."""


def name_keys(vault: Vault, plain: str) -> NameKeys:
    """Hash a name in the form that `plain_name` gives."""
    initial, alone = initial_of(straight_name(plain))
    return NameKeys(
        vault.blind_index("name", plain),
        vault.blind_index("first name", first_name(plain)),
        vault.blind_index("initial", initial) if initial else b"",
        alone,
        alike_keys(vault, plain),
    )


def alike_keys(vault: Vault, plain: str) -> bytes:
    """What is compared of a plain name by first and last word, in any order or spelling (core/adults/same_name.py)."""
    return vault.short_hashes("alike", sorted(name_pairs(plain)))


def with_former(newest: NameKeys, others: Iterable[NameKeys]) -> NameKeys:
    """The newest name's keys, and for other spellings and former names what is compared loosely.

    A person who is kept away under one name may be elsewhere on the roll under an earlier name.
    """
    alike = dict.fromkeys(each_short_hash(newest.alike))
    former = dict.fromkeys(key for other in others for key in each_short_hash(other.alike) if key not in alike)
    return newest._replace(alike=b"".join((*alike, *list(former)[:_FORMER])))


def may_be_under_initial(one: NameKeys, other: NameKeys) -> bool:
    """One of two names has only the initial of the other's first name, and the surnames agree."""
    return bool(one.initial) and one.initial == other.initial and one.initial_only != other.initial_only


def hash_older_names(school_id: int, vault: Vault) -> int:
    """Hash the names of parents that were written before names had hashes. Run inside `tenant(school_id)`. Returns how
    many."""
    rows = fetch_rows(
        "SELECT id, name FROM people_parent "
        "WHERE school_id = %s AND (name_hash = '' OR alike_keys = '') AND name IS NOT NULL",
        [school_id],
    )
    return update_rows(
        Parent,
        COLUMNS,
        (
            (school_id, row, *name_keys(vault, plain_name(vault.decrypt("parent", row, name))))
            for row, name in rows
        ),
    )
