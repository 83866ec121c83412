"""The ledger says what happened to a message, and the attempts and deliveries of each school are updated from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from everyfamily.core.sending.failure_rate import AGAINST, COUNTED
from everyfamily.core.sending.fallback import QUIET, RANK, AttemptStatus
from everyfamily.core.sending.restored import SAID_HAD, TO_DECIDE
from everyfamily.mailings.actions.guards.failures import stop_if_failing
from everyfamily.people.actions.decided.dead_ways import mark_dead
from everyfamily.people.keys.school_keys import hold_key

_RANKS = ", ".join(f"('{status.value}', {rank})" for status, rank in RANK.items())
_QUIETS = ", ".join(f"('{channel.value}', interval '{int(q.total_seconds())} s')" for channel, q in QUIET.items())

Heard = tuple[int, AttemptStatus, str, datetime]
"""Ledger id, status, reason, when."""


def hear(heard: Sequence[Heard], now: datetime) -> list[int]:
    """Record news about messages. Statuses only move forward. Returns the ledger ids that changed.

    A failure counts in the hour of its call (failures.py), and a technical failure, or too many failures, pauses the
    mailing. An unknown message counts as a failure until there is better news. If a worker died, its call was not
    counted as one yet.
    """
    if not heard:
        return []
    ids, statuses, reasons, times = zip(*heard, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH rank (status, rank) AS (VALUES {_RANKS}), heard AS (
              SELECT DISTINCT ON (u.id) u.* FROM
                unnest(%s::bigint[], %s::text[], %s::text[], %s::timestamptz[]) AS u (id, status, reason, at)
              JOIN rank r ON r.status = u.status ORDER BY u.id, r.rank DESC),
            -- If another worker records a call meanwhile, this waits for it and reads what it wrote. Otherwise the
            -- receipt would be compared with the state before, and lost. In one order, so that no two wait for
            -- each other.
            was AS (
              SELECT w.id, w.status, w.changed_at, w.reason = ANY(%s) AS by_restore
              FROM mailings_ledgerentry w JOIN heard h ON h.id = w.id
              ORDER BY w.id FOR NO KEY UPDATE OF w),
            moved AS (
              UPDATE mailings_ledgerentry l SET status = h.status, reason = h.reason, changed_at = h.at
              FROM heard h JOIN rank new ON new.status = h.status JOIN was ON was.id = h.id
                JOIN rank old ON old.status = was.status
              WHERE l.id = h.id AND new.rank > old.rank
              RETURNING l.id, l.mailing_id, l.channel, l.status, was.status AS before, was.changed_at AS called_at,
                was.by_restore),
            weighed AS (
              SELECT mailing_id, channel, date_trunc('hour', called_at) AS hour,
                count(*) FILTER (WHERE before = 'sending' AND status = 'unknown') AS called,
                sum(CASE WHEN status = ANY(%s) THEN (before IN ('accepted', 'sending'))::int
                  -- What a restore made unknown was never counted as a failure.
                  ELSE -(before = 'unknown' AND NOT by_restore)::int END) AS failed
              FROM moved WHERE channel = ANY(%s) GROUP BY 1, 2, 3),
            counted AS (
              INSERT INTO mailings_calltally AS t (mailing_id, channel, hour, called, failed, seen)
              SELECT mailing_id, channel, hour, called, failed, 0 FROM weighed WHERE failed > 0 ORDER BY 1, 2, 3
              ON CONFLICT (mailing_id, channel, hour) DO UPDATE
              SET called = t.called + excluded.called, failed = t.failed + excluded.failed),
            taken_back AS (
              UPDATE mailings_calltally t SET failed = greatest(t.failed + w.failed, 0),
                seen = least(t.seen, greatest(t.failed + w.failed, 0))
              FROM weighed w WHERE w.failed < 0
                AND (t.mailing_id, t.channel, t.hour) = (w.mailing_id, w.channel, w.hour))
            SELECT id, mailing_id, status FROM moved
            """,  # noqa: S608 - constants of this module
            [
                list(ids),
                [status.value for status in statuses],
                list(reasons),
                list(times),
                [*TO_DECIDE, SAID_HAD],
                [status.value for status in AGAINST],
                [channel.value for channel in COUNTED],
            ],
        )
        moved = cursor.fetchall()
    for mailing_id in sorted({mailing for _, mailing, status in moved if status in AGAINST}):
        stop_if_failing(
            mailing_id,
            now,
            technical=any(
                mailing == mailing_id and status == AttemptStatus.TECHNICAL_FAILURE
                for _, mailing, status in moved
            ),
        )
    return [row[0] for row in moved]


def mirror_attempts(school_id: int, now: datetime, *, ledger_ids: Sequence[int] | None = None) -> None:
    """Update the school's attempts from their ledger rows, and say when their deliveries must be looked at.

    Run inside `tenant(school_id)`. What a carrier accepted (or perhaps accepted) is looked at when nothing can come
    back any more, and everything else at once. A dead contact point is marked, and stays so. A delivery that was
    stopped stays stopped, even if something comes back from what was sent before.
    """
    # A rotation of the school's key writes every contact point, so each would wait for a row of the other.
    hold_key(school_id, exclusive=False)
    which = "AND t.ledger_id = ANY(%(ledger)s)" if ledger_ids is not None else ""
    values: dict[str, Any] = {"school": school_id, "now": now, "ledger": list(ledger_ids or [])}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH quiet (channel, wait) AS (VALUES {_QUIETS}), moved AS (
              UPDATE mailings_attempt t SET status = l.status, reason = l.reason, changed_at = l.changed_at
              FROM mailings_ledgerentry l
              WHERE l.id = t.ledger_id AND t.school_id = %(school)s AND t.status <> l.status
                AND l.status NOT IN ('created', 'sending') {which}
              RETURNING t.id, t.delivery_id, t.channel, t.status, t.reason, t.changed_at, t.contact_point_id),
            told AS (
              INSERT INTO mailings_deliveryevent (school_id, attempt_id, status, reason, occurred_at, heard_at, raw)
              SELECT %(school)s, id, status, reason, changed_at, %(now)s, '{{}}' FROM moved ON CONFLICT DO NOTHING),
            looked AS (
              UPDATE mailings_delivery d SET
                state = 'on its way',
                next_look_at = CASE WHEN m.status IN ('accepted', 'unknown') THEN m.changed_at + q.wait
                  ELSE %(now)s END
              FROM moved m JOIN quiet q ON q.channel = m.channel
              WHERE d.school_id = %(school)s AND d.id = m.delivery_id AND d.state <> 'stopped')
            SELECT contact_point_id, reason FROM moved
            WHERE status = 'permanent-failure' AND contact_point_id IS NOT NULL
            """,  # noqa: S608 - constants of this module
            values,
        )
        dead = dict(cursor.fetchall())
    mark_dead(school_id, dead)
