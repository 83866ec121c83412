"""Reads: who was stopped, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from everyfamily.accounts.models import Membership, Suspension
from everyfamily.accounts.queries import RoleOf
from everyfamily.core.permissions import Role


@dataclass(frozen=True, slots=True)
class Stopped:
    """One account that was stopped and does not work again."""

    account: int
    name: str
    email: str
    by: str
    by_account: int | None
    at: datetime
    why: str
    looked_by: str
    roles: tuple[RoleOf, ...]


def stopped_accounts() -> list[Stopped]:
    """Every one, the newest first, in two reads."""
    rows = list(Suspension.objects.filter(lifted_at=None).select_related("account").order_by("-at"))
    roles = _open_roles_of([row.account_id for row in rows]) if rows else {}
    return [
        Stopped(
            row.account_id,
            row.account.name,
            row.account.email,
            row.by,
            row.by_account,
            row.at,
            row.why,
            row.looked_by,
            tuple(roles.get(row.account_id, ())),
        )
        for row in rows
    ]


def _open_roles_of(accounts: list[int]) -> Mapping[int, list[RoleOf]]:
    found: dict[int, list[RoleOf]] = {}
    for row in Membership.objects.filter(account_id__in=accounts, ended_at=None).order_by("role", "id"):
        found.setdefault(row.account_id, []).append(RoleOf(row.pk, Role(row.role), row.school_id, row.body))
    return found
