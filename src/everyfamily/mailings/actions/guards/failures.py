"""Failures are counted by the hour of their call, and too many of them pause the mailing for a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from everyfamily.core.sending.failure_rate import (
    Called,
    FailureLimit,
    HourOfCalls,
    counted,
    too_many_failures,
)
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.actions.guards.sendable import pause
from everyfamily.mailings.models import CallTally
from everyfamily.mailings.queries.unknown import unknowns_to_decide

WATCHED = timedelta(days=3)
"""A failure comes back within this time of its call; older hours are not looked at again."""


def count_calls(mailing_id: int, answers: Iterable[Called], now: datetime) -> None:
    """Count what the carriers answered to one page of calls."""
    called, failed = counted(answers)
    if not called:
        return
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO mailings_calltally AS t (mailing_id, channel, hour, called, failed, seen)
            VALUES (%s, %s, date_trunc('hour', %s::timestamptz), %s, %s, 0)
            ON CONFLICT (mailing_id, channel, hour) DO UPDATE
            SET called = t.called + excluded.called, failed = t.failed + excluded.failed
            """,
            [(mailing_id, channel, now, called[channel], failed[channel]) for channel in sorted(called)],
        )


def stop_if_failing(mailing_id: int, now: datetime, *, technical: bool = False) -> bool:
    """Pause the mailing after a technical failure, or if failures are over this installation's limit. Returns whether
    it did."""
    if technical:
        what = "A carrier reports a technical failure of a message that it had taken in."
        return pause(mailing_id, what, kind="carrier", now=now)
    hours = [
        HourOfCalls(Channel(tally.channel), tally.called, tally.failed, tally.seen)
        for tally in CallTally.objects.filter(mailing_id=mailing_id, hour__gt=now - WATCHED).order_by("hour")
    ]
    limit = FailureLimit(settings.EVERYFAMILY_FAILURE_SHARE, settings.EVERYFAMILY_FAILURE_LEAST)
    over = too_many_failures(hours, limit)
    if over is None:
        return False
    what = f"{over.failed - over.seen} of {over.called} messages by {over.channel.value} have failed."
    if over.channel in unknowns_to_decide(mailing_id):
        what = what.replace("have failed.", "have failed, or nobody knows whether they went.")
    return pause(mailing_id, what, kind="failures", now=now)


def failures_are_seen(mailing_id: int) -> None:
    """A person has looked at the failures so far, so they do not pause anything again."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mailings_calltally SET seen = failed WHERE mailing_id = %s", [mailing_id])
