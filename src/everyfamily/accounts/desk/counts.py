"""What an administrator looks after, as counts of accounts, and what a lead can stop."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import Count, Exists, OuterRef, Q, Value

from everyfamily.accounts.models import Account, Membership, SchoolMailbox
from everyfamily.core.permissions import Role
from everyfamily.core.roles_together import too_few


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """How many accounts there are, how many have each role that needs two people, and how many nobody can use yet."""

    accounts: int
    administrators: int
    coordinators: int
    without_factor: int

    @property
    def too_few(self) -> list[Role]:
        """The roles that too few people have."""
        return too_few({Role.ADMINISTRATOR: self.administrators, Role.COORDINATOR: self.coordinators})


def account_counts() -> AccountCounts:
    """All in one read, however many accounts there are."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    factor = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=kinds)
    own = SocialAccount.objects.filter(user_id=OuterRef("pk"))
    return AccountCounts(
        **Account.objects.filter(is_active=True).aggregate(
            accounts=Count("pk", distinct=True),
            administrators=_with(Role.ADMINISTRATOR),
            coordinators=_with(Role.COORDINATOR),
            without_factor=Count("pk", distinct=True, filter=~Exists(factor) & ~Exists(own)),
        )
    )


@dataclass(frozen=True, slots=True)
class ForTwo:
    """What a second person does: review a letter, if anybody is a reviewer, and agree to mailboxes that were asked for
    at a moment, by an account (None: by a command), for so many schools."""

    has_reviewer: bool
    mailboxes: list[tuple[datetime, int | None, int]]


def for_two() -> ForTwo:
    """All in one read."""
    asked = SchoolMailbox.objects.filter(ended_at=None, agreed_at=None)
    mailboxes = asked.values_list("asked_at", "asked_account").annotate(schools=Count("pk"))
    reviewers = Membership.objects.filter(role=Role.REVIEWER, account__is_active=True, ended_at=None)
    rows = list(mailboxes.union(reviewers.values_list("given_at", "account_id", Value(0)), all=True))
    found = sorted(row for row in rows if row[2])
    return ForTwo(len(found) < len(rows), found)


def _with(role: Role) -> Count:
    return Count("pk", distinct=True, filter=Q(membership__role=role.value, membership__ended_at=None))


@dataclass(frozen=True, slots=True)
class ResetAt:
    """A new way in to an account of a school, which somebody there can still stop."""

    id: int
    school_id: int
    colleague: str
    asked_by: str
    opens_at: datetime


def resets_at(schools: Collection[int] | None, now: datetime) -> list[ResetAt]:
    """Those at these schools, or at every one, in one read."""
    rows = Membership.objects.filter(
        ended_at=None,
        school_id__isnull=False,
        account__reset__used_at=None,
        account__reset__cancelled_at=None,
        account__reset__opens_at__gt=now,
    )
    if schools is not None:
        rows = rows.filter(school_id__in=schools)
    columns = ("account__reset__id", "school_id", "account__name", "account__reset__asked_by")
    found = rows.order_by("account__reset__id", "school_id").distinct("account__reset__id", "school_id")
    return [ResetAt(*row) for row in found.values_list(*columns, "account__reset__opens_at")]
