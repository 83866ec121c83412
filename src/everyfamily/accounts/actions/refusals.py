"""Pages that were refused: a line in the log of security events for each, and a count for `health`, so that somebody
who tries doors is seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from everyfamily.accounts.models import Refusal
from everyfamily.accounts.refusal_queries import ANOTHER_SCHOOL
from everyfamily.accounts.sql.refusals_sql import COUNT
from everyfamily.audit.security_events import refused
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.permissions import Right

KEPT: Final = timedelta(days=30)
_LONGEST_URN = 9
"""Digits: an address may have thousands."""


def page_refused(account: int, right: Right, now: datetime) -> None:
    """Somebody asked for a page without the right for it."""
    name = right.name.lower().replace("_", "-")
    refused("page-refused", right=name, account=account)
    _count(account, name, now)


def school_not_theirs(account: int, urn: int, now: datetime) -> None:
    """Somebody asked for a page of a school at which they have no role, whether it exists or not."""
    refused("school-not-theirs", account=account, school=urn if len(str(urn)) <= _LONGEST_URN else "?")
    _count(account, ANOTHER_SCHOOL, now)


def forget_refusals(now: datetime) -> int:
    """Delete counts of days long ago. Returns how many rows there were."""
    return Refusal.objects.filter(day__lt=(now - KEPT).astimezone(LONDON).date()).delete()[0]


def _count(account: int, what: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [now.astimezone(LONDON).date(), account, what])
