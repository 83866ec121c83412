"""The record of one call and the claim of the next, in one statement. A worker needs a claim to call a carrier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from everyfamily.channels.base import Message, Submission
from everyfamily.mailings.actions.sending.kept_plans import rows_of_kept


@dataclass(frozen=True, slots=True)
class Ready:
    """A recorded attempt and its message."""

    ledger: int
    message: Message
    tries: int = 0
    """Calls of this message, including the one that it was claimed for."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The conditions of a claim: once another decision about the school's people is made, it takes nothing."""

    mailing: int
    school: int
    decisions: int
    worker: str
    now: datetime


_MAY_GO = """
EXISTS (
  SELECT 1 FROM mailings_mailing m JOIN letters_known_letter t ON t.id = m.letter_id
  JOIN mailings_mailingschool part ON part.mailing_id = m.id JOIN people_known_school s ON s.id = part.school_id
  WHERE m.id = %(mailing)s AND m.state = 'open' AND t.is_sealed
    AND s.id = %(school)s AND s.decisions = %(decisions)s AND part.paused_at IS NULL)
"""
_RECORD_AND_CLAIM = f"""
WITH recorded AS (
  UPDATE mailings_ledgerentry l SET status = r.status, reason = r.reason, changed_at = %(now)s
  FROM unnest(%(sent)s::bigint[], %(statuses)s::text[], %(reasons)s::text[]) AS r (id, status, reason)
  WHERE l.id = r.id AND l.status IN ('sending', 'unknown'))
UPDATE mailings_ledgerentry l
SET status = 'sending', worker = %(worker)s, changed_at = %(now)s, tries = l.tries + 1
WHERE l.id = ANY(%(next)s::bigint[]) AND l.status IN ('created', 'refused') AND {_MAY_GO}
RETURNING l.id, l.tries
"""  # noqa: S608 - a constant of this module
_RECORD_AND_CLAIM_ONE = f"""
WITH recorded AS (
  UPDATE mailings_ledgerentry SET status = %(status)s, reason = %(reason)s, changed_at = %(now)s
  WHERE id = %(sent)s::bigint AND status IN ('sending', 'unknown'))
UPDATE mailings_ledgerentry l
SET status = 'sending', worker = %(worker)s, changed_at = %(now)s, tries = l.tries + 1
WHERE l.id = %(next)s::bigint AND l.status IN ('created', 'refused') AND {_MAY_GO}
RETURNING l.id, l.tries
"""  # noqa: S608 - a constant of this module
"""The same for an email or a text after another: a plan made for one row and kept, which is a quarter of the work."""


def record_and_claim(
    claim: Claim, sent: Sequence[Ready], results: Sequence[Submission], chunk: Sequence[Ready]
) -> list[Ready]:
    """Record what happened in one call and claim the messages of the next. Returns what this worker may send.

    A receipt can be quicker than the record of its own call, so a result only replaces *sending* or *unknown*. The
    states of the mailing and the letter are read here, and whether anything was decided about the school's people since
    the page was read. So a pause (of everything or of this school), a withdrawal or an objection takes effect within
    one message on every worker.
    """
    # Two adults with one inbox can be in one chunk of paper, as one message.
    by_ledger = {item.ledger: item for item in chunk}
    values: dict[str, object] = {
        "worker": claim.worker,
        "now": claim.now,
        "mailing": claim.mailing,
        "school": claim.school,
        "decisions": claim.decisions,
    }
    if len(sent) <= 1 and len(by_ledger) <= 1:
        statement = _RECORD_AND_CLAIM_ONE
        values |= {
            "sent": sent[0].ledger if sent else None,
            "status": results[0].status.value if results else None,
            "reason": results[0].reason if results else None,
            "next": next(iter(by_ledger), None),
        }
    else:
        statement = _RECORD_AND_CLAIM
        values |= {
            "sent": [item.ledger for item in sent],
            "statuses": [result.status.value for result in results],
            "reasons": [result.reason for result in results],
            "next": sorted(by_ledger),
        }
    mine: dict[int, int] = dict(rows_of_kept(statement, values))
    return [replace(item, tries=mine[item.ledger]) for item in by_ledger.values() if item.ledger in mine]
