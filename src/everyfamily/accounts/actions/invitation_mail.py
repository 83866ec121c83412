"""The email that brings somebody the link of an invitation, or of a way in again. Only it has the link, so anybody who
comes in by one reads that mailbox. It is recorded with the invitation, and work/actions/outbox.py sends it."""

from __future__ import annotations

from datetime import datetime, timedelta

from everyfamily.accounts.actions.links import person_link
from everyfamily.accounts.actions.who_writes import if_not_sure, moment, who_writes
from everyfamily.accounts.models import Invitation, InvitationMail
from everyfamily.channels.base import Body, Carrier, Message
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invented import is_reserved
from everyfamily.core.permissions import Role, role_name
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.sending.staff_mail import NOT_NEEDED
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.people.queries import schools_by_id
from everyfamily.work.actions.outbox import Run, count_waiting, wake

JOB = "mail_links"
MOST_A_DAY = 3


class MailedTooOften(EveryfamilyError):
    """Somebody would get more emails with links in a day than help."""

    code = "EF439"


def write_link(row: Invitation, now: datetime) -> None:
    """Record the email, in the transaction of the invitation. Raises MailedTooOften."""
    since = now - timedelta(days=1)
    if InvitationMail.objects.filter(invitation__email=row.email, written_at__gt=since).count() >= MOST_A_DAY:
        raise MailedTooOften(
            f"{MOST_A_DAY} emails with a link have gone to this address since yesterday.",
            "Ask them to look among unwanted email. Tomorrow you can send another one.",
        )
    InvitationMail.objects.create(invitation=row, written_at=now, changed_at=now)
    wake(JOB)


def send_links(carrier: Carrier, now: datetime, *, most: int = 50) -> Run:
    """Send what was recorded and not sent yet, at most this many. Raises SecretKeyMissing."""

    def compose(row: InvitationMail) -> Message | str | None:
        invitation = row.invitation
        if invitation.used_at or invitation.cancelled_at or now >= invitation.expires_at:
            return NOT_NEEDED
        # Invented people's mail goes only to stand-ins, and nobody else's does.
        if why_not_carried(demonstration=is_reserved(invitation.email)) is not None:
            return None
        return Message(Channel.EMAIL, str(row.reference), _body(row), to=invitation.email)

    run = Run(carrier, now, most)
    run.send_all(InvitationMail.objects.all(), compose)
    return run


def count_links(now: datetime) -> int:
    """How many emails were recorded and wait."""
    return count_waiting(InvitationMail.objects.all(), now)


def _body(row: InvitationMail) -> Body:
    who, invitation = who_writes(), row.invitation
    said = _of_way_in(invitation) if invitation.account_id is not None else _of_offer(invitation, who.partnership)
    subject, first = said
    lines = [
        first,
        "Open this link yourself:",
        person_link(invitation.code),
        "You choose there how you sign in. It takes about 10 minutes, and you need your phone or a passkey.",
        f"The link works once, until {moment(invitation.expires_at)}. It is for you and nobody else: do not pass it "
        "on. If you did not expect it, do not open it, and ring the person who is named above.",
        f"We never ask for a password by email. {if_not_sure(who)}",
        who.signed,
    ]
    return Body(
        key=f"link {row.reference}",
        language="en",
        sender_name=who.sender,
        reply_to=who.reply_to,
        # What somebody typed may be in it, and a header is one line.
        subject=" ".join(subject.split()),
        text="\n\n".join(lines) + "\n",
    )


def _of_offer(row: Invitation, partnership: str) -> tuple[str, str]:
    school = schools_by_id([row.school_id]).get(row.school_id) if row.school_id is not None else None
    where = f" at {school.name}" if school is not None else f" for {partnership}" if partnership else ""
    role = role_name(Role(row.role)).lower()
    return f"{row.invited_by} invites you to everyfamily", (
        f"{row.name}, {row.invited_by} invites you to everyfamily, to be {role}{where}."
    )


def _of_way_in(row: Invitation) -> tuple[str, str]:
    return "Your new way into everyfamily", (
        f"{row.name}, {row.invited_by} lets you in to everyfamily again. Your earlier password, your app and your "
        "passkeys work no more. Your roles are as they were."
    )
