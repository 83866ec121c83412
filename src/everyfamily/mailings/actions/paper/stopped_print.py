"""A print house says which letters it stopped or took out, so nobody had them: of a withdrawn letter any, and otherwise
those that it was asked to take out (take_outs.py).

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
from everyfamily.mailings.actions.planning.take_outs import copies_to_take_out, were_taken_out
from everyfamily.mailings.actions.sending.receipts import record_receipts
from everyfamily.mailings.models import LedgerEntry, Mailing
from everyfamily.mailings.queries.mailings import mailing_of_letter


class NotStoppedInPrint(EveryfamilyError):
    """The letter is not withdrawn and nobody asked to take these copies out, or they are not its letters by post."""

    code = "EF367"


def print_was_stopped(reference: str, messages: Sequence[str], *, by: Actor, now: datetime) -> int:
    """Record that these messages, given by their references in a bundle's manifest, were not posted. Returns how many
    moved.

    Raises MailingNotKnown and NotStoppedInPrint, and then nothing is recorded.
    """
    mailing = mailing_of_letter(reference)
    is_withdrawn = Mailing.objects.filter(pk=mailing.id, state="withdrawn").exists()
    if not is_withdrawn and not set(messages) <= set(copies_to_take_out(mailing.id, now)):
        raise NotStoppedInPrint(
            f"The mailing of {reference} is not withdrawn, and not all of these are copies to take out today.",
            "See which copies are to be taken out, or withdraw the letter first.",
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
    moved = record_receipts([DeliveryEvent(one, event, now, "not posted") for one in messages], now)
    were_taken_out(mailing.id, by=by, now=now)
    return moved
