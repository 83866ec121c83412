"""The key of each mailing's ledger: wrapped by the master key while the mailing is open, and destroyed when it is
closed."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.audit.security_events import refused, used
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.master_keys import MasterKeys, MasterKeyVersionMissing, version_of
from everyfamily.core.keys.vault import ValueDoesNotOpen, new_key
from everyfamily.mailings.models import Mailing
from everyfamily.people.keys.school_keys import hold_master_keys, master_key

_ONCE_FOR_ALL = -1
"""The place that every mailing's key was wrapped for before each key was bound to its own row."""


def new_ledger_key() -> tuple[int, bytes]:
    """The id of a mailing to be made, and a new key wrapped for it. Run inside the transaction that stores both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('mailings_mailing', 'id'))")
        mailing_id = int(cursor.fetchone()[0])
    hold_master_keys(exclusive=False)
    return mailing_id, master_key().wrap_for_mailing(mailing_id, new_key())


def open_ledger_key(mailing: Mailing) -> bytes:
    """The mailing's key, which must still exist. Raises what opening the master key raises."""
    key = _unwrapped(master_key(), mailing)
    used("ledger-key-opened", mailing=mailing.pk)
    return key


def _unwrapped(master: MasterKeys, mailing: Mailing) -> bytes:
    wrapped = bytes(mailing.ledger_key or b"")
    try:
        if mailing.ledger_key_is_bound:
            return master.unwrap_for_mailing(mailing.pk, wrapped)
        return master.unwrap(_ONCE_FOR_ALL, wrapped)
    except EveryfamilyError as problem:
        refused("ledger-key-does-not-open", mailing=mailing.pk, code=problem.code)
        raise


def rewrap_ledger_keys(*, by: Actor, now: datetime) -> int:
    """Wrap every open mailing's key with the newest master key and for its own row, in one transaction each.

    Returns how many there were to wrap.
    """
    return sum(_rewrap(mailing_id, by, now) for mailing_id in _with_key())


def bind_ledger_keys(*, by: Actor, now: datetime) -> int:
    """Wrap each key that is not yet bound to its own row. Returns how many there were. A worker does this first.

    A key that no master key here opens is left as it is, and a line in the security log names its mailing.
    """
    loose = Mailing.objects.exclude(ledger_key=None).filter(ledger_key_is_bound=False).order_by("id")
    bound = 0
    for mailing_id in list(loose.values_list("id", flat=True)):
        with suppress(MasterKeyVersionMissing, ValueDoesNotOpen):
            bound += _rewrap(mailing_id, by, now)
    return bound


def ledger_keys_by_master_version() -> dict[int, int]:
    """How many mailings' keys each version of the master key wraps."""
    found: dict[int, int] = {}
    for wrapped in Mailing.objects.exclude(ledger_key=None).values_list("ledger_key", flat=True):
        version = version_of(bytes(wrapped or b""))
        found[version] = found.get(version, 0) + 1
    return found


def _with_key() -> list[int]:
    return list(Mailing.objects.exclude(ledger_key=None).order_by("id").values_list("id", flat=True))


def _rewrap(mailing_id: int, by: Actor, now: datetime) -> bool:
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
        if mailing.ledger_key is None:
            return False
        hold_master_keys(exclusive=False)
        master = master_key()
        wrapped = bytes(mailing.ledger_key)
        was = version_of(wrapped)
        key = _unwrapped(master, mailing)
        if was == master.version and mailing.ledger_key_is_bound:
            return False
        mailing.ledger_key = master.wrap_for_mailing(mailing_id, key)
        mailing.ledger_key_is_bound = True
        mailing.save(update_fields=["ledger_key", "ledger_key_is_bound"])
        record_event(
            action="rewrap ledger key",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            detail={"was": was, "master": master.version},
        )
        return True
