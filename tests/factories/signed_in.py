"""Clients of people who are signed in with a second factor, for tests of pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from everyfamily.core.permissions import SCOPES, Role, Scope

if TYPE_CHECKING:
    from django.test import Client

HOST = "letters.eastmere.example"


@contextmanager
def open_doors(folder: Path) -> Iterator[None]:
    """The product with a key for sign-in, at its address."""
    from django.test import override_settings

    from everyfamily.staff.check.signed_in import OF_ONE_ACCOUNT
    from everyfamily.staff.doors.secrets_of_factors import make_key
    from everyfamily.staff.limits import WRONG_LINKS

    # What other tests of this process tried: accounts and addresses are the same ones again.
    OF_ONE_ACCOUNT.forget()
    WRONG_LINKS.forget()
    make_key(folder / "sign-in.key")
    key = str(folder / "sign-in.key")
    with override_settings(ALLOWED_HOSTS=[HOST], EVERYFAMILY_SIGN_IN_KEY_FILE=key, EVERYFAMILY_CLOCK="system"):
        yield


def signed_in(role: Role, name: str = "", *, school_id: int = 1, is_new: bool = False) -> Client:
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
        body="police" if scope is Scope.BODY else "",
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
