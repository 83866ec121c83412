"""A second lead beside one who is ill, by the school's mailbox. Everybody at the school is told, and each can stop it.

Link and code go to the mailbox, as for a first lead (joining.py). Once it is known who comes in, a day passes, and only
then a link goes to the person's own address: nobody has an account or a role while the school can still say no. On a
further day they close, hold and attest, and open nobody (core/permissions.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from everyfamily.accounts.actions.inviting import InvitationOver, cancel, invite, require_offerable
from everyfamily.accounts.actions.roles import end_role
from everyfamily.accounts.actions.who_writes import moment
from everyfamily.accounts.models import Invitation, Membership, SchoolInvitation, SchoolMailbox
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import LASTS, Offer
from everyfamily.core.permissions import Right, Role, roles_with
from everyfamily.core.school_invitations import BESIDE_WAITS, SchoolInvitationOver, require_beside
from everyfamily.people.queries import SchoolFacts, school_by_id
from everyfamily.work.actions.telling import tell
from everyfamily.work.queries.told import somebody_was_told

_LATELY = timedelta(days=30)
"""The people who had the mailbox within this time are told too."""


def require_may_ask_beside(school_id: int, now: datetime) -> None:
    """Raise SchoolNotInvitable while another mailbox waits for the school, or if it was asked for too often."""
    lately = SchoolInvitation.objects.filter(
        school_id=school_id, is_beside=True, invited_at__gt=now - timedelta(days=1)
    )
    require_beside(
        mailbox_waits=SchoolMailbox.objects.filter(school_id=school_id, ended_at=None).exists(),
        asked_today=lately.count(),
    )


def tell_asked(row: SchoolInvitation, school: SchoolFacts, by: Actor, now: datetime) -> None:
    """Tell everybody that it was asked for, in its transaction. The mailbox gets the link itself."""
    said = (
        f"{by.text} asked for a second lead at {school.name} in everyfamily, beside the one that it has. A link went "
        f"to {row.mailbox}, the school’s mailbox on the list of schools, and a code will go there.",
        "Nobody comes in yet. We write to you again when somebody has used both, with their name. A day passes after "
        "that.",
    )
    _tell(row, [one for one in _everybody(school, now) if one != row.mailbox], said, by, now)


def known_beside(row: SchoolInvitation, offer: Offer, now: datetime) -> None:
    """The code was right, so it is known who comes in: tell everybody. The day begins. Run in the transaction of the
    code, with the row locked. Raises NotInvitable and RolesApart."""
    require_offerable(offer)
    row.known_at, row.expires_at = now, max(row.expires_at, now + BESIDE_WAITS + LASTS)
    row.save(update_fields=["known_at", "expires_at"])
    by, school = Actor(ActorKind.LINK, row.invited_by), school_by_id(row.school_id)
    said = (
        f"{offer.name}, {offer.email}, used the link and the code that went to {row.mailbox}, to be a second lead at "
        f"{school.name} in everyfamily. {row.invited_by} had asked for one.",
        f"Nothing happens before {moment(now + BESIDE_WAITS)}. Then a link goes to {offer.email}. For a day after they "
        "have come in, they can close, hold and attest, and nothing more.",
    )
    _tell(row, _everybody(school, now), said, by, now)


def let_in_beside(now: datetime) -> int:
    """Mail the link to each person who was named to everybody a day ago, and whom nobody stopped; returns how many.

    While no email goes out, nobody could stop it, so it waits. What cannot be offered just now is tried again.
    """
    ready = _open().filter(known_at__lte=now - BESIDE_WAITS, expires_at__gt=now).values_list("pk", flat=True)
    return sum(_let_in(pk, now) for pk in ready)


def _let_in(pk: int, now: datetime) -> bool:
    with suppress(EveryfamilyError), transaction.atomic():
        row = _open().select_for_update().filter(pk=pk, known_at__isnull=False).first()
        if row is None or row.known_at is None or not _was_told(row, now):
            return False
        offer = Offer(row.name, row.email, Role.LEAD, row.school_id)
        invite(offer, Actor(ActorKind.LINK, row.invited_by), now, tells=False, is_beside=True)
        # Who it is, is in the invitation from now on.
        row.used_at, row.name, row.email = now, "", ""
        row.save(update_fields=["used_at", "name", "email"])
        return True
    return False


def _was_told(row: SchoolInvitation, now: datetime) -> bool:
    assert row.known_at is not None
    return somebody_was_told(
        _about(row), since=row.known_at, until=now - BESIDE_WAITS, beside=row.invited_account
    )


def stop_beside(school_id: int, by: Actor, now: datetime) -> None:
    """Somebody at the school, or who may invite one, says no: also on the person's first day, and then their role ends.
    Raises SchoolInvitationOver if there is nothing to stop."""
    with transaction.atomic():
        rows = list(_open().select_for_update().filter(school_id=school_id))
        _open().filter(pk__in=[row.pk for row in rows]).update(cancelled_at=now, name="", email="")
        mailed = Invitation.objects.filter(
            is_beside=True, school_id=school_id, used_at=None, cancelled_at=None, expires_at__gt=now
        )
        found = len(rows)
        for one in list(mailed):
            with suppress(InvitationOver):  # it is being accepted, so there is a role by now
                cancel(one.pk, by, now)
                found += 1
        for role in on_first_day(school_id, now):
            end_role(role.pk, by, now)
            found += 1
        if not found:
            raise SchoolInvitationOver("There is no second lead to stop.", "Look at the page again.")
        _record("second lead stopped", school_id, by, now)
        school = school_by_id(school_id)
        newest = SchoolInvitation.objects.filter(school_id=school_id, is_beside=True).latest("pk")
        said = f"{by.text} stopped the second lead at {school.name} in everyfamily, who would come in by its mailbox."
        _tell(newest, _everybody(school, now), (said,), by, now, ends=True)


def on_first_day(school_id: int, now: datetime) -> QuerySet[Membership]:
    """Roles of leads who came in so, less than a day ago."""
    return Membership.objects.filter(school_id=school_id, ended_at=None, full_from__gt=now).order_by("pk")


def _open() -> QuerySet[SchoolInvitation]:
    return SchoolInvitation.objects.filter(is_beside=True, used_at=None, cancelled_at=None)


def _about(row: SchoolInvitation) -> str:
    """What was told before it was known who comes in is of another kind, and begins no day."""
    return f"accounts.beside-{row.pk}{'.known' if row.known_at else ''}"


def _everybody(school: SchoolFacts, now: datetime) -> list[int | str]:
    """Every account at the school, everybody who may invite schools, the mailbox, and the one that it had lately."""
    at_school = Membership.objects.filter(school_id=school.id, ended_at=None)
    may_stop = Membership.objects.filter(role__in=roles_with(Right.INVITE_TO_SCHOOL), ended_at=None)
    accounts = (at_school | may_stop).filter(account__is_active=True).values_list("account_id", flat=True)
    lately = SchoolMailbox.objects.filter(
        school_id=school.id, is_in_force=True, ended_at__gt=now - _LATELY
    ).values_list("before", flat=True)
    return [*sorted(set(accounts)), school.mailbox, *lately]


def _tell(
    row: SchoolInvitation,
    to: Sequence[int | str],
    said: Sequence[str],
    by: Actor,
    now: datetime,
    *,
    ends: bool = False,
) -> None:
    base = f"{settings.EVERYFAMILY_BASE_URL.rstrip('/')}/"
    stop = (
        "If this is right, do nothing. If it is not, stop it: anyone with an account at the school does, on the "
        "school’s page, and the partnership’s coordinators and administrators do under People, Invite schools. The "
        f"address is {base}"
    )
    tell(
        to=to,
        about=_about(row),
        subject="The second lead is stopped" if ends else "A second lead at your school, by its mailbox",
        lines=[*said] if ends else [*said, stop],
        by=by,
        now=now,
    )


def _record(action: str, school_id: int, by: Actor, now: datetime) -> None:
    record_event(
        action=action, by=by, subject_type="school", subject_id=school_id, now=now, detail={"school": school_id}
    )
