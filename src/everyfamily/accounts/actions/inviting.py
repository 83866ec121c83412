"""Invitations: offered by somebody who may, accepted once by the person, by a link that only the person has.

It goes by email to the person's address (invitation_mail.py), which it proves. Nobody who invites has it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from everyfamily.accounts.actions.connecting import connect, disconnect_all
from everyfamily.accounts.actions.invitation_mail import write_link
from everyfamily.accounts.actions.links import code_of_person, person_token
from everyfamily.accounts.actions.suspending import WATCHED, is_watched, require_looked_at, tell_administrators
from everyfamily.accounts.models import Account, Invitation, Membership
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.invitations import LASTS, NotInvitable, Offer
from everyfamily.core.own_sign_in import Identity
from everyfamily.core.partnership.mail_domains import require_address_of_body
from everyfamily.core.permissions import Role, Standing
from everyfamily.core.roles_together import require_together
from everyfamily.core.school_invitations import FIRST_DAY
from everyfamily.partnership.queries import in_force


class InvitationOver(EveryfamilyError):
    """The link was used, has expired, was cancelled, or was never made."""

    code = "EF271"


class PasswordNotTaken(EveryfamilyError):
    """A password that is too short, too common or too like the person's name."""

    code = "EF272"


class SignInFirst(EveryfamilyError):
    """The address has an account already, and its owner is not the one who is signed in."""

    code = "EF273"


class OwnAccount(EveryfamilyError):
    """Nobody lets themselves in again: somebody who has only an open screen could."""

    code = "EF276"


class WaitsForADay(EveryfamilyError):
    """An account of schools is not let in again at once."""

    code = "EF295"


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """A link that can be used. `has_account`: the address has an account, which only gets one role more.

    `offer` is None for a person who is let in again: they choose a new password, and get no role.
    """

    id: int
    name: str
    email: str
    offer: Offer | None
    has_account: bool
    invited_by: str = ""


def invite(offer: Offer, by: Actor, now: datetime, *, tells: bool = True, is_beside: bool = False) -> int:
    """Offer a role, and mail the link to the address of the offer; returns the invitation's id. An earlier open
    invitation of the same role to the same address ends.

    Raises NotInvitable if the person has the role already or the address is not one of their body, RolesApart if they
    have a role that does not go with it, MailedTooOften, and SecondLookNeeded. If `tells` is false, only the person
    hears of another role, when they accept: the person who invites may not know what they do elsewhere. If it
    `is_beside`, they open nobody on their first day (schools/beside.py).
    """
    with transaction.atomic():
        row = _offered(offer, by, now, tells=tells, is_beside=is_beside)
        write_link(row, now)
    return row.pk


def invite_here(offer: Offer, by: Actor, now: datetime) -> str:
    """As `invite`, but no email goes, and the secret part of the link is returned: for somebody who is here themselves,
    on the machine or with the code of their school's mailbox. No page shows it to anybody else. Raises
    SecretKeyMissing too."""
    with transaction.atomic():
        return person_token(_offered(offer, by, now, tells=True).code)


def send_again(invitation_id: int, by: Actor, now: datetime) -> int:
    """Mail a new link for an open invitation, or a way in again, to the same address; the earlier link ends. Returns
    the new invitation's id. Raises InvitationOver, OwnAccount, and what `invite` raises."""
    with transaction.atomic():
        row = _open().select_for_update(of=("self",)).filter(pk=invitation_id, expires_at__gt=now).first()
        if row is None:
            raise InvitationOver("This invitation has ended.", "Look at the list of people again.")
        if row.account is None:
            return invite(_offer(row), by, now, tells=row.school_id is None, is_beside=row.is_beside)
        _require_another(row.account.pk, by)
        if not _is_at_a_school(row.account.pk):
            require_looked_at(by)
        made = _way_in(row.account, by, now)
        record_event(action="link sent again", by=by, subject_type="account", subject_id=row.account.pk, now=now)
    return made.pk


def require_offerable(offer: Offer) -> None:
    """Raise NotInvitable if the person has the role, and RolesApart if they have one that does not go with it."""
    _require_new(offer)
    _require_together(offer)


def _require_new(offer: Offer) -> None:
    if Membership.objects.filter(account__email=offer.email, ended_at=None, **_same(offer)).exists():
        raise NotInvitable(
            "This person has that role already.", "Look at their roles in the list of people.", "email"
        )


def _same(offer: Offer) -> dict[str, Any]:
    return {"role": offer.role, "school_id": offer.school_id, "body": offer.body}


def _offered(offer: Offer, by: Actor, now: datetime, *, tells: bool, is_beside: bool = False) -> Invitation:
    if offer.school_id is None:
        require_looked_at(by)
        if (settings := in_force()) is not None:
            require_address_of_body(offer, settings.partnership)
    _require_new(offer)
    if tells:
        _require_together(offer)
    _open().filter(email=offer.email, **_same(offer)).update(cancelled_at=now)
    row = Invitation.objects.create(
        email=offer.email,
        name=offer.name,
        invited_by=by.text,
        invited_at=now,
        expires_at=now + LASTS,
        is_beside=is_beside,
        **_same(offer),
    )
    _record("person invited", by, "invitation", row.pk, now, offer)
    if offer.role in WATCHED:
        said = f"{by.text} invited {offer.name} to be {offer.role}."
        tell_administrators(None, "invited", said, "If it is wrong, cancel it on the page People.", by, now)
    return row


def cancel(invitation_id: int, by: Actor, now: datetime) -> None:
    """End an invitation that was not used yet. Raises InvitationOver."""
    with transaction.atomic():
        if not _open().filter(pk=invitation_id).update(cancelled_at=now):
            raise _over()
        record_event(
            action="invitation cancelled", by=by, subject_type="invitation", subject_id=invitation_id, now=now
        )


def invitation_of(token: str, now: datetime) -> InvitationFacts:
    """The invitation of a link. Raises InvitationOver, with the same sentence whatever is the matter with it."""
    row = _of_link(token, now).first()
    if row is None:
        raise _over()
    if row.account_id is not None:
        return InvitationFacts(row.pk, row.name, row.email, None, has_account=False)
    exists = Account.objects.filter(email=row.email).exists()
    return InvitationFacts(row.pk, row.name, row.email, _offer(row), exists, row.invited_by)


def accept(token: str, now: datetime, *, password: str = "", signed_in: int | None = None) -> int:
    """Take the role on; returns the account's id. Somebody without an account gets one with this password, and so does
    somebody who is let in again.

    Somebody who has one must be signed in with it (`signed_in` is its id). Raises InvitationOver, PasswordNotTaken,
    SignInFirst and RolesApart.
    """
    with transaction.atomic():
        row = _of_link(token, now).select_for_update().first()
        return _accepted(row, lambda account: _set_password(account, password), now, signed_in)


def accept_with_own_sign_in(invitation_id: int, identity: Identity, now: datetime) -> int:
    """As `accept`, for somebody new or let in again, with their own sign-in instead of a password.

    Whoever calls this has seen the link in the same session. Raises InvitationOver, SignInFirst and OwnSignInTaken.
    """

    def connected(account: Account) -> None:
        account.set_unusable_password()
        account.save()
        connect(account.pk, identity, Actor(ActorKind.PERSON, account.name, account.pk), now)

    with transaction.atomic():
        row = _open().select_for_update().filter(pk=invitation_id, expires_at__gt=now).first()
        return _accepted(row, connected, now, None)


def _accepted(
    row: Invitation | None, way_in: Callable[[Account], None], now: datetime, signed_in: int | None
) -> int:
    if row is None:
        raise _over()
    if row.account is not None:
        return _in_again(row, row.account, way_in, now)
    offer = _offer(row)
    # Locked, so that two invitations that do not go together cannot be accepted at the same moment.
    account = Account.objects.select_for_update().filter(email=offer.email).first()
    if account is not None and account.pk != signed_in:
        raise _sign_in_first()
    _require_together(offer)
    if account is None:
        account = Account(email=offer.email, name=offer.name, made_at=now)
        try:
            with transaction.atomic():
                way_in(account)
        except IntegrityError:
            # There was no row to lock: another invitation of this address was accepted at the same moment.
            if not Account.objects.filter(email=offer.email).exists():
                raise
            raise _sign_in_first() from None
    by = Actor(ActorKind.PERSON, account.name, account.pk)
    Membership.objects.create(
        account=account,
        role=offer.role,
        school_id=offer.school_id,
        body=offer.body,
        given_by=row.invited_by,
        given_at=now,
        full_from=now + FIRST_DAY if row.is_beside else None,
    )
    row.used_at = now
    row.save(update_fields=["used_at"])
    _record("invitation accepted", by, "account", account.pk, now, offer)
    return account.pk


def let_in_again(account_id: int, by: Actor, now: datetime) -> int:
    """Mail a new link to somebody at the partnership who lost their phone or forgot their password; returns the id of
    the invitation. Raises OwnAccount (another administrator does it), SecondLookNeeded, MailedTooOften, and
    WaitsForADay for an account of schools, an administrator or a signatory (schools/resets.py)."""
    _require_another(account_id, by)
    require_looked_at(by)
    if is_watched(account_id):
        raise WaitsForADay(
            "They are an administrator or a signatory, and the others are told first.", "Ask for it, and wait."
        )
    if _is_at_a_school(account_id):
        raise WaitsForADay(
            "This is an account of a school, and its school is told first.", "Ask for it, and wait."
        )
    return let_in_now(account_id, by, now)


def let_in_now(account_id: int, by: Actor, now: datetime) -> int:
    """Mail a new link to somebody who lost their phone or forgot their password; returns the id of the invitation.

    Both count no more, nor does an own sign-in, and every session of theirs ends at once. Raises OwnAccount and
    MailedTooOften.
    """
    _require_another(account_id, by)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_id)
        account.set_unusable_password()
        account.save(update_fields=["password"])
        Authenticator.objects.filter(user=account).delete()
        disconnect_all(account)
        for session in UserSession.objects.filter(user=account):
            session.end()
        row = _way_in(account, by, now)
        record_event(action="let in again", by=by, subject_type="account", subject_id=account_id, now=now)
        if not _is_at_a_school(account_id):
            said = f"{by.text} let {account.name} in again by a new link, which went to their own address."
            then = (
                "Their password and their app work no more. If it is wrong, stop the account on the page People."
            )
            tell_administrators(account_id, "let-in-again", said, then, by, now)
    return row.pk


def _way_in(account: Account, by: Actor, now: datetime) -> Invitation:
    """An invitation without a role, and its email. An earlier one ends."""
    _open().filter(account=account).update(cancelled_at=now)
    row = Invitation.objects.create(
        account=account,
        email=account.email,
        name=account.name,
        invited_by=by.text,
        invited_at=now,
        expires_at=now + LASTS,
    )
    write_link(row, now)
    return row


def _is_at_a_school(account_id: int) -> bool:
    return Membership.objects.filter(account_id=account_id, ended_at=None, school_id__isnull=False).exists()


def _require_another(account_id: int, by: Actor) -> None:
    if by.account == account_id:
        raise OwnAccount("This is your own account.", "Ask another person.")


def _in_again(row: Invitation, account: Account, way_in: Callable[[Account], None], now: datetime) -> int:
    way_in(account)
    row.used_at = now
    row.save(update_fields=["used_at"])
    by = Actor(ActorKind.PERSON, account.name, account.pk)
    record_event(action="came in again", by=by, subject_type="account", subject_id=account.pk, now=now)
    return account.pk


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as problem:
        raise PasswordNotTaken(
            " ".join(problem.messages), "Choose 3 or 4 words that have nothing to do with each other."
        ) from None
    account.set_password(password)
    account.save()


def _require_together(offer: Offer) -> None:
    rows = Membership.objects.filter(account__email=offer.email, ended_at=None)
    held = [Standing(Role(row.role), row.school_id, row.body or None) for row in rows]
    require_together(Standing(offer.role, offer.school_id, offer.body or None), held)


def _open() -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at=None, cancelled_at=None)


def _of_link(token: str, now: datetime) -> QuerySet[Invitation]:
    code = code_of_person(token)
    return _open().filter(code=code, expires_at__gt=now) if code is not None else Invitation.objects.none()


def _offer(row: Invitation) -> Offer:
    return Offer(row.name, row.email, Role(row.role), row.school_id, row.body)


def _sign_in_first() -> SignInFirst:
    return SignInFirst("This address has an account already.", "Sign in with it, and open the link again.")


def _over() -> InvitationOver:
    return InvitationOver("This invitation has ended.", "Ask the person who invited you for a new one.")


def _record(action: str, by: Actor, kind: str, subject: int, now: datetime, offer: Offer) -> None:
    detail: dict[str, object] = {"role": str(offer.role)}
    if offer.school_id is not None:
        detail["school"] = offer.school_id
    if offer.body:
        detail["body"] = offer.body
    record_event(action=action, by=by, subject_type=kind, subject_id=subject, now=now, detail=detail)
