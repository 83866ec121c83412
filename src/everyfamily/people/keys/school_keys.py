"""The schools' keys: made once for each school, wrapped by the newest master key, opened for one transaction at a
time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from everyfamily.audit.security_events import refused, used
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.master_keys import MasterKeys
from everyfamily.core.keys.vault import SchoolKeys, Vault
from everyfamily.people.database.access import require_people
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.master_key_file import IN_ENVIRONMENT, read_keys
from everyfamily.people.keys.master_key_file import MasterKeyMissing as MasterKeyMissing
from everyfamily.people.models import School, SchoolKey

ENCRYPTED = (
    ("people_pupil", "id_encrypted", "pupil"),
    ("people_parent", "name", "parent"),
    ("people_contactpoint", "value", "contact"),
    ("people_dataexport", "content", "export"),
    ("people_rollnote", "content", "note"),
)
"""Every column with a ciphertext: table, column, and the name used for its place when it is encrypted."""

_LOCK = "hashtextextended('everyfamily school key', %s)"


class SchoolKeyDestroyed(EveryfamilyError):
    """The school's key was destroyed, so its people's values cannot be read again."""

    code = "EF404"


@dataclass(frozen=True, slots=True)
class KeyState:
    """What is known of a school's key without opening it."""

    version: int
    """Version of the values' key. Every ciphertext of the school begins with it."""
    master_version: int
    """Which master key wraps it, or 0 once it is destroyed."""
    destroyed_at: datetime | None


def master_key() -> MasterKeys:
    """The master keys in use (people/keys/master_key_file.py says where from and what it raises)."""
    source = "environment" if IN_ENVIRONMENT in os.environ else "file"
    try:
        keys = read_keys(os.environ)
    except EveryfamilyError as problem:
        refused("master-key-refused", source=source, code=problem.code)
        raise
    used("master-key-read", source=source, newest=keys.version)
    return keys


@dataclass(frozen=True, slots=True)
class KeyOfSchool:
    """A school and the state of its key. None if nothing was imported for it."""

    school_id: int
    urn: int
    state: KeyState | None


def keys_of_schools() -> Iterator[KeyOfSchool]:
    """Every school, open or closed, by URN, each read in its own transaction. Not inside `tenant()`."""
    for school_id, urn in School.objects.order_by("urn").values_list("id", "urn"):
        with tenant(school_id):
            state = key_state(school_id)
        yield KeyOfSchool(school_id, urn, state)


def key_state(school_id: int) -> KeyState | None:
    """The state of the school's key, inside `tenant(school_id)`. None if it has no key."""
    row = SchoolKey.objects.filter(school_id=school_id).first()
    if row is None:
        return None
    return KeyState(row.version, row.master_version if row.wrapped else 0, row.destroyed_at)


def open_vault(school_id: int, *, now: datetime) -> Vault:
    """Open the school's vault inside `tenant(school_id)`. The first time, this makes its key.

    A rotation or a destruction of the key waits until the transaction ends, and the other way round. Raises
    SchoolKeyDestroyed, and PeopleNotYours for a request that is about no people of this school.
    """
    require_people(school_id)
    hold_key(school_id, exclusive=False)
    return vault_of_held_key(school_id, now=now)


def vault_of_held_key(school_id: int, *, now: datetime) -> Vault:
    """Open the vault in a transaction that holds the key already (`hold_key`). Raises SchoolKeyDestroyed."""
    row = SchoolKey.objects.filter(school_id=school_id).first() or _made(school_id, now)
    if row.wrapped is None:
        raise SchoolKeyDestroyed(
            f"The key of school {school_id} was destroyed: what it held cannot be read again.",
            "If the school comes back, give it a new key and import its roll again.",
        )
    keys = SchoolKeys.from_bundle(unwrapped(master_key(), school_id, bytes(row.wrapped)))
    used("school-key-opened", school=school_id, version=row.version)
    return Vault.of(school_id, keys, row.version)


def unwrapped(master: MasterKeys, school_id: int, wrapped: bytes) -> bytes:
    """A school's stored keys, opened. Raises what MasterKeys.unwrap raises, and the security log says so."""
    try:
        return master.unwrap(school_id, wrapped)
    except EveryfamilyError as problem:
        refused("school-key-does-not-open", school=school_id, code=problem.code)
        raise


def hold_key(school_id: int, *, exclusive: bool) -> None:
    """Keep the school's key as it is until the transaction ends. With `exclusive`, nobody else has it open."""
    how = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}({_LOCK})", [school_id])


def hold_master_keys(*, exclusive: bool) -> None:
    """Taken before a key is wrapped, until its transaction ends. With `exclusive`, nobody is wrapping a key.

    Otherwise somebody could forget a version of the master key that wraps a key nobody else can see yet.
    """
    how = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(hashtextextended('everyfamily master keys', 0))")


def _made(school_id: int, now: datetime) -> SchoolKey:
    hold_master_keys(exclusive=False)
    master = master_key()
    row = SchoolKey(
        school_id=school_id,
        wrapped=master.wrap(school_id, SchoolKeys.new().bundle),
        master_version=master.version,
        created_at=now,
    )
    # If two begin at once, the second waits here, and uses the first one's key.
    SchoolKey.objects.bulk_create([row], ignore_conflicts=True)
    return SchoolKey.objects.get(school_id=school_id)
