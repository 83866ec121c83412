"""After a crash: what a dead worker left in "sending" is settled by the rule in docs/channels/unknown.md."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from everyfamily.channels.base import Carrier
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.mailings.actions.guards.life_signs import is_dead
from everyfamily.mailings.actions.sending.mirroring import Heard, hear
from everyfamily.mailings.actions.sending.receipts import mirror_everywhere
from everyfamily.mailings.models import LedgerEntry
from everyfamily.mailings.queries.unknown import IN_MID_SEND

logger = logging.getLogger(__name__)


def settle_abandoned(carriers: Mapping[Channel, Carrier], now: datetime, *, own: str = "") -> dict[str, int]:
    """Settle what dead workers left, and what the worker `own` left, which is calling nobody now. Returns how many
    messages got which status.

    If the carrier can be asked by reference at once, its answer decides: it has the message, or it never had it and the
    message may be sent. Otherwise the attempt is unknown. It waits for its receipt, or until its carrier can be asked
    (asking.py), and is not sent again.
    """
    counts: dict[str, int] = {}
    workers = LedgerEntry.objects.filter(status="sending").values_list("worker", flat=True).distinct()
    for worker in [name for name in workers if name == own or is_dead(name)]:
        left = list(LedgerEntry.objects.filter(status="sending", worker=worker))
        heard: list[Heard] = []
        never_had: list[int] = []
        for entry in left:
            try:
                status = _settle(entry, carriers.get(Channel(entry.channel)), now)
            except EveryfamilyError as problem:
                # A print folder that cannot be read does not hold up email. It is asked again at the next sweep.
                logger.warning("A carrier could not be asked (%s). It is asked again.", problem.code)
                continue
            if status is None:
                never_had.append(entry.pk)
            else:
                heard.append((entry.pk, status, IN_MID_SEND, now))
        again = _send_again(never_had, worker)
        mirror_everywhere(hear(heard, now), now)
        for _, status, _, _ in heard:
            counts[status.value] = counts.get(status.value, 0) + 1
        if again:
            counts["sent again"] = counts.get("sent again", 0) + again
    return counts


def _settle(entry: LedgerEntry, carrier: Carrier | None, now: datetime) -> AttemptStatus | None:
    # A channel may no longer have a carrier, because the settings have changed since.
    if carrier is None or not (carrier.answers_for(Channel(entry.channel)) and carrier.knows_at_once):
        return AttemptStatus.UNKNOWN
    event = carrier.ask(str(entry.reference), now)
    return event.status if event is not None else None


def _send_again(ledger_ids: list[int], worker: str) -> int:
    """Put messages that the carrier never had back to *created*: the next worker that looks at the school sends them.

    Only while they are the dead worker's, because another process may have settled them first, and somebody may be
    sending them by now.
    """
    return LedgerEntry.objects.filter(pk__in=ledger_ids, status="sending", worker=worker).update(status="created")


def forget_beats_of_the_future() -> None:
    """If a server's clock is put back, the work engine's heartbeats are in the future. A worker that died then would
    count as alive until its heartbeat has passed. A live worker sends a new heartbeat at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE last_heartbeat > now() + interval '1 minute'"
        )
