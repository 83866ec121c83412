"""Connecting an account with its person's own sign-in. It takes the place of the password: there is one way in."""

from __future__ import annotations

from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from everyfamily.accounts.models import Account
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.own_sign_in import Identity


class OwnSignInTaken(EveryfamilyError):
    """Somebody signs in to another account with it."""

    code = "EF463"


def connect(account_id: int, identity: Identity, by: Actor, now: datetime) -> Account:
    """From now on the account is signed in to with `identity`, and its password counts no more. Returns it.

    Raises OwnSignInTaken.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=account_id, is_active=True)
        SocialAccount.objects.filter(user=account, provider=identity.issuer).exclude(
            uid=identity.subject
        ).delete()
        try:
            with transaction.atomic():
                made, _ = SocialAccount.objects.get_or_create(
                    provider=identity.issuer, uid=identity.subject, defaults={"user": account}
                )
        except IntegrityError:
            raise _taken() from None
        if made.user_id != account.pk:
            raise _taken()
        account.set_unusable_password()
        account.save(update_fields=["password"])
        record_event(
            action="own sign-in connected",
            by=by,
            subject_type="account",
            subject_id=account.pk,
            now=now,
            detail={"sign_in": identity.sign_in},
        )
    return account


def disconnect_all(account: Account) -> None:
    """End every connection of somebody who is let in again."""
    SocialAccount.objects.filter(user=account).delete()


def nobody_invited(sign_in: str, now: datetime) -> None:
    """Somebody came with an own sign-in that no account is connected with. Who it was is not written down."""
    record_event(
        action="sign-in by nobody invited",
        by=Actor.worker("sign-in"),
        subject_type="own sign-in",
        subject_id=sign_in,
        now=now,
    )


def _taken() -> OwnSignInTaken:
    return OwnSignInTaken(
        "Another account is connected with this sign-in.",
        "Ask your administrator. If you have two accounts, one of them should get both roles.",
    )
