"""Paper that is on its way to somebody who may not have it any more: a task while the copy can be taken out.

At a print house that is the day of its bundle, and the task is the coordinator's. The print house is told the number of
the copy in its manifest, and never why. In a classroom it is the school days in which envelopes are handed out, and the
task is the lead's; the page for paper says which copies to keep back. A task goes when somebody has said what happened
to the copies, when they may go after all, or when the time is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection

from everyfamily.core.actors import WORKING, Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.hand_outs import WAITING, WAITS_AT_MOST
from everyfamily.mailings.queries.hours import calendar_of
from everyfamily.mailings.queries.mailings import planner_rows
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import school_by_id
from everyfamily.people.school_days import has_school, working_due

TAKE_OUT, KEEP_BACK = "take out", "keep back"
"""The kinds of task: at the print house, and in a classroom."""

_WRONG = """
WITH may AS MATERIALIZED (
  SELECT s.id FROM people_adult_standing s
  WHERE s.school_id = %(school)s AND coalesce(s.may_have_it_up_to >= %(from_year)s, false)),
wrong AS MATERIALIZED (
  SELECT l.reference, CASE t.channel WHEN 'post' THEN 'take out' ELSE 'keep back' END AS kind
  FROM mailings_attempt t JOIN mailings_ledgerentry l ON l.id = t.ledger_id
  JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
  WHERE t.school_id = %(school)s AND d.mailing_id = %(mailing)s AND l.status = ANY(%(waiting)s)
    AND ((t.channel = 'post' AND l.changed_at >= %(today)s)
      OR (t.channel = 'pupil post' AND t.created_at >= %(in_class_since)s))
  GROUP BY l.reference, t.channel
  HAVING NOT bool_or(d.parent_id IN (SELECT id FROM may)) OR bool_or(
    t.contact_point_id IN (SELECT w.id FROM people_way w WHERE w.school_id = %(school)s AND w.is_closed)
    OR t.option_key IN (SELECT 'pupil:' || b.pupil_id FROM people_closed_bag b WHERE b.school_id = %(school)s)))
"""
_SETTLE = f"""{_WRONG},
opened AS (
  INSERT INTO mailings_persontask (school_id, mailing_id, kind, owner, owner_role, opened_at, due_on)
  SELECT DISTINCT %(school)s, %(mailing)s, kind, CASE kind WHEN 'take out' THEN 'coordinator' ELSE %(lead)s END,
    CASE kind WHEN 'take out' THEN 'coordinator' ELSE 'lead' END, %(now)s::timestamptz,
    CASE kind WHEN 'take out' THEN %(day)s::date ELSE %(due)s::date END
  FROM wrong
  ON CONFLICT ON CONSTRAINT task_once DO UPDATE SET owner = excluded.owner, opened_at = excluded.opened_at,
    due_on = excluded.due_on, closed_at = NULL, closed_by = NULL
  WHERE mailings_persontask.closed_at IS NOT NULL)
UPDATE mailings_persontask t SET closed_at = %(now)s, closed_by = %(by)s
WHERE t.school_id = %(school)s AND t.mailing_id = %(mailing)s AND t.kind IN ('take out', 'keep back')
  AND t.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM wrong w WHERE w.kind = t.kind)
"""  # noqa: S608 - a constant of this module
_NUMBERS = f"{_WRONG} SELECT reference::text FROM wrong WHERE kind = 'take out'"  # noqa: S608 - the same


def settle_take_outs(mailing_id: int, school_id: int, *, by: Actor = WORKING, now: datetime) -> None:
    """Open the tasks for copies that can still be taken out, and close those that nothing waits for. In one statement,
    inside `tenant(school_id)`."""
    values = _values(mailing_id, school_id, now) | {
        "lead": school_by_id(school_id).lead_role or "school lead",
        "due": working_due(now, 0),
        "by": by.text,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, values)


def _values(mailing_id: int, school_id: int, now: datetime) -> dict[str, Any]:
    today = now.astimezone(LONDON).date()
    return {
        "mailing": mailing_id,
        "school": school_id,
        "from_year": Mailing.objects.values_list("from_year", flat=True).get(pk=mailing_id),
        "waiting": [*WAITING],
        "now": now,
        "day": today,
        "today": datetime.combine(today, time(), LONDON),
        "in_class_since": datetime.combine(_first_day_in_class(mailing_id, school_id, today), time(), LONDON),
    }


def _first_day_in_class(mailing_id: int, school_id: int, today: date) -> date:
    """What was printed on this day or later may still be in an envelope in a classroom."""
    is_school_day = has_school(calendar_of(mailing_id, school_id))
    day, left = today, WAITS_AT_MOST
    while left and today - day < timedelta(days=90):
        left -= is_school_day(day)
        day -= timedelta(days=1)
    return day


def copies_to_take_out(mailing_id: int, now: datetime) -> list[str]:
    """The numbers in the print house's manifests of the copies by post that it should take out now."""
    found: list[str] = []
    for school_id in _schools_with_tasks(mailing_id):
        with tenant(school_id), connection.cursor() as cursor:
            cursor.execute(_NUMBERS, _values(mailing_id, school_id, now))
            found += [reference for (reference,) in cursor.fetchall()]
    return sorted(found)


def were_taken_out(mailing_id: int, *, by: Actor, now: datetime) -> None:
    """Somebody has said what happened to copies: look at each school with a task again."""
    for school_id in _schools_with_tasks(mailing_id):
        with tenant(school_id):
            settle_take_outs(mailing_id, school_id, by=by, now=now)


def _schools_with_tasks(mailing_id: int) -> Sequence[int]:
    rows = planner_rows(
        "SELECT DISTINCT school_id FROM mailings_persontask WHERE mailing_id = %s AND kind = %s "
        "AND closed_at IS NULL ORDER BY 1",
        [mailing_id, TAKE_OUT],
    )
    return [school_id for (school_id,) in rows]


def keep_up(now: datetime) -> None:
    """Every minute: tasks whose time is over, and decisions at schools that are not planned again, because they are
    paused or on hold."""
    for mailing_id, school_id in planner_rows(_TO_LOOK_AT, {"today": now.astimezone(LONDON).date()}):
        with tenant(school_id):
            settle_take_outs(mailing_id, school_id, now=now)


_TO_LOOK_AT = """
SELECT t.mailing_id, t.school_id FROM mailings_persontask t
WHERE t.kind IN ('take out', 'keep back') AND t.closed_at IS NULL AND t.due_on < %(today)s
UNION
SELECT p.mailing_id, p.school_id FROM mailings_mailingschool p
JOIN mailings_mailing m ON m.id = p.mailing_id AND m.state IN ('open', 'paused')
JOIN people_known_school s ON s.id = p.school_id AND s.decisions <> p.planned_decisions
WHERE p.planned_at IS NOT NULL AND (m.state = 'paused' OR p.paused_at IS NOT NULL OR p.state = 'held')
"""
