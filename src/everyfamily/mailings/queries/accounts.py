"""Reads for the account of a day: which mailings have one, and the accounts that were written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from everyfamily.mailings.models import DailyAccount, Mailing

ACCOUNTED_AFTER_CLOSE = timedelta(days=30)
"""Late post and late bounces may still change the figures of a closed mailing."""


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """A day's account as it was written."""

    mailing_id: int
    day: date
    at: datetime
    figures: Mapping[str, Any]
    changes: Mapping[str, Any] = field(default_factory=dict)


def mailings_to_account_for(now: datetime) -> list[int]:
    """Mailings that have begun and are not closed, or were closed recently, oldest first."""
    wanted = ~Q(state="closed") | Q(closed_at__gt=now - ACCOUNTED_AFTER_CLOSE)
    return list(Mailing.objects.filter(wanted, opens_at__lte=now).order_by("id").values_list("id", flat=True))


def account_of_day(mailing_id: int, day: date) -> StoredAccount | None:
    """The account of one day, if it has been written."""
    return _stored(DailyAccount.objects.filter(mailing_id=mailing_id, day=day).first())


def latest_account(
    mailing_id: int, *, before: date | None = None, exact: bool | None = None, exact_not_known: bool = False
) -> StoredAccount | None:
    """The newest account: before the day `before` and shown exactly (or not, by `exact`), if these are given.

    `exact_not_known`: only accounts with an exact sum of children not known to us.
    """
    rows = DailyAccount.objects.filter(mailing_id=mailing_id)
    if before is not None:
        rows = rows.filter(day__lt=before)
    if exact is not None:
        rows = rows.filter(figures__contains={"shown": {"exact": exact}})
    if exact_not_known:
        rows = rows.filter(figures__contains={"shown": {"not_known_to_us": {"children": {"exact": True}}}})
    return _stored(rows.order_by("-day").first())


def _stored(row: DailyAccount | None) -> StoredAccount | None:
    return None if row is None else StoredAccount(row.mailing_id, row.day, row.at, row.figures, row.changes)
