"""Ending roles, and writing down who came in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from everyfamily.accounts.actions.signatory_keys import end_keys_of
from everyfamily.accounts.actions.suspending import require_may_end, tell_administrators
from everyfamily.accounts.models import Account, Membership
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Role


class RoleOver(EveryfamilyError):
    """The role has ended, or there is none."""

    code = "EF274"


class LastAdministrator(EveryfamilyError):
    """Without an administrator, nobody could be let in again."""

    code = "EF275"


def end_role(membership_id: int, by: Actor, now: datetime) -> None:
    """End one role: its pages are gone with the next request. Raises RoleOver and LastAdministrator.

    For the role of an administrator or a signatory it also raises SuspendFirst and SecondLookNeeded.
    """
    with transaction.atomic():
        # All at once, so that two administrators cannot end each other.
        administrators = list(
            Membership.objects.select_for_update()
            .filter(role=Role.ADMINISTRATOR, ended_at=None, account__is_active=True)
            .order_by("id")
            .values_list("id", flat=True)
        )
        if administrators == [membership_id]:
            raise LastAdministrator(
                "This is the last administrator.", "Invite another one first, and wait until they are in."
            )
        row = Membership.objects.filter(pk=membership_id, ended_at=None).first()
        if row is None:
            raise RoleOver("This role has ended already.", "Look at the list of people again.")
        require_may_end(row, by, now)
        if row.role == Role.SIGNATORY:
            end_keys_of(row.account_id, row.body, by=by, now=now)
        row.ended_at, row.ended_by = now, by.text
        row.save(update_fields=["ended_at", "ended_by"])
        record_event(
            action="role ended",
            by=by,
            subject_type="account",
            subject_id=row.account_id,
            now=now,
            detail={"role": row.role, "membership": row.pk},
        )
        if row.school_id is None:
            said = f"{by.text} ended the role of {row.role} of {row.account.name}."
            tell_administrators(row.account_id, "role-ended", said, "To give it back, invite them.", by, now)


_WITH = {
    "password": "password",
    "own sign-in": "own sign-in",
    "webauthn": "passkey",
    "totp": "app",
    "recovery_codes": "recovery code",
}
"""What somebody came in with, in the words of the audit trail, by the library's names."""


def signed_in(account_id: int, name: str, now: datetime, used: Sequence[str] = ()) -> None:
    """Somebody came in: with what they used, or by accepting an invitation. `used` is of the library's names."""
    with transaction.atomic():
        today = now.astimezone(LONDON).date()
        # Whoever comes in twice on one day still sees what has changed since the day before.
        earlier = Account.objects.filter(pk=account_id, last_seen_on__lt=today)
        earlier.update(was_here_on=F("last_seen_on"))
        Account.objects.filter(pk=account_id).update(last_seen_on=today)
        record_event(
            action="signed in",
            by=Actor(ActorKind.PERSON, name, account_id),
            subject_type="account",
            subject_id=account_id,
            now=now,
            detail={"with": [_WITH.get(one, "?") for one in used]} if used else {},
        )
