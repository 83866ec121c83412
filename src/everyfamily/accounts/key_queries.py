"""Reads: the passkeys with which signatories approve."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from everyfamily.accounts.models import SignatoryKey
from everyfamily.core.agreement.enrolment import SHOWN_FOR, EnrolledKey
from everyfamily.core.keys.approval_keys import PASSKEY, ApprovalKey


def keys_of_body(signatory: str) -> list[EnrolledKey]:
    """All keys of a body, the newest first, with those that have ended."""
    return _keys(SignatoryKey.objects.filter(signatory=signatory).order_by("-id"))


def every_key() -> list[EnrolledKey]:
    """The keys of every body that have not ended."""
    return _keys(SignatoryKey.objects.filter(ended_at=None).order_by("signatory", "-id"))


def keys_of_note(now: datetime) -> list[EnrolledKey]:
    """Every key that has not ended, and those that ended in the last 90 days, in one read."""
    wanted = Q(ended_at=None) | Q(ended_at__gte=now - SHOWN_FOR)
    return _keys(SignatoryKey.objects.filter(wanted).order_by("-id"))


def keys_for_page(now: datetime, body: str) -> list[EnrolledKey]:
    """For the page of a letter, in one read: every key of this body, and of the others what is new or has ended in the
    last 90 days."""
    since = now - SHOWN_FOR
    wanted = Q(signatory=body) | Q(made_at__gte=since) | Q(ended_at__gte=since)
    return _keys(SignatoryKey.objects.filter(wanted).order_by("-id"))


def signatory_key(key_id: int) -> EnrolledKey | None:
    """One key, whatever became of it."""
    found = _keys(SignatoryKey.objects.filter(pk=key_id))
    return found[0] if found else None


def _keys(rows: Iterable[SignatoryKey]) -> list[EnrolledKey]:
    return [
        EnrolledKey(
            row.pk,
            row.signatory,
            row.account_id,
            row.credential_id,
            ApprovalKey(PASSKEY, row.public_key, row.rp_id, row.label),
            row.may_be_copied,
            row.made_by,
            row.made_at,
            row.confirmed_by,
            row.confirmed_at,
            row.endorsement,
            row.ended_by,
            row.ended_at,
        )
        for row in rows
    ]
