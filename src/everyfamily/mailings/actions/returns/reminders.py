"""Letters to schools' mailboxes about their returns: which is due, and what it says. work/actions/outbox.py sends them.

If nobody knows whether one went, the next reminder, which also has the link, is sent as planned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from everyfamily.audit.actions import record_event
from everyfamily.channels.base import Carrier, Message
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
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.sending.staff_mail import NOT_NEEDED, UNSETTLED
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
from everyfamily.work.actions.outbox import Run


@dataclass(frozen=True, slots=True)
class Post:
    """What a run writes with: the carrier of email, the address that links lead to, and which days have school."""

    carrier: Carrier
    base_url: str
    is_school_day: Callable[[date], bool]


def remind_schools(mailing_id: int, post: Post, now: datetime, *, most: int | None = None) -> Run:
    """Record and send what is due now to schools that send the letter themselves. Raises ReturnsNotOpened and
    SecretKeyMissing.

    At most `most` letters are sent, and the rest go with the next run. Nothing is sent for a withdrawn letter or a
    mailing that is over, outside office hours, to a school that has closed, or to a school that has filed, except for a
    link that was renewed.
    """
    require_secret_key()
    returns = returns_of(mailing_id)
    run = Run(post.carrier, now, most)
    letter = sealed_letter_by_id(returns.letter_id) if returns.state in GOING_ON else None
    local = now.astimezone(LONDON)
    if letter is None or not in_office_hours(local, post.is_school_day) or local.date() > returns.close_on:
        return run
    # Schools in a demonstration do not exist, so a real mail server gets nothing for them either.
    if why_not_carried(demonstration=letter.demonstration) is not None or lacks_rehearsal_list(mailing_id):
        return run
    # What was tried longest ago comes first, so that no school holds up the others.
    for school in sorted(return_standings(mailing_id), key=_last_change):
        if school.has_link(now) and not school.is_closed:
            _remind(school, letter, returns, post, run)
        if run.is_over:
            break
    return run


def _last_change(school: SchoolStanding) -> datetime:
    return school.last_reminder[2] if school.last_reminder is not None else datetime.min.replace(tzinfo=UTC)


def _remind(school: SchoolStanding, letter: Letter, returns: ReturnsOf, post: Post, run: Run) -> None:
    due, last = _written(school, returns, post, run.now), school.last_reminder
    kinds = {*([last[0]] if last is not None and last[1] in UNSETTLED else ()), *([due.value] if due else ())}
    if not school.mailbox:
        run.no_mailbox += bool(kinds)
        return
    compose = partial(_message, school=school, letter=letter, returns=returns, post=post, now=run.now)
    for kind in sorted(kinds):
        rows = ReturnReminder.objects.filter(mailing_id=returns.mailing_id, school_id=school.school_id, kind=kind)
        run.send(rows, compose, within=partial(tenant, school.school_id))


def _message(
    row: ReturnReminder, *, school: SchoolStanding, letter: Letter, returns: ReturnsOf, post: Post, now: datetime
) -> Message | str | None:
    """A run takes minutes. Whether the school has filed or closed, and its link, are read here and not from the list
    that the run began with."""
    kind, id_ = ReminderKind(row.kind), school.school_id
    if not still_true(kind, returns.due_on, now.astimezone(LONDON).date()):
        return NOT_NEEDED
    # A later reminder replaces one that the mail server did not take.
    if ReturnReminder.objects.filter(mailing_id=returns.mailing_id, written_at__gt=row.written_at).exists():
        return NOT_NEEDED
    # None after a return. A renewed link is sent, because a person asked for it.
    if kind is not ReminderKind.LINK and filed_returns(id_, returns.mailing_id):
        return NOT_NEEDED
    link = ReturnLink.objects.filter(
        mailing_id=returns.mailing_id, school_id=id_, revoked_at__isnull=True, expires_at__gt=now
    ).first()
    if link is None or school_is_closed(id_):
        return None
    key = f"{letter.reference} return {school.urn} {row.reference}"
    address = address_of(post.base_url, link.code)
    body = return_letter(kind, letter, returns, school=school.name, key=key, address=address)
    return Message(Channel.EMAIL, str(row.reference), body, to=school.mailbox)


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
