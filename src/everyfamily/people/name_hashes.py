"""Keyed hashes of an adult's name, so that people are met again without opening a name, and after it was purged."""

from __future__ import annotations

from typing import NamedTuple

from everyfamily.core.same_adult import first_name, initial_of, plain_name
from everyfamily.core.vault import Vault
from everyfamily.people.bulk import fetch_rows, update_rows
from everyfamily.people.models import Parent


class NameKeys(NamedTuple):
    """What of a plain name is compared (core/same_adult.py), under the school's key."""

    name: bytes
    first_name: bytes
    initial: bytes
    """Of the first name's initial and the surname; blank for a name of one word."""
    initial_only: bool


def name_keys(vault: Vault, plain: str) -> NameKeys:
    """Hash a name as `plain_name` gives it."""
    initial, alone = initial_of(plain)
    return NameKeys(
        vault.blind_index("name", plain),
        vault.blind_index("first name", first_name(plain)),
        vault.blind_index("initial", initial) if initial else b"",
        alone,
    )


def may_be_under_initial(one: NameKeys, other: NameKeys) -> bool:
    """One of two names has just the initial of the other's first name, and the surnames agree."""
    return bool(one.initial) and one.initial == other.initial and one.initial_only != other.initial_only


def hash_older_names(school_id: int, vault: Vault) -> int:
    """Hash the names of parents written before names had hashes; inside `tenant(school_id)`. Returns how many."""
    rows = fetch_rows(
        "SELECT id, name FROM people_parent WHERE school_id = %s AND name_hash = '' AND name IS NOT NULL",
        [school_id],
    )
    return update_rows(
        Parent,
        ("name_hash", "first_name_hash", "initial_hash", "initial_only"),
        (
            (school_id, row, *name_keys(vault, plain_name(vault.decrypt("parent", row, name))))
            for row, name in rows
        ),
    )
