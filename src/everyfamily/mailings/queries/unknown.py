"""Messages of which nobody can know whether they went, and of which no person has said what happens with them."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from everyfamily.core.sending.fallback import Channel
from everyfamily.core.sending.restored import SAID_HAD, TO_DECIDE
from everyfamily.mailings.models import LedgerEntry

BY_THE_NEXT_WAY = "unknown, next way by a person"
"""Reason of an unknown message of which a person has said that the next way may follow: nobody is asked again."""

IN_MID_SEND = "the worker stopped in mid-send"
"""Reason of a message whose worker died between the call and its record."""


def count_left_in_mid_send(mailing_id: int) -> int:
    """Messages that a worker which died left in mid-call, and that are unknown since."""
    return LedgerEntry.objects.filter(mailing_id=mailing_id, reason=IN_MID_SEND).count()


def unknown_calls(mailing_id: int) -> QuerySet[LedgerEntry]:
    """Messages whose call nobody knows the end of. What a restore made unknown is decided by itself (uncertain.py)."""
    rows = LedgerEntry.objects.filter(mailing_id=mailing_id, status="unknown")
    return rows.exclude(reason__in=[*TO_DECIDE, SAID_HAD])


def unknowns_to_decide(mailing_id: int) -> dict[Channel, int]:
    """How many messages by each channel are unknown and wait for a person's word; no channel without any."""
    rows = unknown_calls(mailing_id).exclude(reason=BY_THE_NEXT_WAY)
    return {
        Channel(channel): number
        for channel, number in rows.values_list("channel").annotate(Count("id")).order_by("channel")
    }
