"""Clients of people who are signed in with a second factor, for tests of pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from everyfamily.core.permissions import SCOPES, Role, Scope
from tests.factories.doors import HOST, Person


def signed_in(
    role: Role, name: str = "", *, school_id: int = 1, body: str = "police", is_new: bool = False
) -> Person:
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


def signed_in_again(account_id: int) -> Person:
    """Somebody who has an account, with a new authenticator and a new session."""
    from allauth.mfa.models import Authenticator

    from everyfamily.accounts.models import Account

    account = Account.objects.get(pk=account_id)
    Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    client = Person(headers={"host": HOST}, raise_request_exception=False)
    client.force_login(account)
    client.account = account_id
    return client
