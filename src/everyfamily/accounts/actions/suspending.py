"""Stopping an account at once, and what takes a second person after that.

One person can stop somebody, and never waits. One person cannot end the role of an administrator or a signatory, or let
one in again: with that they could become everybody, for good. A second administrator agrees at once, or a day passes
in which the others, who are told, can stop it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import QuerySet

from everyfamily.accounts.models import Account, Membership, Suspension
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Role
from everyfamily.work.actions.telling import tell

WATCHED = (Role.ADMINISTRATOR, Role.SIGNATORY)
"""Roles that nobody takes from somebody, or gives them back, by themselves."""
WAITS = timedelta(hours=24)
LONGEST_WHY = 200


class SuspendFirst(EveryfamilyError):
    """The role of an administrator or a signatory would end while they work."""

    code = "EF494"


class SecondLookNeeded(EveryfamilyError):
    """What one person began, the same person would finish, before a day has passed."""

    code = "EF495"


class NotSuspended(EveryfamilyError):
    """The account is not suspended, or nobody has such an account."""

    code = "EF496"


class WhySuspended(EveryfamilyError):
    """Somebody stops an account without saying why."""

    code = "EF497"


def suspend(account_id: int, why: str, by: Actor, now: datetime) -> None:
    """Stop an account: every sign-in of theirs ends, and every right rests, from the next page on. Pressed twice, it is
    done once. Raises WhySuspended, and NotSuspended if there is no such account."""
    if not why or len(why) > LONGEST_WHY:
        raise WhySuspended("Say why, in a few words.", f"At most {LONGEST_WHY} characters, and no names.")
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(pk=account_id).first()
        if account is None:
            raise _not_suspended()
        if not account.is_active:
            return
        account.is_active = False
        account.save(update_fields=["is_active"])
        for session in UserSession.objects.filter(user=account):
            session.end()
        Suspension.objects.create(account=account, at=now, by=by.text, by_account=by.account, why=why)
        _record("account suspended", account_id, by, now)
        end = "If this is wrong, an administrator lets them work again on the page People."
        tell_administrators(
            account_id, "suspended", f"{by.text} stopped the account of {account.name}.", end, by, now
        )


def let_work_again(account_id: int, by: Actor, now: datetime) -> None:
    """End the suspension. Raises NotSuspended, and SecondLookNeeded for one's own."""
    with transaction.atomic():
        row = _open().select_for_update().filter(account_id=account_id).first()
        if row is None:
            raise _not_suspended()
        if by.account == account_id:
            raise SecondLookNeeded("This is your own account.", "Ask another administrator.")
        row.lifted_by, row.lifted_at = by.text, now
        row.save(update_fields=["lifted_by", "lifted_at"])
        Account.objects.filter(pk=account_id).update(is_active=True)
        _record("account works again", account_id, by, now)
        said = f"{by.text} let {row.account.name} work again."
        tell_administrators(account_id, "works-again", said, "They sign in as before.", by, now)


def look_at_suspension(account_id: int, by: Actor, now: datetime) -> None:
    """Say as a second person that a suspension is right. Raises NotSuspended and SecondLookNeeded."""
    with transaction.atomic():
        row = _open().select_for_update().filter(account_id=account_id).first()
        if row is None:
            raise _not_suspended()
        if by.account is None or by.account in (row.by_account, account_id):
            raise SecondLookNeeded("You stopped this account yourself.", "Ask another administrator.")
        row.looked_by, row.looked_at = by.text, now
        row.save(update_fields=["looked_by", "looked_at"])
        _record("suspension looked at", account_id, by, now)


def require_looked_at(by: Actor) -> None:
    """Raise SecondLookNeeded if this person has stopped an administrator, and nobody else has looked at it: until then
    they neither invite nor let anybody in."""
    if by.account is None:
        return
    rows = _open().filter(by_account=by.account, looked_at=None).exclude(account_id=by.account)
    if rows.filter(account__membership__role=Role.ADMINISTRATOR, account__membership__ended_at=None).exists():
        raise SecondLookNeeded(
            "You stopped an administrator, and nobody else has looked at it yet.",
            "Ask another administrator to look at it on the page People. Until then you invite nobody.",
        )


def require_may_end(row: Membership, by: Actor, now: datetime) -> None:
    """Raise SuspendFirst or SecondLookNeeded unless this role may end now: one's own, one that is not watched, or that
    of somebody who was stopped by another person, or a day ago."""
    if row.role not in WATCHED or by.account == row.account_id or by.account is None:
        return
    found = _open().filter(account_id=row.account_id).first()
    if found is None:
        raise SuspendFirst(
            f"They are {'an administrator' if row.role == Role.ADMINISTRATOR else 'a signatory'}, and work here.",
            "Stop their account first: that counts at once. Then a second administrator ends the role, or you do after "
            "24 hours.",
        )
    if found.by_account == by.account and now < found.at + WAITS:
        raise SecondLookNeeded(
            "You stopped this account yourself, less than 24 hours ago.",
            "Ask another administrator to end the role, or come back then.",
        )


def is_watched(account_id: int) -> bool:
    """Whether the account is an administrator's or a signatory's."""
    return Membership.objects.filter(account_id=account_id, role__in=WATCHED, ended_at=None).exists()


def tell_administrators(
    account_id: int | None, what: str, said: str, then: str, by: Actor, now: datetime
) -> None:
    """Tell the person themselves and every administrator what was done about an account, in its transaction."""
    rows = Membership.objects.filter(role=Role.ADMINISTRATOR, ended_at=None)
    everybody = [*([account_id] if account_id else []), *rows.order_by("id").values_list("account_id", flat=True)]
    tell(to=everybody, about=f"accounts.{what}", subject=said.rstrip("."), lines=[said, then], by=by, now=now)


def _open() -> QuerySet[Suspension]:
    return Suspension.objects.filter(lifted_at=None)


def _not_suspended() -> NotSuspended:
    return NotSuspended("This account is not suspended.", "Look at the list of people again.")


def _record(action: str, account_id: int, by: Actor, now: datetime) -> None:
    record_event(action=action, by=by, subject_type="account", subject_id=account_id, now=now)
