"""A school's key is wrapped again, rotated or replaced (key_destruction.py destroys one). There is one transaction
for each school.

A rotation makes a new key for values and keeps the index key, because hashes of values that were purged cannot be made
again (ADR 17). A transaction with the key open holds a lock (`keys.hold_key`), so that nobody writes under a key that
is about to go. A transaction that clears values without opening any holds the roll's lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import OperationalError, connection, connections
from psycopg import sql

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.master_keys import version_of
from everyfamily.core.keys.vault import SchoolKeys, Vault
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.keeping.purging import clean_up_after_purge
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.rolls.upload_clearing import drop_uploads_with_key
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import (
    ENCRYPTED,
    SchoolKeyDestroyed,
    hold_key,
    hold_master_keys,
    master_key,
    unwrapped,
)
from everyfamily.people.models import Care, ContactPoint, Parent, Pupil, RollNote, RollTask, SchoolKey

PAGE = 5000
"""How many values are decrypted and encrypted again at a time."""
_VERSIONS = 255
"""A version is one byte, and the first follows the last. By then, no value of an older key is left."""


class SchoolKeyMissing(EveryfamilyError):
    """The school has no key, because nothing was ever imported for it."""

    code = "EF412"


class SchoolKeyInUse(EveryfamilyError):
    """A key that still opens is not replaced, because what it holds would be lost."""

    code = "EF413"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation did."""

    version: int
    values: int
    """Values that were encrypted again."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What was lost with the old key."""

    children: int
    """Taken off the roll, because nobody can tell any more who they were."""
    restrictions: int
    """Links that were on *hold* or *do not send*, and are no longer known."""


def rewrap_school_key(school_id: int, *, by: Actor, now: datetime) -> bool:
    """Wrap the school's key with the newest master key. Returns whether there was anything to do.

    Raises MasterKeyVersionMissing, and ValueDoesNotOpen if another machine's version with the same number wrapped it.
    """
    with tenant(school_id):
        row = SchoolKey.objects.select_for_update().filter(school_id=school_id).first()
        if row is None or row.wrapped is None:
            return False
        hold_master_keys(exclusive=False)
        master = master_key()
        was = version_of(bytes(row.wrapped))
        key = unwrapped(master, school_id, bytes(row.wrapped))
        if was == master.version:
            return False
        row.wrapped = master.wrap(school_id, key)
        row.master_version = master.version
        row.save(update_fields=["wrapped", "master_version"])
        record_of_key("rewrap school key", school_id, by, now, was=was, master=master.version)
        return True


def rotate_school_key(school_id: int, *, by: Actor, now: datetime) -> Rotation:
    """Give the school a new key for values and encrypt every value again.

    All or nothing: after a crash the old key is still in use. Raises SchoolKeyMissing, SchoolKeyDestroyed.
    """
    with tenant(school_id):
        row = key_held(school_id)
        if row.wrapped is None:
            raise SchoolKeyDestroyed(
                f"The key of school {school_id} was destroyed: there is nothing to rotate.",
                "If the school comes back, give it a new key.",
            )
        hold_master_keys(exclusive=False)
        master = master_key()
        keys = SchoolKeys.from_bundle(unwrapped(master, school_id, bytes(row.wrapped)))
        version = row.version % _VERSIONS + 1
        old, rotated = Vault.of(school_id, keys, row.version), keys.rotated()
        new = Vault.of(school_id, rotated, version)
        drop_uploads_with_key(school_id, by=by, now=now)
        values = sum(_seal_again(school_id, place, old, new) for place in ENCRYPTED)
        row.wrapped, row.master_version = master.wrap(school_id, rotated.bundle), master.version
        row.version = version
        row.save(update_fields=["wrapped", "master_version", "version"])
        record_of_key("rotate school key", school_id, by, now, version=version, values=values)
        return Rotation(version, values)


def renew_school_key(school_id: int, *, by: Actor, now: datetime) -> Renewal:
    """Give a school whose key was destroyed a new one, so that a roll can be imported.

    Its old people cannot be recognised again: they leave the roll, their encrypted values are emptied, and their
    restrictions are lost. Raises SchoolKeyMissing, SchoolKeyInUse.
    """
    with tenant(school_id):
        row = key_held(school_id)
        if row.wrapped is not None:
            raise SchoolKeyInUse(
                f"School {school_id} has a key that opens its values.",
                "To change it and keep the people, rotate it.",
            )
        hold_master_keys(exclusive=False)
        master = master_key()
        row.wrapped, row.master_version = master.wrap(school_id, SchoolKeys.new().bundle), master.version
        row.version = row.version % _VERSIONS + 1
        row.created_at, row.destroyed_at, row.destroyed_by = now, None, None
        row.save()
        renewal = _let_go(school_id, by, now)
        count_decision(school_id)
        counts = asdict(renewal)
        record_of_key("renew school key", school_id, by, now, version=row.version, **counts)
        return renewal


def clean_up_after_key_change() -> bool:
    """Have PostgreSQL drop the old versions of rows: the old wrapped key, and what was encrypted with it.

    False if it may not, or somebody holds the table for long. Then autovacuum does it later. Backups and the
    write-ahead log keep what they have.
    """
    if not clean_up_after_purge():
        return False
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
        try:
            # The table is tiny, and a rewritten table holds no remains.
            cursor.execute("VACUUM (FULL) people_schoolkey")
        except OperationalError:
            return False
        finally:
            cursor.execute("RESET lock_timeout")
    return True


def _let_go(school_id: int, by: Actor, now: datetime) -> Renewal:
    restrictions = Care.objects.filter(
        school_id=school_id, pupil__on_roll_to=None, restriction__in=("hold", "do not send")
    ).count()
    children = Pupil.objects.filter(school_id=school_id, on_roll_to=None).update(
        on_roll_to=now.date(), leaving_proposed_at=None
    )
    Pupil.objects.filter(school_id=school_id).update(id_encrypted=None, year_group="", class_name="")
    Parent.objects.filter(school_id=school_id).update(name=None)
    RollNote.objects.filter(school_id=school_id).delete()
    ContactPoint.objects.filter(school_id=school_id).update(value=None)
    RollTask.objects.filter(school_id=school_id, closed_at=None).update(closed_at=now, closed_by=by.text)
    return Renewal(children, restrictions)


def key_held(school_id: int) -> SchoolKey:
    """The school's key, while nobody else has it open and nothing is being written about its people. Inside
    `tenant(school_id)`. Raises SchoolKeyMissing."""
    # In the same order as an import. In the other order, the two would wait for each other.
    wait_for_roll(school_id)
    hold_key(school_id, exclusive=True)
    row = SchoolKey.objects.select_for_update().filter(school_id=school_id).first()
    if row is None:
        raise SchoolKeyMissing(
            f"School {school_id} has no key: nothing was imported for it.", "Import its roll first."
        )
    return row


def _seal_again(school_id: int, place: tuple[str, str, str], old: Vault, new: Vault) -> int:
    table, column, sealed_as = place
    done = 0
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
    update = sql.SQL(
        "UPDATE {table} t SET {column} = u.value FROM unnest(%s::bigint[], %s::bytea[]) AS u (id, value) "
        # What was cleared in between stays cleared.
        "WHERE t.school_id = %s AND t.id = u.id AND t.{column} IS NOT NULL"
    ).format(**names)
    for page in _pages(school_id, names):
        ids = [row for row, _ in page]
        sealed = [new.encrypt(sealed_as, row, old.decrypt(sealed_as, row, bytes(blob))) for row, blob in page]
        with connection.cursor() as cursor:
            cursor.execute(update, [ids, sealed, school_id])
        done += len(page)
    return done


def _pages(school_id: int, names: dict[str, sql.Identifier]) -> Iterator[list[tuple[int, bytes]]]:
    read = sql.SQL(
        "SELECT id, {column} FROM {table} WHERE school_id = %s AND {column} IS NOT NULL AND id > %s "
        "ORDER BY id LIMIT %s"
    ).format(**names)
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(read, [school_id, after, PAGE])
            page = cursor.fetchall()
        if not page:
            return
        yield page
        after = page[-1][0]


def record_of_key(action: str, school_id: int, by: Actor, now: datetime, **detail: object) -> None:
    """Note in the school's own chain what became of its key."""
    record_event(
        action=action,
        by=by,
        subject_type="school",
        subject_id=school_id,
        now=now,
        school_id=school_id,
        detail=detail,
    )
