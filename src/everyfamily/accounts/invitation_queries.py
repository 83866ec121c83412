"""Reads: who was invited or let in again and has not come yet, and what became of the email with the link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from everyfamily.accounts.models import Invitation, InvitationMail
from everyfamily.core.permissions import Role
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.sending.staff_mail import LATE, is_late


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation, or a way in again, that nobody has used yet."""

    id: int
    name: str
    email: str
    role: Role | None
    """None for an account that is let in again."""
    school_id: int | None
    body: str
    expires_at: datetime
    account_id: int | None
    mail: str
    """What became of the email with its link (core/sending/staff_mail.py), or "" if none was to go."""
    mail_is_late: bool
    """Nothing has sent it for some minutes."""


def open_invitations(
    now: datetime, school_id: int | None = None, let_in: Iterable[int] = ()
) -> list[OpenInvitation]:
    """Invitations that can still be accepted, the newest first: all, or those of one school. Also the links of the
    accounts in `let_in` that were let in again and have not come yet."""
    wanted = Q(account=None) if school_id is None else Q(account=None, school_id=school_id)
    return _as_open(_unused(now).filter(wanted | Q(account_id__in=list(let_in))), now)


def is_of_school(invitation_id: int, school_id: int) -> bool:
    """Whether an invitation is to this school, or lets in again somebody with a role there; it may have ended."""
    role = Q(account__membership__school_id=school_id, account__membership__ended_at=None)
    return Invitation.objects.filter(Q(school_id=school_id) | role, pk=invitation_id).exists()


def open_invitation(invitation_id: int, now: datetime) -> OpenInvitation | None:
    """One of either, or None if it is over."""
    return next(iter(_as_open(_unused(now).filter(pk=invitation_id), now)), None)


def emails_wait(now: datetime) -> bool:
    """Whether emails with links do not go out: the mail server did not take one, or nothing looks for them."""
    stuck = Q(status__in=[AttemptStatus.REFUSED.value, AttemptStatus.TECHNICAL_FAILURE.value])
    stuck |= Q(status=AttemptStatus.CREATED.value, written_at__lte=now - LATE)
    return InvitationMail.objects.filter(stuck, invitation__in=_unused(now)).exists()


def _unused(now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, cancelled_at=None, expires_at__gt=now)


def _as_open(rows: QuerySet[Invitation], now: datetime) -> list[OpenInvitation]:
    return [
        OpenInvitation(
            row.pk,
            row.name,
            row.email,
            Role(row.role) if row.role else None,
            row.school_id,
            row.body,
            row.expires_at,
            row.account_id,
            mail.status if mail is not None else "",
            mail is not None and is_late(mail.status, mail.written_at, now),
        )
        for row in rows.select_related("invitationmail").order_by("-id")
        for mail in [getattr(row, "invitationmail", None)]
    ]
