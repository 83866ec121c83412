"""Carriers are asked what happened to messages: to those unknown after a crash or without an answer, and to those with
no news.

This is the second way to a receipt that never came, for carriers that can be asked by our reference
(docs/channels/unknown.md).
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import QuerySet

from everyfamily.channels.base import Carrier
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.carrier_words import plain_reason
from everyfamily.core.sending.fallback import QUIET, AttemptStatus, Channel
from everyfamily.core.sending.restored import NEVER_HAD, NOT_WRITTEN, PUT_BACK, SAID_HAD
from everyfamily.mailings.actions.sending.mirroring import Heard, hear
from everyfamily.mailings.actions.sending.receipts import mirror_everywhere
from everyfamily.mailings.models import LedgerEntry

logger = logging.getLogger(__name__)

UNKNOWN_FOR = timedelta(hours=1)
"""A carrier may know about a message only some time after it accepted it. Until then "never had it" is not an
answer."""
QUIET_FOR = timedelta(hours=4)
"""If a receipt has not come by then, the carrier is asked."""
MOST = 200
"""Messages asked about in one go, because a sweep must be short."""
MOST_SECONDS = 20.0
"""For how long a carrier that answers slowly may keep a worker from its letters, and from ending when it is told to."""
MOST_SILENCES = 3
"""A carrier that could not be asked this many times in a row is away. Each call may have waited for half a minute."""
_ASKED = ("unknown", "accepted")


class Asking:
    """Goes round the messages of all open mailings, one page at a time. Each process keeps one."""

    def __init__(self) -> None:
        self._after = dict.fromkeys(_ASKED, 0)

    def go_on(self, carriers: Mapping[Channel, Carrier], now: datetime) -> int:
        """Ask about the next messages. Returns how many moved forward. A carrier that fails is left for next time."""
        channels = [channel for channel, carrier in carriers.items() if carrier.answers_for(channel)]
        if not channels:
            return 0
        heard: list[Heard] = []
        silences: Counter[str] = Counter()
        found = self._next_page(channels, now)
        ends = time.monotonic() + MOST_SECONDS
        for entry in found:
            if time.monotonic() >= ends:
                break
            carrier = carriers[Channel(entry.channel)]
            if silences[carrier.name] == MOST_SILENCES:
                continue
            # Also if nothing is said about one: it comes again in the next round, and holds up no other.
            self._after[entry.status] = entry.pk
            try:
                news = self._ask(entry, carrier, now)
            except EveryfamilyError as problem:
                silences[carrier.name] += 1
                logger.warning("A carrier could not be asked (%s). It is asked again.", problem.code)
                continue
            silences[carrier.name] = 0
            if news is not None:
                heard.append(news)
        changed = hear(heard, now)
        mirror_everywhere(changed, now)
        return len(changed)

    def _next_page(self, channels: list[Channel], now: datetime) -> list[LedgerEntry]:
        """Unknown messages first, each kind from where its last page ended. When one kind ends it makes room for the
        other."""
        asked = LedgerEntry.objects.select_related("mailing").filter(
            mailing__state__in=["open", "paused", "withdrawn"],
            channel__in=[channel.value for channel in channels],
        )
        which = {
            "unknown": asked.filter(status="unknown", changed_at__lt=now - UNKNOWN_FOR).exclude(
                # A reference made after what may have been sent: nobody knows it.
                reason=NOT_WRITTEN
            ),
            "accepted": asked.filter(
                status="accepted", changed_at__lt=now - QUIET_FOR, changed_at__gt=now - max(QUIET.values())
            ),
        }
        # A second time, if both rounds have ended.
        return self._from_where_it_stopped(which) or self._from_where_it_stopped(which)

    def _from_where_it_stopped(self, which: Mapping[str, QuerySet[LedgerEntry]]) -> list[LedgerEntry]:
        found: list[LedgerEntry] = []
        for status in _ASKED:
            room = MOST - len(found)
            page = list(which[status].filter(pk__gt=self._after[status]).order_by("id")[:room])
            if room and not page:
                self._after[status] = 0
            found += page
        return found

    def _ask(self, entry: LedgerEntry, carrier: Carrier, now: datetime) -> Heard | None:
        event = carrier.ask(str(entry.reference), now)
        if event is not None:
            return entry.pk, event.status, plain_reason(event.reason), event.occurred_at
        if entry.status == "unknown" and never_had_it_counts(entry, carrier, now):
            # Nothing left us, so the call is repeated like one that was refused.
            return entry.pk, AttemptStatus.REFUSED, NEVER_HAD, now
        return None


def never_had_it_counts(entry: LedgerEntry, carrier: Carrier, now: datetime) -> bool:
    """Whether the carrier would still know about the message, if it had it. After a restore it may have been sent at
    any time since the moment that the database was restored to. What a person said was sent is not sent again."""
    if entry.reason == SAID_HAD:
        return False
    restored_to = entry.mailing.restored_to if entry.reason == PUT_BACK else None
    since = restored_to or entry.changed_at
    return carrier.remembers is None or since > now - carrier.remembers + UNKNOWN_FOR
