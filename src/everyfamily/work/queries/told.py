"""Reads: who was told of an act, and when the mail server took it."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.work.models import ToldMail

_TOOK = (AttemptStatus.ACCEPTED.value, AttemptStatus.DELIVERED.value)


def somebody_was_told(about: str, *, since: datetime, until: datetime, beside: int | None) -> bool:
    """Whether an email about this kind of act, written since then, had gone by `until` to anybody beside this
    account."""
    rows = ToldMail.objects.filter(about=about, written_at__gte=since, status__in=_TOOK, changed_at__lte=until)
    return rows.exclude(account_id=beside).exists()
