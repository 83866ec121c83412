"""The key of each mailing's ledger: wrapped by the master key while the mailing is open, gone when it is closed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.master_keys import version_of
from everyfamily.core.vault import new_key
from everyfamily.mailings.models import Mailing
from everyfamily.people.keys import hold_master_keys, master_key

_PLACE = -1
"""Stands for "no school" in the wrapping."""


def new_ledger_key() -> bytes:
    """A new key, wrapped; inside the transaction that stores it."""
    hold_master_keys(exclusive=False)
    return master_key().wrap(_PLACE, new_key())


def open_ledger_key(wrapped: bytes) -> bytes:
    """The key that was wrapped; raises as the master key does."""
    return master_key().unwrap(_PLACE, wrapped)


def rewrap_ledger_keys(*, by: str, now: datetime) -> int:
    """Wrap every open mailing's key by the newest master key, one transaction each; returns how many there were."""
    return sum(_rewrap(mailing_id, by, now) for mailing_id in _with_key())


def ledger_keys_by_master_version() -> dict[int, int]:
    """How many mailings' keys each version of the master key wraps."""
    found: dict[int, int] = {}
    for wrapped in Mailing.objects.exclude(ledger_key=None).values_list("ledger_key", flat=True):
        version = version_of(bytes(wrapped or b""))
        found[version] = found.get(version, 0) + 1
    return found


def _with_key() -> list[int]:
    return list(Mailing.objects.exclude(ledger_key=None).order_by("id").values_list("id", flat=True))


def _rewrap(mailing_id: int, by: str, now: datetime) -> bool:
    with transaction.atomic():
        mailing = Mailing.objects.select_for_update().get(pk=mailing_id)
        if mailing.ledger_key is None:
            return False
        hold_master_keys(exclusive=False)
        master = master_key()
        wrapped = bytes(mailing.ledger_key)
        was = version_of(wrapped)
        key = master.unwrap(_PLACE, wrapped)
        if was == master.version:
            return False
        mailing.ledger_key = master.wrap(_PLACE, key)
        mailing.save(update_fields=["ledger_key"])
        record_event(
            action="rewrap ledger key",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            detail={"was": was, "master": master.version},
        )
        return True
