"""What an administrator looks after, as counts of accounts."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Count, Exists, OuterRef, Q

from everyfamily.accounts.models import Account
from everyfamily.accounts.queries import ENOUGH
from everyfamily.core.permissions import Role

NEED_TWO = (Role.ADMINISTRATOR, Role.COORDINATOR)


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """Roles that too few people have, and accounts that nobody can use yet."""

    too_few: frozenset[Role]
    without_factor: int


def account_counts() -> AccountCounts:
    """Both in one read, however many accounts there are."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=kinds)
    own = SocialAccount.objects.filter(user_id=OuterRef("pk"))
    held = {
        role.value: Count("pk", distinct=True, filter=Q(membership__role=role.value, membership__ended_at=None))
        for role in NEED_TWO
    }
    found = Account.objects.filter(is_active=True).aggregate(
        **held, without_factor=Count("pk", distinct=True, filter=~Exists(factor) & ~Exists(own))
    )
    return AccountCounts(
        frozenset(role for role in NEED_TWO if found[role.value] < ENOUGH), found["without_factor"]
    )
