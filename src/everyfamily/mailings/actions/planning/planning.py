"""Who gets the letter at one school: one delivery for each adult who may have it, and a task if a person must decide.

Run when the school's wave has come. Who may have it, and whose inbox, phone and home are closed to it, is one rule of
`people` (core/adults/eligibility.py, people/sql/eligibility_sql.py).

Planning can be run again at any time, and is after each decision about a school's people. An adult who joined later or
may now have it is added, one who may no longer have it is stopped, what is unclear becomes a task for a named person,
and a task that is decided is closed in the name of the person who decided. After a new roll or a decision, an adult
whom no way has reached and who has a way that was not tried is looked at again.

For a mailing that follows a wrong letter, following.py says who it is for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import WORKING
from everyfamily.core.sending.fallback import NOT_REACHED, DeliveryState
from everyfamily.mailings.actions.planning.following import (
    ADD_BY_SHARED_WAY,
    FOR_WHOM,
    HAD,
    Following,
    following_of,
    hold_beside,
    new_at_school,
    who_had_it,
)
from everyfamily.mailings.actions.planning.take_outs import settle_take_outs
from everyfamily.mailings.models import Mailing, MailingSchool, PersonTask
from everyfamily.mailings.queries.hours import calendar_of
from everyfamily.mailings.queries.looks import SchoolLook, look_at
from everyfamily.mailings.queries.opening import word_counts
from everyfamily.people.actions.rolls.taking_back import can_stay_in
from everyfamily.people.database.long_statements import allow_long_statements
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.older_values import hash_older_values
from everyfamily.people.keys.school_keys import key_state
from everyfamily.people.queries import decisions_of, last_attested_at, school_by_id
from everyfamily.people.school_days import school_due, working_due

_OVER = ("withdrawn", "closed")
"""States of a mailing to which nobody is added."""

_MAY = "coalesce(may_have_it_up_to >= %(from_year)s, false)"
_BY_WORD = "(%(on_old_word)s OR coalesce(vouched_up_to >= %(from_year)s, false))"
ADULTS = f"""
SELECT id, {_MAY} AND {_BY_WORD} AS may_have_it, {_MAY} AND NOT {_BY_WORD} AS waits_for_word,
  coalesce(undecided_up_to >= %(from_year)s, false) AND NOT {_MAY} AS undecided
FROM people_adult_standing WHERE school_id = %(school)s
"""  # noqa: S608 - a constant of this module
"""Adults with a child on the roll, as `people` publishes them (people/sql/eligibility_sql.py), for a mailing that is
offered from a year group. What came after the lead's newest word waits for another. A correction goes on the word on
which the wrong letter went (`on_old_word`)."""
_CLOSED_WAY = """
(coalesce(t.contact_point_id, 0) IN (
  SELECT w.id FROM people_way w WHERE w.school_id = %(school)s AND w.is_closed{ways})
OR t.option_key IN (
  SELECT 'pupil:' || p.id FROM people_child p WHERE p.school_id = %(school)s AND NOT p.is_here{children})
OR t.option_key IN (
  SELECT 'pupil:' || b.pupil_id FROM people_closed_bag b WHERE b.school_id = %(school)s{bags}))
"""
CLOSED_WAY = _CLOSED_WAY.format(ways="", children="", bags="")
"""For an attempt `t` of a delivery `d`: its inbox, phone or home also belongs to somebody who may not have the letter;
or its paper would go into such a home, or by a child who has left or died."""
CLOSED_WAY_OF_PAGE = _CLOSED_WAY.format(
    ways=" AND w.id = ANY(ARRAY(SELECT contact_point_id FROM page))",
    children=" AND p.id = ANY(ARRAY(SELECT pupil_id FROM page))",
    bags=" AND b.pupil_id = ANY(ARRAY(SELECT pupil_id FROM page))",
)
"""The same of the attempts of a `page`, with each one's `contact_point_id` and `pupil_id`: the ways of others are not
looked at."""


def begin_wave(mailing_id: int, school_id: int, now: datetime) -> int:
    """Plan the school's deliveries. Returns how many.

    A school is held if its lead has not attested. It is also held if its key was destroyed, until the lead has looked
    at the roll imported under a new key.
    """
    look = look_at(mailing_id, school_id, now)
    with tenant(school_id):
        parts = MailingSchool.objects.select_for_update(of=("self",)).select_related("mailing")
        part = parts.get(mailing_id=mailing_id, school_id=school_id)
        # A job that was queued before the close or the withdrawal: nothing is planned, and no task is opened again.
        if part.state not in ("planned", "held") or part.mailing.state in _OVER:
            return 0
        if part.paused_at is not None:
            return 0
        # A dead number is corrected on the word on which it was sent (ADR 21).
        urgent = part.mailing.follows_as == "correction"
        attested_at = last_attested_at(school_id, on_old_word=urgent)
        too_old = attested_at is None if urgent else not word_counts(attested_at, now)
        too_old = too_old or _is_before_restore(attested_at, part.mailing)
        if too_old or _key_is_destroyed(school_id):
            _hold(part, now)
            return 0
        part.state = "sending"
        part.save(update_fields=["state"])
        planned = _plan(look, part)
        # Including what an earlier, closed mailing had left open.
        mine_or_over = Q(mailing_id=mailing_id) | Q(mailing__state="closed")
        _attestation_tasks(school_id).filter(mine_or_over).update(closed_at=now, closed_by="attested")
        record_event(
            action="begin wave",
            by=WORKING,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            school_id=school_id,
            detail={"wave": part.wave, "deliveries": planned},
        )
        return planned


def _is_before_restore(attested_at: datetime | None, mailing: Mailing) -> bool:
    """Whether the word is from a time before the database was restored: a later restriction may be lost."""
    return mailing.restored_at is not None and (attested_at is None or attested_at <= mailing.restored_at)


def plan_uncertain(look: SchoolLook) -> None:
    """After the database was restored: record whom the school's wave may have reached, whether or not it is attested.

    That sends nothing: each of them is uncertain.
    """
    with tenant(look.school_id):
        if not _key_is_destroyed(look.school_id):
            _plan(look, MailingSchool.objects.get(mailing_id=look.mailing_id, school_id=look.school_id))


def hold_until_attested(part: MailingSchool, now: datetime) -> None:
    """Hold the school's part, with a task for its lead. Run inside `tenant()`."""
    _hold(part, now)


def _hold(part: MailingSchool, now: datetime) -> None:
    part.state = "held"
    part.save(update_fields=["state"])
    _open_task(part.mailing_id, part.school_id, "attestation", now, days=0)


def _open_task(mailing_id: int, school_id: int, kind: str, now: datetime, *, days: int) -> None:
    owner = school_by_id(school_id).lead_role or "school lead"
    fresh = {
        "owner": owner,
        "opened_at": now,
        "due_on": school_due(now, days, calendar_of(mailing_id, school_id)),
    }
    task, made = PersonTask.objects.get_or_create(
        mailing_id=mailing_id, school_id=school_id, kind=kind, parent=None, defaults=fresh
    )
    if not made and task.closed_at is not None:
        # Settled once, and must be settled again.
        PersonTask.objects.filter(pk=task.pk).update(**fresh, closed_at=None, closed_by=None)


def plan_again(look: SchoolLook) -> bool:
    """Bring a school's deliveries up to date with its roll and with what was decided. Returns whether the school sends.

    Nothing is planned while it is held. If a school's key was destroyed, it becomes held, even if it already has a new
    key.
    """
    with tenant(look.school_id):
        parts = MailingSchool.objects.select_related("mailing").exclude(mailing__state__in=_OVER)
        part = parts.filter(
            mailing_id=look.mailing_id, school_id=look.school_id, state="sending", paused_at=None
        ).first()
        if part is None:
            return False
        attested_at = last_attested_at(look.school_id, on_old_word=look.goes_on_old_word)
        is_before = _is_before_restore(attested_at, part.mailing)
        if _key_is_destroyed(look.school_id) or attested_at is None or is_before:
            _hold(part, look.now)
            return False
        _plan(look, part)
        return True


def close_attested_tasks(school_id: int, now: datetime) -> None:
    """Close what closed mailings left open until the school's lead attests, once the lead has."""
    with tenant(school_id):
        attested_at = last_attested_at(school_id)
        if attested_at is not None:
            left = _attestation_tasks(school_id).filter(mailing__state="closed", opened_at__lt=attested_at)
            left.update(closed_at=now, closed_by="attested")


def _attestation_tasks(school_id: int) -> QuerySet[PersonTask]:
    return PersonTask.objects.filter(school_id=school_id, kind="attestation", closed_at=None)


def close_tasks_decided_since(mailing_id: int, school_id: int, now: datetime) -> int:
    """Close the mailing's tasks on who may have it that somebody has decided since, if it is withdrawn or closed and no
    longer planned. Returns how many. It leaves what a person must tell an adult: they say whether they told them."""
    with tenant(school_id), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        from_year = Mailing.objects.values_list("from_year", flat=True).get(pk=mailing_id)
        values: dict[str, Any] = {"mailing": mailing_id, "school": school_id, "from_year": from_year, "now": now}
        cursor.execute(_CLOSE_TASKS, values | {"on_old_word": True})
        closed = int(cursor.rowcount)
        MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id).update(
            planned_decisions=decisions_of(school_id)
        )
        return closed


def _key_is_destroyed(school_id: int) -> bool:
    state = key_state(school_id)
    return state is not None and state.destroyed_at is not None


def _plan(look: SchoolLook, part: MailingSchool) -> int:
    mailing_id, school_id, now = look.mailing_id, look.school_id, look.now
    allow_long_statements()
    values: dict[str, Any] = {
        "school": school_id,
        "mailing": mailing_id,
        "from_year": look.from_year,
        "on_old_word": look.goes_on_old_word,
        "now": now,
        "owner": look.lead,
        "due": school_due(now, 3, look.calendar),
        "due_word": school_due(now, 0, look.calendar),
        # For a correction: it does not wait until the holidays end.
        "at_once": working_due(now, 0),
    }
    # The count is read before the people. So a decision that commits in between is planned for again, never missed.
    decisions = decisions_of(school_id)
    planned_before = None if part.planned_at is None else part.planned_decisions
    if planned_before != decisions:
        # What is planned is not taken back. Whom a file adds while this goes on waits for a new word, so nobody whom a
        # file alone added is planned before the next time.
        can_stay_in(school_id)
    hash_older_values(school_id, now=now)
    MailingSchool.objects.filter(pk=part.pk).update(planned_at=now, planned_decisions=decisions)
    following = following_of(look)
    if following is not None:
        hold_beside(following, school_id)
    values |= _of_follow_up(following, mailing_id, school_id, now)
    is_correction = following is not None and following.is_correction
    with connection.cursor() as cursor:
        # A roll is newer than its statistics, and a loop planned for ten rows took minutes for 100,000.
        cursor.execute("SET LOCAL enable_nestloop = off")
        for statement in _TASKS_OF_CORRECTION if is_correction else (_OPEN_TASKS, _CLOSE_TASKS):
            cursor.execute(statement, values)
        stopped = []
        if planned_before is not None:
            cursor.execute(_STOP, values)
            stopped = [row[0] for row in cursor.fetchall()]
            cursor.execute(_GO_ON, values)
            if planned_before != decisions:
                cursor.execute(_LOOK_AGAIN, values)
        cursor.execute(_ADD, values)
        planned = int(cursor.rowcount)
        if following is not None and following.is_for_joiners:
            cursor.execute(ADD_BY_SHARED_WAY, values)
        # By their keys, because the ledger belongs to the whole mailing.
        cursor.execute("SET LOCAL enable_nestloop = on")
        # If a school was never planned, there is nothing to take back. This saves half of its time.
        if planned_before is not None:
            cursor.execute(_TAKE_BACK_STOPPED, values | {"stopped": stopped})
            cursor.execute(_TAKE_BACK, values)
        if planned_before not in (None, decisions):
            settle_take_outs(mailing_id, school_id, now=now)
        return planned


def _of_follow_up(
    following: Following | None, mailing_id: int, school_id: int, now: datetime
) -> dict[str, str | list[int]]:
    if following is None:
        return {"follows": "", "had": [], "beside": [], "new": []}
    new = new_at_school(mailing_id, school_id) if following.is_for_joiners else None
    had = who_had_it(following, school_id, now, parents=new, unless_in=mailing_id)
    of_joiners = {"new": new or [], "wrong": list(following.wrong)}
    return {"follows": following.kind, "had": list(had), "beside": list(following.beside), **of_joiners}


_WAITS = f"""
SELECT id, CASE WHEN undecided THEN 'restriction' ELSE 'new word' END AS kind
FROM ({ADULTS}) adults WHERE (undecided OR waits_for_word)
"""  # noqa: S608 - constants of this module
_OPEN_TASKS = f"""
INSERT INTO mailings_persontask (school_id, mailing_id, kind, parent_id, owner, opened_at, due_on)
SELECT %(school)s, %(mailing)s, kind, id, %(owner)s, %(now)s,
  CASE kind WHEN 'restriction' THEN %(due)s::date ELSE %(due_word)s::date END
FROM ({_WAITS} AND {FOR_WHOM}) waits
-- A new word is for those who do not have it yet.
WHERE kind = 'restriction' OR NOT EXISTS (SELECT 1 FROM mailings_delivery d
  WHERE d.school_id = %(school)s AND d.mailing_id = %(mailing)s AND d.parent_id = waits.id
    AND d.state NOT IN ('planned', 'on its way', 'stopped'))
-- Decided once and unclear again: the task opens again.
ON CONFLICT ON CONSTRAINT task_once DO UPDATE SET
  owner = excluded.owner, opened_at = excluded.opened_at, due_on = excluded.due_on, closed_at = NULL, closed_by = NULL
WHERE mailings_persontask.closed_at IS NOT NULL
"""  # noqa: S608 - constants of this module
_CLOSE_TASKS = f"""
WITH waits AS MATERIALIZED ({_WAITS})
UPDATE mailings_persontask t SET closed_at = %(now)s, closed_by = CASE t.kind WHEN 'new word' THEN 'attested'
  ELSE coalesce((SELECT n.decided_by FROM people_decision n
    WHERE n.school_id = t.school_id AND n.parent_id = t.parent_id AND n.decided_at >= t.opened_at
    ORDER BY n.rank, n.decided_at DESC LIMIT 1), 'roll') END
WHERE t.mailing_id = %(mailing)s AND t.school_id = %(school)s AND t.kind IN ('restriction', 'new word')
  AND t.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM waits w WHERE w.id = t.parent_id AND w.kind = t.kind)
"""  # noqa: S608 - constants of this module
_STOP = f"""
WITH eligible AS MATERIALIZED (SELECT id FROM ({ADULTS}) adults WHERE may_have_it)
UPDATE mailings_delivery d SET state = 'stopped', next_look_at = NULL
WHERE d.mailing_id = %(mailing)s AND d.school_id = %(school)s AND d.state IN ('planned', 'on its way')
  AND NOT EXISTS (SELECT 1 FROM eligible WHERE eligible.id = d.parent_id)
RETURNING d.id
"""  # noqa: S608 - constants of this module
_TAKE_BACK_STOPPED = """
-- What a carrier is being given, or has, stays on record.
DELETE FROM mailings_attempt t USING mailings_ledgerentry l
WHERE t.school_id = %(school)s AND t.delivery_id = ANY(%(stopped)s) AND t.status = 'created'
  AND l.id = t.ledger_id AND l.status IN ('created', 'refused')
"""
_TAKE_BACK = f"""
WITH taken AS (
  DELETE FROM mailings_attempt t USING mailings_delivery d, mailings_ledgerentry l
  WHERE t.school_id = %(school)s AND t.status = 'created' AND l.id = t.ledger_id AND l.status IN ('created', 'refused')
    AND d.school_id = t.school_id AND d.id = t.delivery_id AND d.mailing_id = %(mailing)s AND {CLOSED_WAY}
  RETURNING t.delivery_id)
UPDATE mailings_delivery d SET next_look_at = %(now)s FROM taken
WHERE d.school_id = %(school)s AND d.id = taken.delivery_id AND d.state <> 'stopped'
"""  # noqa: S608 - constants of this module
_GO_ON = f"""
WITH eligible AS MATERIALIZED (SELECT id FROM ({ADULTS}) adults WHERE may_have_it)
UPDATE mailings_delivery d SET state = 'on its way', next_look_at = %(now)s
WHERE d.mailing_id = %(mailing)s AND d.school_id = %(school)s AND d.state = 'stopped'
  AND d.parent_id IN (SELECT id FROM eligible)
"""  # noqa: S608 - constants of this module
_ADD = f"""
INSERT INTO mailings_delivery (school_id, mailing_id, parent_id, state, next_look_at, planned_at, restored)
SELECT %(school)s, %(mailing)s, id, 'planned', %(now)s, %(now)s,
  -- After the database was put back, anybody who joins the mailing may have had the letter.
  CASE WHEN (SELECT uncertain FROM mailings_mailingschool
    WHERE mailing_id = %(mailing)s AND school_id = %(school)s) THEN 'uncertain' ELSE '' END
FROM ({ADULTS}) adults WHERE may_have_it AND {FOR_WHOM}
-- In the same order for any plan of the database, so that a rehearsal repeats.
ORDER BY id ON CONFLICT DO NOTHING
"""  # noqa: S608 - constants of this module and of following
_NOT_REACHED = ", ".join(f"'{state}'" for state in sorted(NOT_REACHED))
_LOOK_AGAIN = f"""
UPDATE mailings_delivery d SET state = 'on its way', next_look_at = %(now)s
WHERE d.mailing_id = %(mailing)s AND d.school_id = %(school)s AND d.id IN (
  SELECT n.id FROM mailings_delivery n
  JOIN people_known_way c ON c.school_id = n.school_id AND c.parent_id = n.parent_id
  LEFT JOIN mailings_attempt t ON t.school_id = n.school_id AND t.delivery_id = n.id AND t.contact_point_id = c.id
  WHERE n.mailing_id = %(mailing)s AND n.school_id = %(school)s AND n.state IN ({_NOT_REACHED})
    AND c.is_usable AND t.id IS NULL
    AND NOT (n.state = '{DeliveryState.TOLD_BY_TEXT}' AND c.channel = 'text')
  UNION SELECT n.id FROM mailings_delivery n
  JOIN people_paper_way p ON p.school_id = n.school_id AND p.parent_id = n.parent_id
  LEFT JOIN mailings_attempt t ON t.school_id = n.school_id AND t.delivery_id = n.id
    AND starts_with(t.option_key, 'pupil:')
  WHERE n.mailing_id = %(mailing)s AND n.school_id = %(school)s AND n.state IN ({_NOT_REACHED})
    AND t.id IS NULL AND p.up_to_year >= %(from_year)s)
"""  # noqa: S608 - constants of core/sending/fallback.py
_DEAD = "SELECT parent_id FROM people_objection WHERE school_id = %(school)s AND has_died"
_HAS_DIED = "has died"
_MAY_BE_WRITTEN_TO = "may be written to"
"""These two: who closed a task of a correction that nobody needs to decide any more. It is opened again if that
changes."""
_TASKS_OF_CORRECTION = (
    f"""
    INSERT INTO mailings_persontask (school_id, mailing_id, kind, parent_id, owner, opened_at, due_on)
    SELECT %(school)s, %(mailing)s, 'to tell', had.id, %(owner)s, %(now)s, %(at_once)s
    FROM (SELECT unnest(%(had)s::bigint[]) AS id UNION SELECT parent_id FROM mailings_delivery
      WHERE school_id = %(school)s AND mailing_id = %(mailing)s) had
    WHERE NOT EXISTS (SELECT 1 FROM ({ADULTS}) adults WHERE adults.id = had.id AND may_have_it)
      AND had.id NOT IN ({_DEAD})
      -- Corrected already, and then restricted: nothing is owed to them.
      AND NOT EXISTS (SELECT 1 FROM mailings_delivery d WHERE d.school_id = %(school)s
        AND d.mailing_id = ANY(%(beside)s::bigint[] || %(mailing)s::bigint) AND d.parent_id = had.id
        AND (d.mailing_id <> %(mailing)s OR EXISTS (SELECT 1 FROM mailings_attempt t
          WHERE t.school_id = d.school_id AND t.delivery_id = d.id AND t.status IN ({HAD}))))
    ON CONFLICT ON CONSTRAINT task_once DO UPDATE SET
      owner = excluded.owner, opened_at = excluded.opened_at, due_on = excluded.due_on, closed_at = NULL,
      closed_by = NULL
    WHERE mailings_persontask.closed_by IN ('{_MAY_BE_WRITTEN_TO}', '{_HAS_DIED}')
    """,  # noqa: S608 - constants of this module and of following
    f"""
    UPDATE mailings_persontask t SET closed_at = %(now)s,
      closed_by = CASE WHEN t.parent_id IN ({_DEAD}) THEN '{_HAS_DIED}' ELSE '{_MAY_BE_WRITTEN_TO}' END
    WHERE t.mailing_id = %(mailing)s AND t.school_id = %(school)s AND t.kind = 'to tell' AND t.closed_at IS NULL
      AND t.parent_id IN (SELECT id FROM ({ADULTS}) adults WHERE may_have_it UNION ALL {_DEAD})
    """,  # noqa: S608 - constants of this module
)
"""If an adult had the wrong letter and may not be written to now, a person decides whether to tell them."""
