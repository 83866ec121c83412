"""What a reply answers: which letter, of which mailing, in which language. Nothing here returns who wrote it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from everyfamily.mailings.models import Attempt, LedgerEntry, Mailing
from everyfamily.mailings.queries.mailings import schools_of_messages
from everyfamily.people.database.tenancy import tenant


@dataclass(frozen=True, slots=True)
class Answered:
    """The mailing that a reply belongs to, and who reads its mailbox. `message` is the ledger's row, if it is known."""

    mailing_id: int
    letter_id: int
    reply_mailbox: str
    reply_owner: str
    message: int | None = None


def message_answered(references: Sequence[str]) -> Answered | None:
    """The message that the first known reference names. None if there is none, and once its mailing is closed."""
    rows = {
        str(entry.reference): entry
        for entry in LedgerEntry.objects.select_related("mailing").filter(reference__in=references)
    }
    for reference in references:
        if reference in rows:
            return _answered(rows[reference].mailing, rows[reference].pk)
    return None


def mailing_of_mailbox(addresses: Collection[str], came_at: datetime) -> Answered | None:
    """The newest mailing that had begun, and was not closed, when a message came to one of the addresses."""
    begun = Mailing.objects.filter(Q(closed_at=None) | Q(closed_at__gt=came_at), opens_at__lte=came_at)
    for mailing in begun.order_by("-opens_at", "-id"):
        if mailing.reply_mailbox.lower() in addresses:
            return _answered(mailing, None)
    return None


def reply_mailboxes() -> frozenset[str]:
    """Addresses that replies come to, of every mailing that is not closed, in lower case."""
    found = Mailing.objects.exclude(state="closed").values_list("reply_mailbox", flat=True)
    return frozenset(address.lower() for address in found)


def language_of_message(message: int) -> str:
    """The language of an adult whom the message was for, or "" if nobody can tell. If there are several adults, the
    first one's."""
    for school_id in sorted(schools_of_messages([message])):
        with tenant(school_id):
            attempt = (
                Attempt.objects.filter(school_id=school_id, ledger_id=message)
                .select_related("delivery__parent")
                .order_by("id")
                .first()
            )
            if attempt is not None:
                return str(attempt.delivery.parent.language)
    return ""


def _answered(mailing: Mailing, message: int | None) -> Answered:
    return Answered(mailing.pk, mailing.letter_id, mailing.reply_mailbox, mailing.reply_owner, message)
