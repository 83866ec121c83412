"""A mailing is closed: its key is destroyed, its deliveries get their final state, and nothing links two schools any
more.

First, in one transaction, the mailing is marked as closed and its ledger key is removed. From then on nobody can claim
a message of it, and no contact value can be hashed as the ledger hashed it. Then, one page of a school at a time,
deliveries that were still waited for get the state that is true of them, tasks that only the mailing needed are closed
with it (those about restrictions and a school's attestation outlive it), and the attempts' pointers to the ledger are
cut. Last, the ledger's hashes and references are overwritten. Its statuses stay, because coverage counts messages by
them. If it crashes in between, closing again finishes it, and so does the worker's daily run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.mailings.actions.ending.open_work import MailingStillWaits, require_done, work_of
from everyfamily.mailings.actions.sending.mirroring import mirror_attempts
from everyfamily.mailings.models import Mailing, MailingSchool, MailingTask, PersonTask, ReplyAnswer
from everyfamily.mailings.queries.mailings import planner_rows
from everyfamily.people.database.tenancy import tenant

ABOUT_A_FAMILY = ("restriction", "to tell")
"""Kinds of tasks that are not only about this mailing."""
_OUTLIVE = (*ABOUT_A_FAMILY, "attestation")
"""What closing leaves to a school's lead: decisions about families, and that nobody there got the letter."""
PAGE = 5000
"""Attempts or ledger rows that are changed in one transaction."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing did. If all of it is zero, the mailing was already completely closed."""

    settled: int
    """Deliveries that were still waited for and got their final state."""
    attempts_cut: int
    """Attempts that no longer point to the ledger."""
    ledger_rows: int
    """Rows of the ledger whose hash and reference were overwritten."""
    tasks_closed: int = 0
    """Tasks that nobody needs to do any more."""
    never_began: tuple[int, ...] = ()
    """URNs of schools that were held until the close, so nobody there got the letter."""


def close_mailing(mailing_id: int, *, by: Actor, now: datetime, although: str = "") -> Closed:
    """Close a mailing whose work is done, or finish a close that was interrupted. Returns what was done.

    Raises MailingStillWorks while anything is being sent or must be sent. Raises MailingStillWaits while a failure may
    still come back, and MailingHasOpenWork while people have something to decide or do, unless `although` says why it
    is closed anyway. A withdrawn letter sends nothing, so what was recorded is given up.
    """
    never_began = _mark_closed(mailing_id, by=by, now=now, although=although.strip())
    return replace(finish_closing(mailing_id, by=by, now=now), never_began=tuple(never_began))


def finish_closing(mailing_id: int, *, by: Actor, now: datetime) -> Closed:
    """Do, or finish, what follows the mark. It is safe to repeat, and to stop anywhere."""
    settled = cut = tasks = 0
    schools = MailingSchool.objects.filter(mailing_id=mailing_id).order_by("school_id")
    for school_id in schools.values_list("school_id", flat=True):
        with tenant(school_id):
            mirror_attempts(school_id, now)
            settled += _settle(mailing_id, school_id)
            tasks += _close_tasks(mailing_id, school_id, by=by, now=now)
        cut += _cut_school(mailing_id, school_id)
    rows = _overwrite_ledger(mailing_id)
    if settled or cut or rows:
        with transaction.atomic():
            record_event(
                action="close mailing, links cut",
                by=by,
                subject_type="mailing",
                subject_id=mailing_id,
                now=now,
                detail={"deliveries_settled": settled, "attempts_cut": cut, "ledger_rows": rows},
            )
    return Closed(settled, cut, rows, tasks)


def closed_but_not_finished() -> list[int]:
    """Closed mailings whose close was interrupted."""
    return [row[0] for row in planner_rows(_UNFINISHED, {"outlive": list(_OUTLIVE)})]


_UNFINISHED = """
SELECT m.id FROM mailings_mailing m WHERE m.state = 'closed' AND (
  EXISTS (SELECT 1 FROM mailings_ledgerentry l WHERE l.mailing_id = m.id AND octet_length(l.value_hash) <> 16)
  OR EXISTS (SELECT 1 FROM mailings_delivery d WHERE d.mailing_id = m.id AND d.state IN ('planned', 'on its way'))
  OR EXISTS (SELECT 1 FROM mailings_persontask t
    WHERE t.mailing_id = m.id AND t.kind <> ALL(%(outlive)s) AND t.closed_at IS NULL))
ORDER BY m.id
"""
# 16 bytes: an overwritten hash has the bytes of a random UUID, and a real one has 32.


def _mark_closed(mailing_id: int, *, by: Actor, now: datetime, although: str) -> list[int]:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            # Every claim in progress is finished, and every later one sees that the mailing is closed. So a worker
            # cannot call for a mailing that was closed while it claimed.
            cursor.execute("LOCK TABLE mailings_ledgerentry IN SHARE ROW EXCLUSIVE MODE")
        mailing = Mailing.objects.select_for_update().select_related("letter").get(pk=mailing_id)
        if mailing.state == "closed":
            return []
        withdrawn = "withdrawn" in (mailing.state, mailing.letter.state)
        if not although and Mailing.objects.filter(follows=mailing).exclude(state="closed").exists():
            raise MailingStillWaits(
                "The mailing that corrects or replaces its letter is open, and asks it who had that letter.",
                "Close that one first. Or close this one now and give a reason: it then knows "
                "only what was written down.",
            )
        work = work_of(mailing_id, now)
        require_done(work, now, withdrawn=withdrawn, although=although)
        was, mailing.state, mailing.ledger_key, mailing.closed_at = mailing.state, "closed", None, now
        mailing.save(update_fields=["state", "ledger_key", "closed_at"])
        ReplyAnswer.objects.filter(mailing_id=mailing_id).delete()
        MailingTask.objects.filter(mailing_id=mailing_id, closed_at=None).update(closed_at=now, closed_by=by.text)
        record_event(
            action="close mailing",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            detail={"was": "withdrawn" if withdrawn else was, "still_waited_for": work.waiting}
            | ({"never_began": work.held, "undecided": work.undecided, "other_tasks": work.other_tasks})
            | ({"although": although} if although else {}),
        )
    return work.held


def _settle(mailing_id: int, school_id: int) -> int:
    """Give deliveries that are still waited for the state that their attempts prove (core/sending/fallback.py:
    at_close)."""
    with connection.cursor() as cursor:
        cursor.execute(_END, {"mailing": mailing_id, "school": school_id})
        settled = int(cursor.rowcount)
        # The withdrawal came before this wave, so nobody at the school was written to.
        cursor.execute(
            "UPDATE mailings_mailingschool SET state = 'held' "
            "WHERE mailing_id = %s AND school_id = %s AND state = 'planned'",
            [mailing_id, school_id],
        )
    return settled


def _close_tasks(mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> int:
    """Close the tasks that only this mailing needed."""
    left = PersonTask.objects.filter(mailing_id=mailing_id, school_id=school_id, closed_at=None).exclude(
        kind__in=_OUTLIVE
    )
    closed = left.update(closed_at=now, closed_by="mailing closed")
    if closed:
        record_event(
            action="close tasks",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            school_id=school_id,
            detail={"tasks": closed, "why": "mailing closed"},
        )
    return closed


_END = """
UPDATE mailings_delivery d SET state = e.at_close, next_look_at = NULL FROM mailings_delivery_proof e
WHERE d.school_id = %(school)s AND d.id = e.id
  AND e.mailing_id = %(mailing)s AND e.school_id = %(school)s AND e.state IN ('planned', 'on its way')
"""


def _cut_school(mailing_id: int, school_id: int) -> int:
    """Cut the pointers of a school's attempts, one page in each transaction, and keep only the day of their times.

    A receipt's time is the same at every school that shares the value. If it stayed, it would link them as the pointer
    did.
    """
    total = 0
    while True:
        with tenant(school_id), connection.cursor() as cursor:
            cursor.execute(_CUT, {"mailing": mailing_id, "school": school_id, "page": PAGE})
            cut = int(cursor.fetchone()[0])
        total += cut
        if cut < PAGE:
            return total


_DAY = "date_trunc('day', {at}, 'Europe/London')"
_CUT = f"""
WITH cut AS (
  UPDATE mailings_attempt t SET ledger_id = NULL,
    created_at = {_DAY.format(at="t.created_at")}, changed_at = {_DAY.format(at="t.changed_at")}
  WHERE t.school_id = %(school)s AND t.id IN (
    SELECT t.id FROM mailings_attempt t
    JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
    WHERE t.school_id = %(school)s AND d.mailing_id = %(mailing)s AND t.ledger_id IS NOT NULL
    ORDER BY t.id LIMIT %(page)s)
  RETURNING t.id),
heard AS (
  DELETE FROM mailings_deliveryevent e USING cut
  WHERE e.school_id = %(school)s AND e.attempt_id = cut.id
  RETURNING e.attempt_id, e.status, e.reason, e.occurred_at, e.raw),
kept AS (
  INSERT INTO mailings_deliveryevent (school_id, attempt_id, status, reason, occurred_at, raw)
  SELECT DISTINCT ON (attempt_id, status, 5) %(school)s::bigint, attempt_id, status, reason,
    {_DAY.format(at="occurred_at")}, raw
  FROM heard ORDER BY attempt_id, status, 5, occurred_at)
SELECT count(*) FROM cut
"""  # noqa: S608 - constants of this module


def _overwrite_ledger(mailing_id: int) -> int:
    """Replace each hash and reference with random bytes, because the key of the hashes may still be in a backup."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_OVERWRITE, {"mailing": mailing_id, "page": PAGE})
            rows = int(cursor.rowcount)
        total += rows
        if rows < PAGE:
            return total


_OVERWRITE = f"""
UPDATE mailings_ledgerentry SET value_hash = decode(replace(gen_random_uuid()::text, '-', ''), 'hex'),
  reference = gen_random_uuid(), worker = '', changed_at = {_DAY.format(at="changed_at")}
WHERE id IN (SELECT id FROM mailings_ledgerentry
  WHERE mailing_id = %(mailing)s AND octet_length(value_hash) <> 16 LIMIT %(page)s)
"""  # noqa: S608 - constants of this module
