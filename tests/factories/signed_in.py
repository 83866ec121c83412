"""Clients of people who are signed in with a second factor, for tests of pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from everyfamily.core.permissions import SCOPES, Role, Scope
from tests.factories.doors import HOST

if TYPE_CHECKING:
    from django.test import Client


def signed_in(
    role: Role, name: str = "", *, school_id: int = 1, body: str = "police", is_new: bool = False
) -> Client:
    """Somebody of this role; their account is `client.account`. "Ada Clarke" has ada@example.org.

    They have had their account for a month, unless it `is_new`.
    """
    from everyfamily.accounts.models import Account, Membership

    now = datetime.now(UTC)
    name = name or f"{role} Example".title()
    email = f"{name.split()[0].lower()}@example.org"
    made_at = now if is_new else now - timedelta(days=30)
    account = Account.objects.create(email=email, name=name, made_at=made_at)
    scope = SCOPES[role]
    Membership.objects.create(
        account=account,
        role=role,
        school_id=school_id if scope is Scope.SCHOOL else None,
        body=body if scope is Scope.BODY else "",
        given_by="a test",
        given_at=made_at,
    )
    return signed_in_again(account.pk)


def signed_in_again(account_id: int) -> Client:
    """Somebody who has an account, with a new authenticator and a new session."""
    from allauth.mfa.models import Authenticator
    from django.test import Client

    from everyfamily.accounts.models import Account

    account = Account.objects.get(pk=account_id)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    client = Client(headers={"host": HOST}, raise_request_exception=False)
    client.force_login(account)
    client.account = account_id  # type: ignore[attr-defined]
    return client


def shown_to_be(client: Client) -> None:
    """Somebody who is signed in has shown just now that it is still them."""
    import time

    from allauth.account.internal.userkit import user_id_to_str

    from everyfamily.accounts.models import Account

    session = client.session
    account = Account.objects.get(pk=client.account)  # type: ignore[attr-defined]
    session["account_authentication_methods_user"] = user_id_to_str(account)
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    session.save()
