"""Carriers' reports are recorded: once, in any order, and at every school concerned.

Of a carrier's words only harmless ones are kept (core/sending/carrier_words.py), because a bounce quotes the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.sending.carrier_words import plain_reason
from everyfamily.mailings.actions.sending.mirroring import hear, mirror_attempts
from everyfamily.mailings.models import LedgerEntry
from everyfamily.mailings.queries.mailings import schools_of_messages
from everyfamily.people.database.tenancy import tenant

BATCH = 2000
"""Events recorded in one go. This limits memory and the time of a transaction."""


def record_receipts(events: Sequence[DeliveryEvent], now: datetime, *, school_id: int | None = None) -> int:
    """Record what carriers said. Returns how many messages moved forward. Unknown references are ignored.

    `school_id` says that the messages are of one school only, as copies for its children are: no other school is then
    read, so that a page of the school may record it.
    """
    moved = 0
    for start in range(0, len(events), BATCH):
        batch = events[start : start + BATCH]
        by_reference = {
            str(reference): row
            for row, reference in LedgerEntry.objects.filter(
                reference__in={event.reference for event in batch}
            ).values_list("id", "reference")
        }
        changed = hear(
            [
                (by_reference[event.reference], event.status, plain_reason(event.reason), event.occurred_at)
                for event in batch
                if event.reference in by_reference
            ],
            now,
        )
        if school_id is None:
            mirror_everywhere(changed, now)
        elif changed:
            _mirror(school_id, changed, now)
        moved += len(changed)
    return moved


def mirror_everywhere(ledger_ids: Sequence[int], now: datetime) -> None:
    """Update the attempts of every school for these messages, each school in its own transaction."""
    for school_id, theirs in schools_of_messages(ledger_ids).items():
        _mirror(school_id, theirs, now)


def _mirror(school_id: int, ledger_ids: Sequence[int], now: datetime) -> None:
    with tenant(school_id):
        mirror_attempts(school_id, now, ledger_ids=ledger_ids)
