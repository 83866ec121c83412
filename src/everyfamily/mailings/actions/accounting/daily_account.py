"""A day's account is written once. What was said stays, and the next account says what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

from everyfamily.core.keys.vault import MailingHash
from everyfamily.mailings.actions.planning.opening import ledger_key
from everyfamily.mailings.models import Mailing

_WRITE = """
INSERT INTO mailings_dailyaccount (mailing_id, day, at, figures, changes) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (mailing_id, day) DO NOTHING
"""


def write_daily_account(
    mailing_id: int, day: date, *, at: datetime, figures: Mapping[str, Any], changes: Mapping[str, Any]
) -> bool:
    """Write the account of a day. Returns whether it was written, and False if it was already there.

    If two workers try, the first wins: the database allows only one account for a day, and no changes to it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [mailing_id, day, at, json.dumps(dict(figures)), json.dumps(dict(changes))])
        return bool(cursor.rowcount)


def school_marks(mailing_id: int, figures: Mapping[int, str]) -> dict[str, str] | None:
    """A keyed mark of each school's exact figures. It shows whether they changed, but not what they are.

    Made with the mailing's own key. None once that is destroyed.
    """
    mailing = Mailing.objects.get(pk=mailing_id)
    if mailing.ledger_key is None:
        return None
    hasher = MailingHash(ledger_key(mailing))
    return {str(school): hasher.of("account", f"{school}|{text}").hex()[:16] for school, text in figures.items()}
