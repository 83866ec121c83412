"""What the attempts of each delivery prove, as a view. The rule is in fallback.py (`proven` and what follows it).

`mailings_delivery_proof` has one row a delivery: `proven`, NULL where its attempts prove no state; `at_close` and
`at_withdrawal`, the end that it has then; `is_under_way`; `is_sending`; `may_fail`, where a carrier took something in,
and then `quiet_at`, until when a failure may come back. Give the delivery's mailing, school or state in the query:
PostgreSQL applies these before it groups.
"""

from __future__ import annotations

from everyfamily.core.sending.fallback import (
    QUIET,
    UNDER_WAY,
    WHOLE_LETTER,
    AttemptStatus,
    Channel,
    DeliveryState,
)


def _list(words: frozenset[Channel] | frozenset[AttemptStatus]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


_WHOLE = _list(WHOLE_LETTER)
_QUIETS = ", ".join(f"('{channel}', interval '{int(q.total_seconds())} s')" for channel, q in QUIET.items())
PROVEN = f"""
CASE
    WHEN bool_or(t.channel IN ({_WHOLE}) AND t.status = '{AttemptStatus.DELIVERED}') THEN '{DeliveryState.REACHED}'
    WHEN bool_or(t.channel IN ({_WHOLE}) AND t.status = '{AttemptStatus.ACCEPTED}') THEN '{DeliveryState.ACCEPTED}'
    WHEN bool_or(t.channel = '{Channel.TEXT}' AND t.status = '{AttemptStatus.DELIVERED}')
      THEN '{DeliveryState.TOLD_BY_TEXT}'
    WHEN bool_or(t.status = '{AttemptStatus.UNKNOWN}') THEN '{DeliveryState.UNKNOWN}'
    WHEN bool_or(t.status = '{AttemptStatus.RETURNED}') THEN '{DeliveryState.RETURNED}' END
"""
AT_CLOSE = f"""
coalesce({PROVEN}, CASE WHEN bool_or(t.status <> '{AttemptStatus.CREATED}') THEN '{DeliveryState.FAILED}'
    ELSE '{DeliveryState.STOPPED}' END)
"""
AT_WITHDRAWAL = f"""
coalesce({PROVEN}, CASE WHEN bool_or(t.status NOT IN ('{AttemptStatus.CREATED}', '{AttemptStatus.REFUSED}'))
    THEN '{DeliveryState.FAILED}' ELSE '{DeliveryState.STOPPED}' END)
"""
_MAY_FAIL = f"t.status IN ('{AttemptStatus.ACCEPTED}', '{AttemptStatus.UNKNOWN}')"
PROOF = f"""
CREATE VIEW mailings_delivery_proof WITH (security_invoker = true) AS
SELECT d.school_id, d.id, d.mailing_id, d.state, d.next_look_at, {PROVEN} AS proven, {AT_CLOSE} AS at_close,
  {AT_WITHDRAWAL} AS at_withdrawal,
  coalesce(bool_or(t.status IN ({_list(UNDER_WAY)})), false) AS is_under_way,
  coalesce(bool_or(t.status = '{AttemptStatus.SENDING}'), false) AS is_sending,
  coalesce(bool_or({_MAY_FAIL}), false) AS may_fail,
  max(t.changed_at + q.wait) FILTER (WHERE {_MAY_FAIL}) AS quiet_at
FROM mailings_delivery d
LEFT JOIN mailings_attempt t ON t.school_id = d.school_id AND t.delivery_id = d.id
LEFT JOIN (VALUES {_QUIETS}) q (channel, wait) ON q.channel = t.channel
GROUP BY d.school_id, d.id, d.mailing_id, d.state, d.next_look_at;
"""  # noqa: S608 - constants of core/sending/fallback.py
