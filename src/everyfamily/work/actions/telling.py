"""People are told by email about an act that concerns them: a number that was changed, a role that ended.

`tell` belongs to the act, in one transaction with it. The email says what happened then, so its words are written down,
and it goes at any hour. `outbox.py` sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.channels.base import Body, Carrier, Message
from everyfamily.core.actors import Actor
from everyfamily.core.invented import is_reserved
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.sending.staff_mail import NOT_NEEDED, TOLD_KEPT, UNSETTLED
from everyfamily.work.actions.outbox import Run, count_waiting, wake
from everyfamily.work.models import LONGEST_ADDRESS, LONGEST_SUBJECT, ToldMail

JOB = "tell_people"


@dataclass(frozen=True, slots=True)
class TellingPost:
    """What it is sent with, from the layers above: the carrier, the sender's address, the address of the pages, the
    address of an account (None if it is not there any more), and why an address may not be written to by these
    carriers, if so."""

    carrier: Carrier
    sender: str
    pages: str
    address_of: Callable[[int], str | None]
    why_not_carried: Callable[..., str | None]


def tell(
    *, to: Iterable[int | str], about: str, subject: str, lines: Sequence[str], by: Actor, now: datetime
) -> int:
    """Write down an email to each of these people, in the transaction of the act. A worker sends it once that is
    committed. Returns to how many.

    `to` has ids of accounts, and addresses of people who have none (in small letters or not). Each gets one email, and
    an empty address none. `about` says what kind of act it is ("numbers.asked"), for the audit trail, which keeps
    neither address nor words. `lines` are paragraphs, without a greeting and without a topic, a child or a family.
    """
    whom: dict[int | str, None] = {}
    for one in to:
        whom[one if isinstance(one, int) else one.strip().lower()] = None
    with transaction.atomic():
        rows = [
            ToldMail(
                about=about,
                account_id=one if isinstance(one, int) else None,
                address="" if isinstance(one, int) else one,
                # What somebody typed may be in it, and a header is one line.
                subject=" ".join(subject.split())[:LONGEST_SUBJECT],
                lines=[*lines],
                written_at=now,
                changed_at=now,
            )
            for one in whom
            if isinstance(one, int) or 0 < len(one) <= LONGEST_ADDRESS
        ]
        if rows:
            ToldMail.objects.bulk_create(rows)
            record_event(
                action="tell people",
                by=by,
                subject_type="email",
                subject_id=about,
                now=now,
                detail={"emails": len(rows)},
            )
            wake(JOB)
    return len(rows)


def send_told(post: TellingPost, now: datetime, *, most: int = 50) -> Run:
    """Send what was written down and not sent yet, at most this many."""
    run = Run(post.carrier, now, most)
    run.send_all(ToldMail.objects.all(), lambda row: _message(row, post))
    return run


def count_told(now: datetime) -> int:
    """How many emails wait."""
    return count_waiting(ToldMail.objects.all(), now)


def forget_told(now: datetime) -> int:
    """Delete those that ended some weeks ago; returns how many."""
    ended = ToldMail.objects.exclude(status__in=UNSETTLED).filter(changed_at__lte=now - TOLD_KEPT)
    return ended.delete()[0]


def _message(row: ToldMail, post: TellingPost) -> Message | str | None:
    # Somebody whose role ended, or who may not sign in any more, is told all the same.
    to = row.address if row.account_id is None else post.address_of(row.account_id)
    if to is None:
        return NOT_NEEDED
    # Invented people's mail goes only to stand-ins, and nobody else's does.
    if post.why_not_carried(demonstration=is_reserved(to)) is not None:
        return None
    body = Body(
        key=f"told {row.about} {row.reference}",
        language="en",
        sender_name="everyfamily",
        reply_to=post.sender,
        subject=row.subject,
        text="\n\n".join((*row.lines, f"everyfamily, {post.pages}")) + "\n",
    )
    return Message(Channel.EMAIL, str(row.reference), body, to=to)
