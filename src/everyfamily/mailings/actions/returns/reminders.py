"""Letters to schools' mailboxes about their returns: recorded, committed, and then sent. None is sent twice.

After a crash the rule of docs/channels/unknown.md applies. In short: what was recorded and never called is sent. If a
call has not ended after an hour, it is *unknown* and not sent again, and the next reminder, which also has the link, is
sent as planned. What the mail server refused or could not do is tried again after an hour, because nothing had left.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from everyfamily.audit.actions import record_event
from everyfamily.channels.base import Carrier, Message
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.core.accounting.return_reminders import (
    ReminderKind,
    ReturnDays,
    in_office_hours,
    reminder_due,
    still_true,
)
from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.letter.letters import Letter
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.letters.queries import sealed_letter_by_id
from everyfamily.mailings.installation.return_tokens import address_of, require_secret_key
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.mailings.messages.return_letters import return_letter
from everyfamily.mailings.models import ReturnLink, ReturnReminder
from everyfamily.mailings.queries.hours import lacks_rehearsal_list
from everyfamily.mailings.queries.returns import (
    GOING_ON,
    ReturnsOf,
    SchoolStanding,
    filed_returns,
    return_standings,
    returns_of,
    school_is_closed,
)
from everyfamily.people.database.tenancy import tenant

AN_HOUR = timedelta(hours=1)
_SILENCES = 3
"""A run stops after this many calls without an answer, because each may have waited for five minutes."""
_AGAIN = (AttemptStatus.REFUSED.value, AttemptStatus.TECHNICAL_FAILURE.value)
"""Nothing had left us, so it is tried again after an hour."""


@dataclass(slots=True)
class Reminded:
    """What one run did, as numbers of letters. `no_mailbox` counts schools that nobody could write to."""

    sent: int = 0
    failed: int = 0
    """The address is dead, or the server would not take it now."""
    unknown: int = 0
    silences: int = 0
    """Among the unknown: called in this run, and no answer came."""
    no_mailbox: int = 0
    broken: bool = False
    """The mail server refuses us. The run stopped, and a person must look."""

    def has_enough(self, most: int | None) -> bool:
        """Whether the run stops here. The rest goes with the next."""
        called = self.sent + self.failed + self.silences
        return self.broken or self.silences >= _SILENCES or (most is not None and called >= most)


@dataclass(frozen=True, slots=True)
class Post:
    """What a run writes with: the carrier of email, the address that links lead to, and which days have school."""

    carrier: Carrier
    base_url: str
    is_school_day: Callable[[date], bool]


def remind_schools(mailing_id: int, post: Post, now: datetime, *, most: int | None = None) -> Reminded:
    """Record and send what is due now to schools that send the letter themselves. Raises ReturnsNotOpened and
    SecretKeyMissing.

    At most `most` letters are sent, and the rest go with the next run. A run stops if the mail server refuses us or
    does not answer. Nothing is sent for a withdrawn letter or a mailing that is over, outside office hours, to a school
    that has closed, or to a school that has filed, except for a link that was renewed.
    """
    require_secret_key()
    returns = returns_of(mailing_id)
    done = Reminded()
    letter = sealed_letter_by_id(returns.letter_id) if returns.state in GOING_ON else None
    local = now.astimezone(LONDON)
    if letter is None or not in_office_hours(local, post.is_school_day) or local.date() > returns.close_on:
        return done
    # Schools in a demonstration do not exist, so a real mail server gets nothing for them either.
    if why_not_carried(demonstration=letter.demonstration) is not None or lacks_rehearsal_list(mailing_id):
        return done
    for school in return_standings(mailing_id):
        if school.has_link(now) and not school.is_closed:
            _remind(school, letter, returns, post, now, done)
        if done.has_enough(most):
            break
    return done


def _remind(
    school: SchoolStanding, letter: Letter, returns: ReturnsOf, post: Post, now: datetime, done: Reminded
) -> None:
    _settle(school, returns, now, done)
    # A reminder that is due now replaces an earlier one that the mail server did not accept.
    kind = _written(school, returns, post, now) or _to_send_again(school, returns, now)
    if kind is None:
        return
    if not school.mailbox:
        done.no_mailbox += 1
        return
    claimed = _claim(school, kind, returns, now)
    if claimed is None:
        return
    message = _message(school, kind, letter, returns, post, claimed)
    status = _call(post.carrier, message, now)
    with tenant(school.school_id):
        ReturnReminder.objects.filter(reference=message.reference).update(status=status.value, changed_at=now)
    done.sent += status is AttemptStatus.ACCEPTED
    done.unknown += status is AttemptStatus.UNKNOWN
    done.silences += status is AttemptStatus.UNKNOWN
    done.failed += status not in (AttemptStatus.ACCEPTED, AttemptStatus.UNKNOWN)
    done.broken = status is AttemptStatus.TECHNICAL_FAILURE


def _settle(school: SchoolStanding, returns: ReturnsOf, now: datetime, done: Reminded) -> None:
    """A call that has not ended becomes unknown: the process that sent it has died or given up."""
    if school.last_reminder is None:
        return
    kind, status, changed_at = school.last_reminder
    if status == AttemptStatus.SENDING.value and changed_at <= now - AN_HOUR:
        with tenant(school.school_id):
            done.unknown += ReturnReminder.objects.filter(
                mailing_id=returns.mailing_id, school_id=school.school_id, kind=kind, status=status
            ).update(status=AttemptStatus.UNKNOWN.value, changed_at=now)


def _to_send_again(school: SchoolStanding, returns: ReturnsOf, now: datetime) -> ReminderKind | None:
    """The letter that was recorded last, if it was never sent and is still true."""
    if school.last_reminder is None:
        return None
    kind, status, changed_at = school.last_reminder
    waits = status == AttemptStatus.CREATED.value or (status in _AGAIN and changed_at <= now - AN_HOUR)
    if not waits or not still_true(ReminderKind(kind), returns.due_on, now.astimezone(LONDON).date()):
        return None
    return ReminderKind(kind) if _may_go(ReminderKind(kind), school.filings) else None


def _may_go(kind: ReminderKind, filings: int) -> bool:
    """None after a return. A renewed link is sent, because a person asked for it."""
    return kind is ReminderKind.LINK or not filings


def _written(school: SchoolStanding, returns: ReturnsOf, post: Post, now: datetime) -> ReminderKind | None:
    """Record and commit the letter that is due. None if there is none, or another run was quicker."""
    local = now.astimezone(LONDON)
    days = ReturnDays(returns.opens_at.astimezone(LONDON).date(), returns.due_on, returns.close_on)
    written = {ReminderKind(kind) for kind in school.reminders}
    kind = None
    if not school.filings:
        kind = reminder_due(days, local, written=written, is_school_day=post.is_school_day)
    if school.is_for_others and kind is not ReminderKind.LINK:
        return None  # it knows better than we do whether it sent the wrong letter, so it is told once and not reminded
    if kind is None or not school.mailbox:
        return kind
    row = ReturnReminder(
        school_id=school.school_id,
        mailing_id=returns.mailing_id,
        kind=kind.value,
        written_at=now,
        changed_at=now,
    )
    with tenant(school.school_id):
        ReturnReminder.objects.bulk_create([row], ignore_conflicts=True)
        if not ReturnReminder.objects.filter(reference=row.reference).exists():
            return None
        record_event(
            action="write reminder",
            by=Actor.worker("everyfamily"),
            subject_type="mailing",
            subject_id=returns.mailing_id,
            now=now,
            school_id=school.school_id,
            detail={"kind": kind.value},
        )
    return kind


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A letter that only this run may send, and the code of the link that was open when it was claimed."""

    reference: uuid.UUID
    code: uuid.UUID


def _claim(school: SchoolStanding, kind: ReminderKind, returns: ReturnsOf, now: datetime) -> _Claimed | None:
    """Move the letter to "sending" and commit. Only the process that moves it may call. None if somebody else did, or
    if meanwhile the school has filed or closed, or its link was revoked.

    A run takes minutes, so the link is read here and not from the list that the run began with. Otherwise a link that
    was renewed meanwhile would never be sent.
    """
    with tenant(school.school_id):
        filings = len(filed_returns(school.school_id, returns.mailing_id))
        if not _may_go(kind, filings) or school_is_closed(school.school_id):
            return None
        link = ReturnLink.objects.filter(
            mailing_id=returns.mailing_id,
            school_id=school.school_id,
            revoked_at__isnull=True,
            expires_at__gt=now,
        ).first()
        rows = ReturnReminder.objects.filter(
            mailing_id=returns.mailing_id, school_id=school.school_id, kind=kind.value
        )
        sendable = rows.filter(status__in=(AttemptStatus.CREATED.value, *_AGAIN))
        if link is None or not sendable.update(status=AttemptStatus.SENDING.value, changed_at=now):
            return None
        return _Claimed(rows.get().reference, link.code)


def _message(
    school: SchoolStanding,
    kind: ReminderKind,
    letter: Letter,
    returns: ReturnsOf,
    post: Post,
    claimed: _Claimed,
) -> Message:
    address = address_of(post.base_url, claimed.code)
    key = f"{letter.reference} return {school.urn} {claimed.reference}"
    body = return_letter(kind, letter, returns, school=school.name, key=key, address=address)
    return Message(Channel.EMAIL, str(claimed.reference), body, to=school.mailbox)


def _call(carrier: Carrier, message: Message, now: datetime) -> AttemptStatus:
    try:
        return carrier.send([message], now)[0].status
    except CarrierRefused:
        return AttemptStatus.REFUSED
    except CarrierBroken:
        return AttemptStatus.TECHNICAL_FAILURE
    except NoAnswer:
        return AttemptStatus.UNKNOWN
