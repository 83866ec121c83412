"""Carriers are asked what became of messages: of those unknown after a crash or a silence, and of those gone quiet.

The second way to a receipt that never came, for carriers that can be asked by our reference (docs/channels/unknown.md).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from everyfamily.channels.base import Carrier
from everyfamily.core.carrier_words import plain_reason
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.fallback import QUIET, AttemptStatus, Channel
from everyfamily.mailings.actions.mirroring import Heard, hear
from everyfamily.mailings.actions.receipts import mirror_everywhere
from everyfamily.mailings.models import LedgerEntry

logger = logging.getLogger(__name__)

UNKNOWN_FOR = timedelta(hours=1)
"""A carrier may know of a message only some time after it took it in: until then "never had it" is no answer."""
QUIET_FOR = timedelta(hours=4)
"""A receipt that has not come by then is asked for."""
MOST = 200
"""Messages asked about in one go: a sweep is short."""


class Asking:
    """Goes round the messages of all open mailings, a page at a time; a process keeps one."""

    def __init__(self) -> None:
        self._after = 0

    def go_on(self, carriers: Mapping[Channel, Carrier], now: datetime) -> int:
        """Ask about the next messages; returns how many moved forward. A carrier that fails is left for next time."""
        channels = [channel for channel, carrier in carriers.items() if carrier.answers_for(channel)]
        if not channels:
            return 0
        found = self._next_page(channels, now)
        heard: list[Heard] = []
        for entry in found:
            try:
                news = self._ask(entry, carriers[Channel(entry.channel)], now)
            except EveryfamilyError as problem:
                logger.warning("A carrier could not be asked (%s); it is asked again.", problem.code)
                break
            if news is not None:
                heard.append(news)
        changed = hear(heard, now)
        mirror_everywhere(changed, now)
        return len(changed)

    def _next_page(self, channels: list[Channel], now: datetime) -> list[LedgerEntry]:
        asked = LedgerEntry.objects.filter(
            mailing__state__in=["open", "paused", "withdrawn"],
            channel__in=[channel.value for channel in channels],
        )
        unknown = asked.filter(status="unknown", changed_at__lt=now - UNKNOWN_FOR)
        quiet = asked.filter(
            status="accepted", changed_at__lt=now - QUIET_FOR, changed_at__gt=now - max(QUIET.values())
        )
        found = [*unknown.order_by("id")[:MOST]]
        found += quiet.filter(pk__gt=self._after).order_by("id")[: MOST - len(found)]
        # From the beginning again when the end is reached.
        self._after = found[-1].pk if len(found) == MOST and found[-1].status == "accepted" else 0
        return found

    def _ask(self, entry: LedgerEntry, carrier: Carrier, now: datetime) -> Heard | None:
        event = carrier.ask(str(entry.reference), now)
        if event is not None:
            return entry.pk, event.status, plain_reason(event.reason), event.occurred_at
        remembers = carrier.remembers
        if entry.status == "unknown" and (remembers is None or entry.changed_at > now - remembers + UNKNOWN_FOR):
            # Nothing left us: the call is repeated as one that was refused is.
            return entry.pk, AttemptStatus.REFUSED, "the carrier never had it", now
        return None
