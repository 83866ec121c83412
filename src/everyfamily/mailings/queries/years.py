"""Reads of a year's mailings, for its report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from everyfamily.core.calendar.sending_window import REHEARSAL
from everyfamily.mailings.models import Mailing


@dataclass(frozen=True, slots=True)
class MailingOfYear:
    """One mailing that began in the year. Rehearsals are none."""

    id: int
    letter_id: int
    state: str
    opens_at: datetime
    follows: str
    """The reference of the letter that it follows, or blank."""
    follows_as: str
    stopped_because: str
    schools_that_send: int
    """Schools that send it themselves."""


def mailings_begun(first: datetime, before: datetime) -> list[MailingOfYear]:
    """Mailings that began from `first` on and before `before` (aware), in this order."""
    begun = Mailing.objects.filter(opens_at__gte=first, opens_at__lt=before).select_related("follows__letter")
    counted = begun.annotate(theirs=Count("mailingschool", filter=Q(mailingschool__state="sends itself")))
    return [
        MailingOfYear(
            row.pk,
            row.letter_id,
            row.state,
            row.opens_at,
            row.follows.letter.reference if row.follows is not None else "",
            row.follows_as,
            row.paused_reason,
            row.theirs,
        )
        for row in counted.order_by("opens_at", "id")
        if row.sending != REHEARSAL
    ]
