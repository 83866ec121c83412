"""What a lead does about the people of their own school, and about nobody else's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from everyfamily.accounts.actions.inviting import InvitationOver, cancel, send_again
from everyfamily.accounts.actions.roles import RoleOver, end_role
from everyfamily.accounts.actions.schools.resets import ResetOver, ask_reset, cancel_reset, open_resets, use_reset
from everyfamily.accounts.invitation_queries import is_of_school
from everyfamily.accounts.models import Invitation, Membership
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Role


class LastLead(EveryfamilyError):
    """Without a lead, nobody at the school could let anybody in."""

    code = "EF298"


def end_role_at(school_id: int, membership_id: int, by: Actor, now: datetime) -> None:
    """End a role at this school. Raises RoleOver for any other, and LastLead."""
    with transaction.atomic():
        # All at once, so that two leads cannot end each other.
        rows = Membership.objects.select_for_update().filter(school_id=school_id, ended_at=None).order_by("id")
        roles = {row.pk: row.role for row in rows}
        if membership_id not in roles:
            raise RoleOver("This role has ended already.", "Look at the list of people again.")
        if [key for key, role in roles.items() if role == Role.LEAD] == [membership_id]:
            raise LastLead(
                "This is the last lead of the school.", "Invite another one first, and wait until they are in."
            )
        end_role(membership_id, by, now)


def cancel_at(school_id: int, invitation_id: int, by: Actor, now: datetime) -> None:
    """End an invitation to this school. Raises InvitationOver for any other."""
    if not Invitation.objects.filter(pk=invitation_id, school_id=school_id).exists():
        raise InvitationOver("This invitation has ended.", "Look at the list of people again.")
    cancel(invitation_id, by, now)


def send_again_at(school_id: int, invitation_id: int, by: Actor, now: datetime) -> int:
    """Mail a new link for an invitation to this school, or for somebody there who was let in again. Raises
    InvitationOver for any other, and what `send_again` raises."""
    if not is_of_school(invitation_id, school_id):
        raise InvitationOver("This invitation has ended.", "Look at the list of people again.")
    return send_again(invitation_id, by, now)


def ask_reset_at(school_id: int, account_id: int, by: Actor, now: datetime) -> None:
    """Ask for a way in again for somebody at this school. Raises RoleOver for anybody else."""
    if not Membership.objects.filter(account_id=account_id, school_id=school_id, ended_at=None).exists():
        raise RoleOver("This person has no role at your school now.", "Look at the list of people again.")
    ask_reset(account_id, by, now)


def cancel_reset_at(school_id: int, reset_id: int, by: Actor, now: datetime) -> None:
    """Stop the reset of somebody at this school. Raises ResetOver for any other."""
    _require_reset_at(school_id, reset_id, now)
    cancel_reset(reset_id, by, now)


def use_reset_at(school_id: int, reset_id: int, by: Actor, now: datetime) -> int:
    """Mail the link to somebody at this school, once the day has passed. Raises ResetOver for any other."""
    _require_reset_at(school_id, reset_id, now)
    return use_reset(reset_id, by, now)


def _require_reset_at(school_id: int, reset_id: int, now: datetime) -> None:
    here = Membership.objects.filter(school_id=school_id, ended_at=None).values("account_id")
    if not open_resets(now).filter(pk=reset_id, account_id__in=here).exists():
        raise ResetOver("This has ended, or was used.", "Look at the list of people again.")
