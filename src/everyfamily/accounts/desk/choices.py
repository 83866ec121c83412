"""What an account chooses about its mail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from everyfamily.accounts.models import Account
from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor


def wants_digest(account: int) -> bool:
    """Whether the account gets the digest."""
    return bool(Account.objects.values_list("digest", flat=True).get(pk=account))


def choose_digest(account: int, wanted: bool, by: Actor, now: datetime) -> None:
    """Switch the digest on or off. What is urgent is sent in any case."""
    with transaction.atomic():
        if Account.objects.filter(pk=account, digest=not wanted).update(digest=wanted):
            record_event(
                action="choose digest",
                by=by,
                subject_type="account",
                subject_id=account,
                now=now,
                detail={"digest": wanted},
            )
