"""Who writes an email about accounts, and words that every such email has."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.partnership.queries import in_force


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes."""

    sender: str
    reply_to: str
    signed: str
    partnership: str
    """Its name, or "" if there are no settings."""


def who_writes() -> Writer:
    """The partnership, if there are settings and they are valid, otherwise only this product."""
    with suppress(EveryfamilyError, OSError):
        if (found := in_force()) is not None:
            area = found.partnership
            return Writer(area.sender_name, area.reply_mailbox, area.name, area.name)
    return Writer("everyfamily", settings.EVERYFAMILY_SENDER, "everyfamily", "")


def if_not_sure(who: Writer) -> str:
    """Whom to ring. A number in the email itself would prove nothing."""
    whom = who.partnership or "the people who run it"
    return (
        f"If you are not sure that this email is from us, ring {whom} on a number that you find yourself, not one in "
        "an email."
    )


def moment(at: datetime) -> str:
    """ "9am on Friday 12 March"."""
    local = at.astimezone(LONDON)
    return f"{time_in_words(local.time())} on {day_with_weekday(local.date())}"
