"""A school's first lead comes in, or one beside a lead: by the link in the school's mailbox, and by a code that goes to
the same mailbox.

Whoever has only the link (it was forwarded, or is in somebody's history) cannot use it, and the mailbox is told who
tries.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from everyfamily.accounts.actions.inviting import invite_here
from everyfamily.accounts.actions.links import code_in, digits_of, link_over
from everyfamily.accounts.actions.schools.beside import known_beside
from everyfamily.accounts.actions.schools.mail import send_soon
from everyfamily.accounts.models import SchoolInvitation, SchoolMail
from everyfamily.audit.actions import record_event
from everyfamily.audit.security_events import refused
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import NotInvitable, offer_of
from everyfamily.core.permissions import Role
from everyfamily.core.school_invitations import CodeNotRight, require_another_code, require_code

_MAILBOX = Actor(ActorKind.LINK, "school’s mailbox")


@dataclass(frozen=True, slots=True)
class SchoolInvitationFacts:
    """A school's invitation that can be used, and who asks to be the lead, if somebody does."""

    school_id: int
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    name: str
    email: str
    is_asked: bool
    is_beside: bool


def school_invitation_of(token: str, now: datetime) -> SchoolInvitationFacts:
    """The invitation of a link. Raises SchoolInvitationOver."""
    row = _open(token, now).first()
    if row is None:
        raise link_over()
    return SchoolInvitationFacts(
        row.school_id,
        row.invited_by,
        row.invited_at,
        row.expires_at,
        row.name,
        row.email,
        row.asked is not None,
        row.is_beside,
    )


def ask(token: str, name: str, email: str, now: datetime) -> None:
    """Say who the lead is, and have a code mailed to the school's mailbox. An earlier code counts no more.

    Raises SchoolInvitationOver, NotInvitable and TooManyCodes.
    """
    with transaction.atomic():
        row = _open(token, now).select_for_update().first()
        if row is None:
            raise link_over()
        offer = offer_of(name, email, Role.LEAD, school_id=row.school_id)
        if offer.email == row.mailbox.lower():
            raise NotInvitable(
                "This is the school’s mailbox. An account belongs to one person.",
                "Give your own work email.",
                "email",
            )
        require_another_code(row.codes)
        row.name, row.email = offer.name, offer.email
        row.asked, row.asked_at, row.tries = uuid.uuid4(), now, 0
        row.codes += 1
        row.save(update_fields=["name", "email", "asked", "asked_at", "tries", "codes"])
        SchoolMail.objects.create(
            kind="code",
            school_id=row.school_id,
            invitation=row,
            asked=row.asked,
            written_at=now,
            changed_at=now,
        )
        _record("school code asked for", row, now)
        send_soon()


def confirm(token: str, typed: str, now: datetime) -> str | None:
    """Use the invitation with the code; returns the secret part of the person's own invitation, which they accept like
    any other. Each wrong code is counted. None: they come in beside a lead, and a day passes first.

    Raises SchoolInvitationOver, CodeNotRight, and what `invite_here` raises (then the invitation is still open).
    """
    with transaction.atomic():
        row = _open(token, now).select_for_update().first()
        if row is None:
            raise link_over()
        wrong = _wrong(row, typed, now)
        if wrong is None:
            offer = offer_of(row.name, row.email, Role.LEAD, school_id=row.school_id)
            if row.is_beside:
                known_beside(row, offer, now)
                _record("school confirmed", row, now)
                return None
            token = invite_here(offer, Actor(ActorKind.LINK, row.invited_by), now)
            # Who it was is in the account from now on.
            row.used_at, row.name, row.email = now, "", ""
            row.save(update_fields=["used_at", "name", "email"])
            _record("school confirmed", row, now)
            return token
        row.tries += 1
        row.save(update_fields=["tries"])
    refused("school-code-refused", invitation=row.pk, tries=row.tries)
    raise wrong


def forget_who_asked(now: datetime) -> int:
    """Clear name and email from invitations that nobody used in time; returns from how many."""
    over = SchoolInvitation.objects.filter(expires_at__lte=now).exclude(name="", email="")
    return over.update(name="", email="")


def _wrong(row: SchoolInvitation, typed: str, now: datetime) -> EveryfamilyError | None:
    if row.asked is None or row.asked_at is None:
        return CodeNotRight("No code was asked for.", "Say first who you are.")
    try:
        require_code(typed, digits_of(row.asked), asked_at=row.asked_at, tries=row.tries, now=now)
    except CodeNotRight as problem:
        return problem
    return None


def _open(token: str, now: datetime) -> QuerySet[SchoolInvitation]:
    return SchoolInvitation.objects.filter(
        code=code_in(token), used_at=None, cancelled_at=None, known_at=None, expires_at__gt=now
    )


def _record(action: str, row: SchoolInvitation, now: datetime) -> None:
    record_event(
        action=action,
        by=_MAILBOX,
        subject_type="school",
        subject_id=row.school_id,
        now=now,
        detail={"school": row.school_id, "invitation": row.pk},
    )
