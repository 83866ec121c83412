"""A print house says which bundles of a withdrawn letter it stopped, so nobody had those letters.

Its word is treated like a carrier's (receipts.py): it can be repeated, and statuses only move forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.mailings.actions.sending.receipts import record_receipts
from everyfamily.mailings.models import LedgerEntry, Mailing
from everyfamily.mailings.queries.mailings import mailing_of_letter


class NotStoppedInPrint(EveryfamilyError):
    """The letter is not withdrawn, or the list names something that is not one of its letters by post."""

    code = "EF367"


def print_was_stopped(reference: str, messages: Sequence[str], *, by: Actor, now: datetime) -> int:
    """Record that these messages, given by their references in a bundle's manifest, were not posted. Returns how many
    moved.

    Raises MailingNotKnown and NotStoppedInPrint, and then nothing is recorded.
    """
    mailing = mailing_of_letter(reference)
    if not Mailing.objects.filter(pk=mailing.id, state="withdrawn").exists():
        raise NotStoppedInPrint(
            f"The mailing of {reference} is not withdrawn, or it is closed.", "Withdraw the letter first."
        )
    known = LedgerEntry.objects.filter(
        mailing_id=mailing.id, channel=Channel.POST.value, reference__in=messages
    ).count()
    if not messages or known != len(set(messages)):
        raise NotStoppedInPrint(
            "The list names no letters, or letters that are not of this mailing and by post.",
            "Give the .csv files of the bundles that the print house stopped, as they are in the print folder.",
        )
    with transaction.atomic():
        record_event(
            action="record stopped print",
            by=by,
            subject_type="mailing",
            subject_id=mailing.id,
            now=now,
            detail={"letters": known},
        )
    event = AttemptStatus.TEMPORARY_FAILURE
    return record_receipts([DeliveryEvent(one, event, now, "not posted") for one in messages], now)
