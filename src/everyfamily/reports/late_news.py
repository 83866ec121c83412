"""What was heard after the last account: receipts of things that had happened by then.

Two questions are asked of the same events: was the child reached by what was known at that time, and by what is known
now about that time? One adult is enough, so a child's adults are taken together before the two are compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from everyfamily.core.accounting.account_record import LateNews
from everyfamily.core.accounting.coverage import Outcome
from everyfamily.core.sending.fallback import FAILED, QUIET, WHOLE_LETTER, AttemptStatus, DeliveryState
from everyfamily.reports.facts import OFFERED, Account
from everyfamily.reports.reading import read_as_planner

_WHOLE = ", ".join(f"'{channel}'" for channel in sorted(WHOLE_LETTER))
_QUIETS = ", ".join(f"('{channel}', interval '{int(q.total_seconds())} s')" for channel, q in QUIET.items())
_FAILED = ", ".join(f"'{status}'" for status in sorted({*FAILED, AttemptStatus.REFUSED}))
_DELIVERED, _RETURNED = f"'{AttemptStatus.DELIVERED}'", f"'{AttemptStatus.RETURNED}'"

LATE = f"""
WITH quiet (channel, wait) AS (VALUES {_QUIETS}), event AS (
  SELECT school_id, attempt_id, status, heard_at, occurred_at FROM mailings_event WHERE heard_at <= %(now)s
), attempt AS (
  SELECT t.school_id, t.delivery_id, t.id, t.channel IN ({_WHOLE}) AS whole, q.wait,
    coalesce(bool_or(e.status = {_DELIVERED} AND e.heard_at <= %(then)s), false)
      AND NOT coalesce(bool_or(e.status = {_RETURNED} AND e.heard_at <= %(then)s), false) AS known,
    coalesce(bool_or(e.status = {_DELIVERED} AND e.occurred_at <= %(then)s), false)
      AND NOT coalesce(bool_or(e.status = {_RETURNED} AND e.occurred_at <= %(then)s), false) AS was,
    coalesce(bool_or(e.status IN ({_FAILED}) AND e.heard_at <= %(then)s), false) AS failed,
    max(e.occurred_at) FILTER (WHERE e.status IN ('{AttemptStatus.ACCEPTED}', '{AttemptStatus.UNKNOWN}')
      AND e.heard_at <= %(then)s) AS taken_in_at,
    coalesce(bool_or(e.status = '{AttemptStatus.ACCEPTED}' AND e.heard_at <= %(then)s), false) AS accepted
  FROM mailings_try t
  JOIN quiet q ON q.channel = t.channel
  LEFT JOIN event e ON e.school_id = t.school_id AND e.attempt_id = t.id
  WHERE t.mailing_id = ANY(%(mailings)s) AND t.delivery_state <> '{DeliveryState.STOPPED}' AND t.created_at <= %(then)s
  GROUP BY t.school_id, t.delivery_id, t.id, t.channel, q.wait
), child AS (
  SELECT p.school_id, p.id,
    bool_or(t.whole AND t.known) AS known,
    bool_or(t.whole AND t.was) AS was,
    bool_or(t.whole AND t.accepted AND NOT t.failed AND t.taken_in_at + t.wait <= %(then)s) AS accepted,
    bool_or(NOT t.failed AND NOT t.known
      AND (t.taken_in_at IS NULL OR t.taken_in_at + t.wait > %(then)s)) AS on_its_way,
    bool_or(NOT t.whole AND t.known) AS told
  FROM people_child_on_roll p
  JOIN people_link c ON c.school_id = p.school_id AND c.pupil_id = p.id
    AND c.is_open
  JOIN mailings_known_delivery d ON d.school_id = c.school_id AND d.parent_id = c.parent_id
    AND d.mailing_id = ANY(%(mailings)s)
  JOIN attempt t ON t.school_id = d.school_id AND t.delivery_id = d.id
  WHERE {OFFERED.format(child="p")}
  GROUP BY p.school_id, p.id
)
SELECT CASE WHEN known THEN '' WHEN accepted THEN '{Outcome.ACCEPTED}' WHEN on_its_way THEN '{Outcome.ON_ITS_WAY}'
  WHEN told THEN '{Outcome.TOLD_BY_TEXT}' ELSE '{Outcome.NOT_REACHED}' END, count(*)
FROM child WHERE known <> was GROUP BY 1
"""  # noqa: S608 - constants of this module and of core/sending/fallback.py


def late_news(account: Account, *, day: date, then: datetime, said: int, now: datetime) -> LateNews:
    """What is known at `now` about children reached at `then`, when the account of `day` said that `said` were."""
    found: Mapping[str, int] = dict(read_as_planner(LATE, account.values(now) | {"then": then}))
    gained = {outcome: found[outcome.value] for outcome in Outcome if outcome.value in found}
    return LateNews(day, said, gained, found.get("", 0))
