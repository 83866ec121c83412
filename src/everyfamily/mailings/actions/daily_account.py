"""A day's account is written once: what was said stands, and the next says what changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection

_WRITE = """
INSERT INTO mailings_dailyaccount (mailing_id, day, at, figures, changes) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (mailing_id, day) DO NOTHING
"""


def write_daily_account(
    mailing_id: int, day: date, *, at: datetime, figures: Mapping[str, Any], changes: Mapping[str, Any]
) -> bool:
    """Write the account of a day; returns whether it was written, or stood already.

    Of two workers the first is right: the database lets no second account of a day in, and none be changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [mailing_id, day, at, json.dumps(dict(figures)), json.dumps(dict(changes))])
        return bool(cursor.rowcount)
