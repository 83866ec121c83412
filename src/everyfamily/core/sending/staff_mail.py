"""Email to people who work with the product, and to schools: what a call makes of it, and what is done with it next.

One rule for all of it (spec table in tests/spec/staff_mail.toml). Letters to families have their own, because they have
other ways to go (fallback.py).

1. An email is recorded before it is sent, and only the process that moved it to *sending* may call.
2. If it is certain that nothing left us, it is tried again after ten minutes, until a week after it was written. What
   it says may end before that, or later.
3. A call that has not ended after an hour is *unknown*. It may have gone, so it is never sent again.
4. A run stops as soon as the trouble is the mail server's and not one address's: each call may take five minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from everyfamily.core.sending.fallback import AttemptStatus

NOT_NEEDED: Final = "not needed"
"""It was not sent, because what it would say is not true any more."""
GIVEN_UP: Final = "given up"
"""It was not sent in time."""
STATUSES: Final = (*(str(status) for status in AttemptStatus), NOT_NEEDED, GIVEN_UP)
AGAIN: Final = tuple(
    str(status)
    for status in (AttemptStatus.REFUSED, AttemptStatus.TEMPORARY_FAILURE, AttemptStatus.TECHNICAL_FAILURE)
)
"""Nothing left us, and the next try may work."""
WAITS: Final = (str(AttemptStatus.CREATED), *AGAIN)
UNSETTLED: Final = (*WAITS, str(AttemptStatus.SENDING))

AGAIN_AFTER: Final = timedelta(minutes=10)
GIVEN_UP_AFTER: Final = timedelta(days=7)
"""Longer than a bank holiday's weekend. After a week without a mail server somebody has noticed."""
SILENCE: Final = timedelta(hours=1)
"""Longer than any call: the process that was calling has died or given up."""
LATE: Final = timedelta(minutes=5)
"""A worker looks every minute."""
REFUSALS: Final = 3
"""So many in a row are not about one address."""
TOLD_KEPT: Final = timedelta(days=28)
"""The words of an email about an act, after it was sent or given up: for somebody who asks what they were told."""

_OF_ERRORS: Final = {
    "EF601": AttemptStatus.REFUSED,
    "EF602": AttemptStatus.PERMANENT_FAILURE,
    "EF603": AttemptStatus.TECHNICAL_FAILURE,
    # Both are found before the server is called. Somebody may still be added to the list of a rehearsal.
    "EF605": AttemptStatus.TECHNICAL_FAILURE,
    "EF962": AttemptStatus.REFUSED,
}


def status_of_error(code: str | None) -> AttemptStatus:
    """What an email is after a call that raised an error with this code. Any other error, and any without a code, may
    have come after the server took it."""
    return _OF_ERRORS.get(code or "", AttemptStatus.UNKNOWN)


class Next(StrEnum):
    """What is done with an email now."""

    SEND = "send"
    WAIT = "wait"
    GIVE_UP = "give up"
    LOSE = "lose"
    """Its call never ended: it becomes unknown."""
    LEAVE = "leave"
    """It has ended."""


@dataclass(frozen=True, slots=True)
class MailFacts:
    """An email, as far as the rule looks at it. Times are aware."""

    status: str
    written_at: datetime
    changed_at: datetime
    over_at: datetime | None = None
    """When what it says is over, if that is known before. None: it is tried for a week."""


def next_of(mail: MailFacts, now: datetime) -> Next:
    """What is done with it at `now`."""
    if mail.status == AttemptStatus.SENDING:
        return Next.LOSE if mail.changed_at <= now - SILENCE else Next.WAIT
    if mail.status not in WAITS:
        return Next.LEAVE
    if (mail.over_at or mail.written_at + GIVEN_UP_AFTER) <= now:
        return Next.GIVE_UP
    if mail.status == AttemptStatus.CREATED or mail.changed_at <= now - AGAIN_AFTER:
        return Next.SEND
    return Next.WAIT


def is_late(status: str, written_at: datetime, now: datetime) -> bool:
    """Whether nothing has tried it for some minutes, as if no worker looked, or none had a mail server."""
    return status == AttemptStatus.CREATED and now - written_at >= LATE


def stops(answers: Sequence[AttemptStatus]) -> bool:
    """Whether a run ends after these calls. The rest goes with the next run."""
    if not answers:
        return False
    if answers[-1] in (AttemptStatus.TECHNICAL_FAILURE, AttemptStatus.UNKNOWN):
        return True
    return len(answers) >= REFUSALS and set(answers[-REFUSALS:]) == {AttemptStatus.REFUSED}
