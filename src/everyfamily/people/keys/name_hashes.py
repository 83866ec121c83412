"""Keyed hashes of an adult's name, so that people are met again without opening a name, and after it was purged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from everyfamily.core.adults.same_adult import first_name, initial_of, plain_name
from everyfamily.core.adults.same_name import name_pairs, straight_name
from everyfamily.core.keys.vault import Vault, each_short_hash
from everyfamily.people.database.bulk import fetch_rows, update_rows
from everyfamily.people.models import Parent


class NameKeys(NamedTuple):
    """What of a plain name is compared (core/adults/same_adult.py), under the school's key."""

    name: bytes
    first_name: bytes
    initial: bytes
    """Of the first name's initial and the surname; blank for a name of one word."""
    initial_only: bool
    alike: bytes
    """Short hashes of what `same_name.name_pairs` gives: together with one of another's, a doubt."""

    def is_alike(self, other: NameKeys) -> bool:
        """The two may be one person's as a person reads them."""
        return not set(each_short_hash(self.alike)).isdisjoint(each_short_hash(other.alike))


_FORMER = 60
"""Short hashes of the names that an adult had before which are kept beside the newest name's."""
COLUMNS = ("name_hash", "first_name_hash", "initial_hash", "initial_only", "alike_keys")
"""Of a parent, in the order of `NameKeys`."""


def name_keys(vault: Vault, plain: str) -> NameKeys:
    """Hash a name as `plain_name` gives it."""
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
    """The newest name's keys, and of other spellings and former names what is compared kindly.

    Who is kept away under one name may stand elsewhere in the roll under the name that they had before.
    """
    alike = dict.fromkeys(each_short_hash(newest.alike))
    former = dict.fromkeys(key for other in others for key in each_short_hash(other.alike) if key not in alike)
    return newest._replace(alike=b"".join((*alike, *list(former)[:_FORMER])))


def may_be_under_initial(one: NameKeys, other: NameKeys) -> bool:
    """One of two names has just the initial of the other's first name, and the surnames agree."""
    return bool(one.initial) and one.initial == other.initial and one.initial_only != other.initial_only


def hash_older_names(school_id: int, vault: Vault) -> int:
    """Hash the names of parents written before names had hashes; inside `tenant(school_id)`. Returns how many."""
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
