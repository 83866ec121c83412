"""Keyed hashes that close a way if somebody who may not have the letter shares it.

A value's own hash finds the same spelling. These find the same mailbox and the same home in any spelling
(same_mailbox.py, same_home.py). They are made with the school's index key, and stay when the value is purged.
"""

from __future__ import annotations

from typing import NamedTuple

from everyfamily.core.contacts.same_home import Home, home_of
from everyfamily.core.contacts.same_mailbox import mailbox_of
from everyfamily.core.keys.vault import Vault
from everyfamily.people.database.bulk import fetch_rows, update_rows
from everyfamily.people.models import ContactPoint

COLUMNS = ("near_key", "closing_keys", "doubt_keys")


class ClosingKeys(NamedTuple):
    """What is compared for one contact value, in the order of `COLUMNS`."""

    near: bytes = b""
    """For the postcode or the mailbox: the others are compared only if two agree in it. Blank means that it is compared
    with everybody."""
    closing: bytes = b""
    doubts: bytes = b""
    """For a home: the last bit of each is its side (same_home.Doubt)."""


def closing_keys(vault: Vault, channel: str, value: str) -> ClosingKeys:
    """The keys of a contact value. A phone number has none, because it has one spelling."""
    if channel == "email":
        mailbox = vault.short_hashes("mailbox", (mailbox_of(value),))
        return ClosingKeys(mailbox, mailbox)
    if channel != "post":
        return ClosingKeys()
    home = home_of(value.split("\n"))
    near = vault.short_hashes("postcode", (home.near,)) if home.near else b""
    return ClosingKeys(near, vault.short_hashes("home", sorted(home.keys)), _doubts(vault, home))


def _doubts(vault: Vault, home: Home) -> bytes:
    sides: dict[str, list[bool]] = {}
    for key, side in home.doubts:
        sides.setdefault(key, []).append(side)
    kept = []
    for key in sorted(sides):
        hashed = vault.short_hashes("home", (key,))
        kept += [hashed[:-1] + bytes((hashed[-1] & 0xFE | side,)) for side in sorted(sides[key])]
    return b"".join(kept)


def fill_closing_keys(school_id: int, vault: Vault) -> int:
    """Make the keys of values that were written before there were keys. Run inside `tenant(school_id)`. Returns how
    many."""
    rows = fetch_rows(
        "SELECT id, channel, value FROM people_contactpoint WHERE school_id = %s AND value IS NOT NULL "
        "AND channel <> 'text' AND near_key IS NULL",
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
