"""Keyed hashes by which a way is closed that somebody shares who may not have the letter.

A value's own hash finds the same spelling. These find the same mailbox and the same home however they are spelt
(core/same_mailbox.py, core/same_home.py). They are made with the school's index key and stay when the value is purged.
"""

from __future__ import annotations

from typing import NamedTuple

from everyfamily.core.same_home import home_of
from everyfamily.core.same_mailbox import mailbox_of
from everyfamily.core.vault import Vault
from everyfamily.people.bulk import fetch_rows, update_rows
from everyfamily.people.models import ContactPoint

COLUMNS = ("closing_keys", "building_keys", "has_flat")


class ClosingKeys(NamedTuple):
    """What of one contact value is compared, in the order of `COLUMNS`."""

    closing: bytes = b""
    buildings: bytes = b""
    """Of a home: without the flat."""
    has_flat: bool = False


def closing_keys(vault: Vault, channel: str, value: str) -> ClosingKeys:
    """The keys of a contact value; a phone number has none, for it has one spelling."""
    if channel == "email":
        return ClosingKeys(vault.short_hashes("mailbox", (mailbox_of(value),)))
    if channel != "post":
        return ClosingKeys()
    home = home_of(value.split("\n"))
    buildings = vault.short_hashes("home", sorted(home.buildings))
    keys = vault.short_hashes("home", sorted(home.keys)) if home.has_flat else buildings
    return ClosingKeys(keys, buildings, home.has_flat)


def fill_closing_keys(school_id: int, vault: Vault) -> int:
    """Make the keys of values written before there were any; inside `tenant(school_id)`. Returns how many."""
    rows = fetch_rows(
        "SELECT id, channel, value FROM people_contactpoint WHERE school_id = %s AND value IS NOT NULL "
        "AND channel <> 'text' AND closing_keys = ''",
        [school_id],
    )
    return update_rows(
        ContactPoint,
        COLUMNS,
        (
            (school_id, row, *closing_keys(vault, channel, vault.decrypt("contact", row, value)))
            for row, channel, value in rows
        ),
    )
