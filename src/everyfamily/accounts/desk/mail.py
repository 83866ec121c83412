"""Mail about desks: what is due, and what it says now. work/actions/outbox.py sends it.

A call without an answer is not repeated: the desk still shows what waits, and the next digest says it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from everyfamily.accounts.desk.gathering import Reach, gather
from everyfamily.accounts.desk.notices import notices_of_accounts, notices_of_mailings
from everyfamily.accounts.models import Account, DeskMail
from everyfamily.accounts.queries import everybody_held
from everyfamily.audit.actions import record_event
from everyfamily.channels.base import Body, Carrier, Message
from everyfamily.core.actors import WORKING
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.mail import DIGEST_UNTIL, DeskLetter, digest, is_digest_time, urgent
from everyfamily.core.desk.notices import IN_MAIL, URGENT, Notice, notices_for
from everyfamily.core.desk.waiting import ABOUT, Item, Wait, waits_for
from everyfamily.core.invented import is_reserved
from everyfamily.core.permissions import Held
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.sending.staff_mail import NOT_NEEDED
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.work.actions.outbox import Run

NEWS_FOR = timedelta(days=1)
"""What happened earlier is on the desk, and no longer urgent by email."""


@dataclass(frozen=True, slots=True)
class Post:
    """What mail is sent with: the carrier, the sender's address, the desk's address, and whether today has school."""

    carrier: Carrier
    sender: str
    desk: str
    has_school: bool


@dataclass(frozen=True, slots=True)
class _Desk:
    """What one account would see now."""

    account: Account
    items: Sequence[Item]
    notices: Sequence[Notice]

    def urgent(self) -> Iterator[tuple[str, str]]:
        """Key and words of each thing that cannot wait."""
        for item in self.items:
            if ABOUT[item.kind].is_urgent:
                yield from ((wait.key, ABOUT[item.kind].in_mail) for wait in item.waits)
        yield from ((one.key, IN_MAIL[one.kind]) for one in self.notices if one.kind in URGENT)


def write_mail(post: Post, now: datetime, *, most: int) -> int:
    """Record what is due, and send at most `most` emails. Returns how many the mail server took."""
    held = everybody_held(now)
    if not held:
        return 0
    desks = _desks(held, now)
    _record(desks.values(), post, now)
    run = Run(post.carrier, now, most)
    run.send_all(
        DeskMail.objects.all(),
        lambda row: _message(row, desks.get(row.account_id), post, now),
        first="-is_urgent",
    )
    return run.sent


def _desks(held: Mapping[int, Held], now: datetime) -> dict[int, _Desk]:
    found = gather(Reach.everything(), now)
    news = [*notices_of_mailings(found), *notices_of_accounts(now)]
    news = [one for one in news if one.at >= now - NEWS_FOR]
    at_schools: dict[int | None, list[Wait]] = {}
    for wait in found.waits:
        at_schools.setdefault(wait.school_id, []).append(wait)

    def near(account: int) -> Iterator[Wait]:
        # Not every school's work for everybody: that would be schools times accounts.
        for school_id in {None, *(one.school_id for one in held[account].standings)}:
            yield from at_schools.get(school_id, ())

    return {
        account.pk: _Desk(
            account,
            waits_for(near(account.pk), held[account.pk], account.pk),
            notices_for(news, held[account.pk], account.pk),
        )
        for account in Account.objects.filter(pk__in=held.keys()).order_by("id")
    }


def _record(desks: Iterable[_Desk], post: Post, now: datetime) -> None:
    """Write a row for all that is due and has none yet, and one event in the audit trail."""
    wanted = {(row.account_id, row.key): row for desk in desks for row in _due(desk, post, now)}
    if not wanted:
        return
    known = DeskMail.objects.filter(key__in={key for _, key in wanted})
    for both in known.values_list("account_id", "key"):
        wanted.pop(both, None)
    if not wanted:
        return
    with transaction.atomic():
        # Another worker may have been quicker: the table takes each key once.
        DeskMail.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        urgent_rows = sum(row.is_urgent for row in wanted.values())
        record_event(
            action="write desk mail",
            by=WORKING,
            subject_type="desk",
            subject_id="",
            now=now,
            detail={"digests": len(wanted) - urgent_rows, "urgent": urgent_rows},
        )


def _due(desk: _Desk, post: Post, now: datetime) -> Iterator[DeskMail]:
    local = now.astimezone(LONDON)
    for key, _ in desk.urgent():
        yield _row(desk, key, now, until=None, is_urgent=True)
    if desk.account.digest and desk.items and is_digest_time(local, has_school=post.has_school):
        until = datetime.combine(local.date(), DIGEST_UNTIL, LONDON)
        yield _row(desk, digest_key(local.date()), now, until=until, is_urgent=False)


def digest_key(day: date) -> str:
    """Of the one digest of a day."""
    return f"digest {day}"


def _row(desk: _Desk, key: str, now: datetime, *, until: datetime | None, is_urgent: bool) -> DeskMail:
    return DeskMail(
        account=desk.account,
        key=key,
        is_urgent=is_urgent,
        written_at=now,
        changed_at=now,
        give_up_at=until,
    )


def _message(row: DeskMail, desk: _Desk | None, post: Post, now: datetime) -> Message | str | None:
    letter = _letter(row, desk, post, now)
    if desk is None or letter is None:
        return NOT_NEEDED
    to = desk.account.email
    # Invented people's mail goes only to stand-ins, and nobody else's does.
    if why_not_carried(demonstration=is_reserved(to)) is not None:
        return None
    body = Body(
        key=f"desk {row.pk}",
        language="en",
        sender_name="everyfamily",
        reply_to=post.sender,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )
    return Message(Channel.EMAIL, str(row.reference), body, to=to)


def _letter(row: DeskMail, desk: _Desk | None, post: Post, now: datetime) -> DeskLetter | None:
    """What the row says now. None if it is not true any more."""
    if desk is None:
        return None
    if row.is_urgent:
        line = dict(desk.urgent()).get(row.key)
        return urgent(desk.account.name, line, post.desk) if line is not None else None
    if not desk.items or not desk.account.digest:
        return None
    return digest(desk.account.name, desk.items, post.desk, now.astimezone(LONDON).date())
