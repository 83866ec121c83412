"""Inviting a school: an email to its mailbox, for its first lead or one beside it. Nobody at the partnership sees its
link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from everyfamily.accounts.actions.schools.beside import require_may_ask_beside, stop_beside, tell_asked
from everyfamily.accounts.actions.schools.mail import send_soon
from everyfamily.accounts.models import Membership, SchoolInvitation, SchoolMail
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from everyfamily.core.school_invitations import (
    LINK_LASTS,
    SchoolInvitationOver,
    SchoolNotInvitable,
    require_invitable,
)
from everyfamily.people.queries import SchoolFacts


def invite_school(school: SchoolFacts, by: Actor, now: datetime, *, beside: bool = False) -> int:
    """Write an invitation to the school's mailbox; returns its id. An earlier one that is open ends.

    It is for the first lead, or for one `beside` the lead that the school has (beside.py). Raises SchoolNotInvitable.
    """
    try:
        with transaction.atomic():
            return _invited(school, by, now, beside)
    except IntegrityError:
        raise SchoolNotInvitable(
            "Somebody else invited this school at the same moment.", "Look at the list of schools again."
        ) from None


def _invited(school: SchoolFacts, by: Actor, now: datetime, beside: bool) -> int:
    has_lead = Membership.objects.filter(school_id=school.id, role=Role.LEAD, ended_at=None).exists()
    require_invitable(mailbox=school.mailbox, has_lead=has_lead, is_open=school.has_children, beside=beside)
    if beside:
        require_may_ask_beside(school.id, now)
    _open_of(school.id).update(cancelled_at=now, name="", email="")
    row = SchoolInvitation.objects.create(
        school_id=school.id,
        mailbox=school.mailbox,
        is_beside=beside,
        invited_by=by.text,
        invited_account=by.account,
        invited_at=now,
        expires_at=now + LINK_LASTS,
    )
    SchoolMail.objects.create(
        kind="invitation", school_id=school.id, invitation=row, written_at=now, changed_at=now
    )
    record_event(
        action="school invited",
        by=by,
        subject_type="school",
        subject_id=school.id,
        now=now,
        detail={"school": school.id, "invitation": row.pk, **({"beside": True} if beside else {})},
    )
    if beside:
        tell_asked(row, school, by, now)
    send_soon()
    return row.pk


def invite_schools(schools: Iterable[SchoolFacts], by: Actor, now: datetime) -> int:
    """Write to all of these; returns how many. All or none. Raises SchoolNotInvitable."""
    with transaction.atomic():
        return len([invite_school(school, by, now) for school in schools])


def cancel_school(invitation_id: int, by: Actor, now: datetime) -> None:
    """End an invitation that was not used yet. Raises SchoolInvitationOver."""
    with transaction.atomic():
        row = SchoolInvitation.objects.filter(pk=invitation_id, used_at=None, cancelled_at=None).first()
        if row is None:
            raise SchoolInvitationOver("This invitation has ended.", "Look at the list of schools again.")
        if row.is_beside:
            stop_beside(row.school_id, by, now)
            return
        row.cancelled_at, row.name, row.email = now, "", ""
        row.save(update_fields=["cancelled_at", "name", "email"])
        record_event(
            action="school invitation cancelled",
            by=by,
            subject_type="school",
            subject_id=row.school_id,
            now=now,
            detail={"school": row.school_id, "invitation": row.pk},
        )


def _open_of(school_id: int) -> QuerySet[SchoolInvitation]:
    return SchoolInvitation.objects.filter(school_id=school_id, used_at=None, cancelled_at=None)
