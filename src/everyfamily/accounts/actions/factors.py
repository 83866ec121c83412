"""Second factors: written down when they come, and when they go; the last one stays."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import get_hasher, identify_hasher
from django.db import transaction

from everyfamily.accounts.models import Account
from everyfamily.accounts.queries import SECOND_FACTORS
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor, ActorKind
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.passkeys import require_further

NAMES = {
    Authenticator.Type.TOTP: "authenticator app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "recovery codes",
}
_COUNT = "count"
"""Where a passkey's row keeps its count, beside what allauth keeps there."""


class LastSecondFactor(EveryfamilyError):
    """Without a second factor, a password would be enough."""

    code = "EF282"


class FactorOver(EveryfamilyError):
    """The passkey or the app is gone already, or is somebody else's."""

    code = "EF283"


def factor_changed(what: str, kind: str, by: Actor, now: datetime) -> None:
    """Write down that a factor of one's own account was "added", "removed", "renamed", "replaced" or "used"."""
    account_changed(f"{NAMES[Authenticator.Type(kind)]} {what}", by, now)


def account_changed(action: str, by: Actor, now: datetime) -> None:
    """Write down what somebody did with their own account."""
    assert by.account is not None
    record_event(action=action, by=by, subject_type="account", subject_id=by.account, now=now)


def hash_again(account: Account, password: str, now: datetime) -> None:
    """Keep a hash of the same password as passwords are hashed now, if the one of the account is of an earlier way.
    Whoever calls this has just found that the password is right."""
    preferred, used = get_hasher(), identify_hasher(account.password)
    if used.algorithm == preferred.algorithm and not preferred.must_update(account.password):
        return
    with transaction.atomic():
        account.set_password(password)
        account.save(update_fields=["password"])
        account_changed("password hashed again", Actor(ActorKind.PERSON, account.name, account.pk), now)


def passkey_used(passkey_id: int, count: int, *, may_be_copied: bool, first: int) -> None:
    """Keep how often a passkey says that it was used. `first` is what it said when it was made. Raises
    PasskeyWentBack."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=passkey_id)
        require_further(count, row.data.get(_COUNT, first), may_be_copied=may_be_copied)
        if not may_be_copied and count:
            row.data[_COUNT] = count
            row.save(update_fields=["data"])


def make_way_for_app(by: Actor) -> bool:
    """In the transaction in which another app is set up: the earlier one goes. Whether there was one."""
    gone, _ = Authenticator.objects.filter(user_id=by.account, type=Authenticator.Type.TOTP).delete()
    return bool(gone)


def remove_factor(factor_id: int, by: Actor, now: datetime) -> None:
    """Remove a passkey or an app of one's own account. Raises FactorOver and LastSecondFactor."""
    assert by.account is not None
    with transaction.atomic():
        # One at a time, so that two requests cannot remove the last two.
        Account.objects.select_for_update().get(pk=by.account)
        factors = Authenticator.objects.filter(user_id=by.account, type__in=SECOND_FACTORS)
        found = factors.filter(pk=factor_id).first()
        if found is None:
            raise FactorOver("This is removed already.", "Look at your account again.")
        if factors.count() == 1:
            raise LastSecondFactor(
                "This is your only second factor.", "Add a passkey or an authenticator app first."
            )
        found.delete()
        factor_changed("removed", found.type, by, now)
