"""A person decides about letters that may have been sent without the database knowing (core/sending/restored.py).

For all of a mailing, for one school, or for one channel: they had it, and nothing more is sent to them; or they had
not, and it is sent when the mailing is resumed. A word that they had it is stronger, even at another school that shares
the contact value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.restored import SAID_HAD, TO_DECIDE, Restored
from everyfamily.mailings.actions.planning.planning import plan_uncertain
from everyfamily.mailings.actions.sending.deciding import PAGE, decide_page
from everyfamily.mailings.models import MailingSchool, MailingTask
from everyfamily.mailings.queries.looks import look_at
from everyfamily.mailings.queries.mailings import schools_of_messages
from everyfamily.mailings.queries.uncertain import count_uncertain
from everyfamily.people.database.tenancy import tenant


class NothingUncertain(EveryfamilyError):
    """Nobody in this mailing, or at this school, waits for a decision."""

    code = "EF577"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did."""

    schools: int
    adults: int
    left: int
    """Adults in the mailing about whom nobody has decided yet."""


def decide_uncertain(
    mailing_id: int,
    *,
    had_it: bool,
    why: str,
    by: Actor,
    now: datetime,
    school_id: int | None = None,
    channel: str | None = None,
) -> Decided:
    """Decide for a mailing, for one of its schools, or for one channel. Raises NothingUncertain.

    Each school has its own transaction. If it is interrupted, the rest is still uncertain.
    """
    found = count_uncertain(mailing_id, school_id=school_id)
    if not found:
        raise NothingUncertain("Nobody here waits for a decision after a restore.", "See which still are.")
    adults = 0
    for row in found:
        if had_it:
            # Including those who joined since, so that nobody is planned later and written to.
            write_down_uncertain(mailing_id, row.school_id, now)
        with tenant(row.school_id):
            values: dict[str, Any] = {
                "mailing": mailing_id,
                "school": row.school_id,
                "channel": channel,
                "reasons": sorted(TO_DECIDE),
                "had": SAID_HAD,
                "now": now,
            }
            adults += _had_it(values) if had_it else _let_go(values)
            if channel is None:
                MailingSchool.objects.filter(mailing_id=mailing_id, school_id=row.school_id).update(
                    uncertain=False
                )
            record_event(
                action="decide uncertain",
                by=by,
                subject_type="mailing",
                subject_id=mailing_id,
                now=now,
                school_id=row.school_id,
                detail={"had it": had_it, "why": why, **({"channel": channel} if channel else {})},
            )
    left = count_uncertain(mailing_id)
    if not left:
        with transaction.atomic():
            MailingTask.objects.filter(mailing_id=mailing_id, kind="restored", closed_at=None).update(
                closed_at=now, closed_by=by.text
            )
    return Decided(len(found), adults, sum(row.uncertain for row in left))


def write_down_uncertain(mailing_id: int, school_id: int, now: datetime) -> None:
    """Record as *unknown, to be decided* every adult whom the school's wave was to write to next. This sends
    nothing."""
    if not MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id, uncertain=True).exists():
        return
    look = look_at(mailing_id, school_id, now)
    plan_uncertain(look)
    while decide_page(look) == PAGE:
        pass


_WHICH = """
d.mailing_id = %(mailing)s AND d.school_id = %(school)s AND d.restored = 'uncertain'
  AND (%(channel)s::text IS NULL OR (d.state = 'unknown' AND EXISTS (SELECT 1 FROM mailings_attempt w
    WHERE w.school_id = d.school_id AND w.delivery_id = d.id AND w.channel = %(channel)s AND w.status = 'unknown')))
"""


def _had_it(values: dict[str, Any]) -> int:
    """Nothing more is sent to them, and their messages go to nobody. Returns how many adults waited for it."""
    with connection.cursor() as cursor:
        cursor.execute(_SAY_HAD, values)
        cursor.execute(_MARK_HAD, values)
        return len([state for (state,) in cursor.fetchall() if state == "unknown"])


_SAY_HAD = f"""
UPDATE mailings_ledgerentry l SET status = 'unknown', reason = %(had)s
FROM mailings_attempt t JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
WHERE t.ledger_id = l.id AND t.school_id = %(school)s AND {_WHICH}
  AND l.status IN ('unknown', 'created', 'refused') AND t.status = 'unknown' AND l.reason <> %(had)s
"""  # noqa: S608 - a constant of this module
_MARK_HAD = f"""
UPDATE mailings_delivery d SET restored = '{Restored.HAD_IT}' WHERE {_WHICH} RETURNING d.state
"""  # noqa: S608 - constants of this module and of core/sending/restored.py


def _let_go(values: dict[str, Any]) -> int:
    """What would have been sent next is sent when the mailing is resumed, as one message each. Returns how many adults
    waited for it."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, values)
        pairs = cursor.fetchall()
        _call_again(
            [ledger for _, ledger in pairs], [attempt for attempt, _ in pairs], int(values["school"]), values
        )
        cursor.execute(_MARK_LET_GO, values)
        return len([state for (state,) in cursor.fetchall() if state == "unknown"])


_NEWEST = f"""
SELECT DISTINCT ON (d.id) t.id, l.id FROM mailings_delivery d
JOIN mailings_attempt t ON t.school_id = d.school_id AND t.delivery_id = d.id AND t.status = 'unknown'
JOIN mailings_ledgerentry l ON l.id = t.ledger_id AND (l.status = 'created'
  OR (l.status = 'unknown' AND l.reason = ANY(%(reasons)s)))
WHERE {_WHICH} ORDER BY d.id, t.id DESC
"""  # noqa: S608 - a constant of this module
_MARK_LET_GO = f"""
UPDATE mailings_delivery d SET restored = '',
  next_look_at = CASE WHEN was.state = 'unknown' THEN %(now)s ELSE d.next_look_at END,
  state = CASE WHEN was.state = 'unknown' THEN 'on its way' ELSE d.state END
FROM mailings_delivery was
WHERE was.school_id = d.school_id AND was.id = d.id AND {_WHICH} RETURNING was.state
"""  # noqa: S608 - a constant of this module


def _call_again(
    ledger_ids: Sequence[int], attempts: Sequence[int], school_id: int, values: dict[str, Any]
) -> None:
    """Back to *created*: the only case in which a status moves back, because a person, or the carrier, has said so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mailings_ledgerentry SET status = 'created', reason = '', changed_at = %(now)s "
            "WHERE id = ANY(%(ledger)s) AND status = 'unknown' AND reason = ANY(%(reasons)s)",
            {**values, "ledger": list(ledger_ids)},
        )
        cursor.execute(
            "UPDATE mailings_attempt SET status = 'created', reason = '', changed_at = %(now)s "
            "WHERE school_id = %(school)s AND id = ANY(%(attempts)s)",
            {**values, "school": school_id, "attempts": list(attempts)},
        )


def let_go_of_messages(mailing_id: int, ledger_ids: Sequence[int], *, now: datetime) -> None:
    """Messages that their carrier never had are sent when the mailing is resumed, at every school that has one."""
    for school_id, theirs in schools_of_messages(ledger_ids).items():
        values: dict[str, Any] = {
            "mailing": mailing_id,
            "school": school_id,
            "ledger": theirs,
            "reasons": sorted(TO_DECIDE),
            "now": now,
        }
        with tenant(school_id), connection.cursor() as cursor:
            cursor.execute(_ON_MESSAGES, values)
            pairs = cursor.fetchall()
            _call_again(theirs, [attempt for attempt, _ in pairs], school_id, values)
            cursor.execute(
                "UPDATE mailings_delivery SET restored = '', state = 'on its way', next_look_at = %(now)s "
                "WHERE school_id = %(school)s AND id = ANY(%(deliveries)s) "
                "AND state IN ('planned', 'on its way', 'unknown')",
                {**values, "deliveries": [delivery for _, delivery in pairs]},
            )


_ON_MESSAGES = """
SELECT t.id, t.delivery_id FROM mailings_attempt t
WHERE t.school_id = %(school)s AND t.ledger_id = ANY(%(ledger)s) AND t.status = 'unknown'
"""
