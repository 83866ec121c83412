"""Messages that may or may not have been sent, and about which no person has said what happens with them."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from everyfamily.core.sending.fallback import Channel
from everyfamily.core.sending.restored import SAID_HAD, TO_DECIDE
from everyfamily.mailings.models import LedgerEntry

BY_THE_NEXT_WAY = "unknown, next way by a person"
"""Reason of an unknown message for which a person has said that the next way may follow: nobody is asked again."""

IN_MID_SEND = "the worker stopped in mid-send"
"""Reason of a message whose worker died between the call and its record."""


def count_left_in_mid_send(mailing_id: int) -> int:
    """Messages that a dead worker left in the middle of a call, and that have been unknown since."""
    return LedgerEntry.objects.filter(mailing_id=mailing_id, reason=IN_MID_SEND).count()


def unknown_calls(mailing_id: int) -> QuerySet[LedgerEntry]:
    """Messages with a call whose end nobody knows. What a restore made unknown is decided separately (uncertain.py)."""
    rows = LedgerEntry.objects.filter(mailing_id=mailing_id, status="unknown")
    return rows.exclude(reason__in=[*TO_DECIDE, SAID_HAD])


def unknowns_to_decide(mailing_id: int) -> dict[Channel, int]:
    """How many messages of each channel are unknown and wait for a person's decision. Channels without any are left
    out."""
    rows = unknown_calls(mailing_id).exclude(reason=BY_THE_NEXT_WAY)
    return {
        Channel(channel): number
        for channel, number in rows.values_list("channel").annotate(Count("id")).order_by("channel")
    }
