"""A sealed letter is withdrawn: what no carrier has yet is not sent by any worker, and what was sent stays on record.

The letter and its mailing are marked in one transaction, so each later claim (sending.py) finds nothing to take. Then
it waits for every claim in progress. Then, school by school, what was recorded and never called is taken back, each
delivery that waits for nothing gets the state that its attempts prove, and tasks that nobody needs any more are closed.
A task about a restriction outlives the letter. What a carrier has is waited for as before: its receipts come in, and
the worker's sweep handles what they leave (`wind_down_withdrawn`). So a crash in between leaves nothing unfinished.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.channels.post.stop_notices import StoppedPrint, stop_print
from everyfamily.core.actors import Actor
from everyfamily.core.agreement.two_people import Act
from everyfamily.letters.actions.askings import agree, agree_with, end_askings
from everyfamily.letters.actions.sealed_letters import Withdrawal, withdraw_letter
from everyfamily.mailings.actions.ending.closing import ABOUT_A_FAMILY
from everyfamily.mailings.actions.ending.deadlocks import again_after_deadlock
from everyfamily.mailings.actions.guards.claims_under_way import wait_for_claims
from everyfamily.mailings.actions.paper.bin_tasks import BIN_COPIES, settle_bin_task
from everyfamily.mailings.actions.sending.mirroring import mirror_attempts
from everyfamily.mailings.actions.telling.school_notices import BIN, STOP, write_notice
from everyfamily.mailings.installation.carriers import outbox
from everyfamily.mailings.models import Mailing, MailingSchool, MailingTask, PersonTask
from everyfamily.mailings.queries.had_letter import SchoolToTell, SchoolWithCopies, who_had
from everyfamily.mailings.queries.mailings import planner_rows
from everyfamily.people.database.tenancy import tenant

_BY = Actor.worker("letter withdrawn")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What happened with a withdrawn letter. Counts are for the whole mailing, even if the command is repeated."""

    letter: Withdrawal
    mailing_id: int | None = None
    """None if it was never mailed."""
    was_closed: bool = False
    had: Mapping[str, int] = field(default_factory=dict)
    """Channel -> adults with a message that a carrier accepted and that did not come back."""
    perhaps: int = 0
    """Adults for whom nobody knows whether their message was sent."""
    stopped: int = 0
    """Adults who were meant to have it and to whom nothing was sent."""
    schools_not_begun: int = 0
    """Schools with a wave that had not begun. They have no adults in the counts above."""
    tasks_closed: int = 0
    """In this run."""
    to_tell: tuple[SchoolToTell, ...] = ()
    to_bin: tuple[SchoolWithCopies, ...] = ()
    """Schools with copies for classes that nobody has said were handed over."""
    in_print: StoppedPrint = field(default_factory=StoppedPrint)
    """Letters in this machine's print folder. They count as had until the print house says that it stopped them."""


def withdraw(
    reference: str,
    *,
    why: str,
    by: Actor,
    now: datetime,
    asked: int | None = None,
    agreed_by: Actor | None = None,
) -> Withdrawn:
    """Withdraw a letter and stop its mailing. Returns who has it, who does not, and which schools must be told.

    `asked` is what somebody else asked for (actions/ending/asking.py) and `by` agrees to. On the machine itself
    `agreed_by` agrees. Raises LetterNotKnown, MoveNotAllowed, AskingOver and AnotherPersonNeeded; and ClaimsUnderWay if
    it is withdrawn but a call may still begin. Safe to repeat, even by two people at once: the first is on record.
    """
    letter, mailing = _mark(reference, why=why, by=by, now=now, asked=asked, agreed_by=agreed_by)
    if mailing is None:
        return Withdrawn(letter)
    if mailing.state == "withdrawn":
        # Before anything is waited for: schools that send the letter themselves are told, whatever happens to this
        # command.
        for school_id in _send_themselves(mailing.pk):
            with tenant(school_id):
                write_notice(mailing.pk, school_id, STOP, now)
    wait_for_claims("The letter is withdrawn")
    closed = 0
    if mailing.state == "withdrawn":
        for school_id in _schools_of(mailing.pk):
            # Workers that settle the same school may hold what this waits for, and wait for what this holds.
            closed += again_after_deadlock(partial(wind_down, mailing.pk, school_id, now))
        closed += _close_mailing_tasks(mailing.pk, now)
    in_print = stop_print(outbox() / "print", reference, now)
    return _result(reference, letter, mailing, closed, in_print)


def _mark(
    reference: str, *, why: str, by: Actor, now: datetime, asked: int | None, agreed_by: Actor | None
) -> tuple[Withdrawal, Mailing | None]:
    with transaction.atomic(durable=True):
        if asked is not None:
            agree(asked, Act.WITHDRAW, by=by, now=now)
        elif agreed_by is not None:
            agree_with(reference, Act.WITHDRAW, by, agreed_by, now)
        letter = withdraw_letter(reference, by=by, now=now, why=why)
        end_askings(reference, by=by, now=now)
        mailings = Mailing.objects.select_for_update(no_key=True)
        # For late joiners a letter is mailed again, each time after the mailing before it was closed.
        of_letter = mailings.filter(letter_id=letter.letter_id).order_by("id")
        mailing = of_letter.exclude(state="closed").first() or of_letter.first()
        if mailing is not None and mailing.state not in ("withdrawn", "closed"):
            was, mailing.state, mailing.paused_reason = mailing.state, "withdrawn", why[:120]
            mailing.save(update_fields=["state", "paused_reason"])
            record_event(
                action="withdraw mailing",
                by=by,
                subject_type="mailing",
                subject_id=mailing.pk,
                now=now,
                detail={"was": was, "why": why},
            )
    return letter, mailing


def _schools_of(mailing_id: int) -> list[int]:
    ours = MailingSchool.objects.filter(mailing_id=mailing_id).exclude(state="sends itself")
    return list(ours.order_by("school_id").values_list("school_id", flat=True))


def _send_themselves(mailing_id: int) -> list[int]:
    theirs = MailingSchool.objects.filter(mailing_id=mailing_id, state="sends itself")
    return list(theirs.exclude(school__status="closed").order_by("school_id").values_list("school_id", flat=True))


def wind_down(mailing_id: int, school_id: int, now: datetime) -> int:
    """Leave nothing of a withdrawn mailing at one school that waits for a call. Returns how many tasks were closed."""
    with tenant(school_id):
        mirror_attempts(school_id, now)
        values: dict[str, Any] = {"mailing": mailing_id, "school": school_id, "now": now}
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_BACK, values)
            cursor.execute(_SETTLE, values)
        # The withdrawal came before this wave, so nobody at the school is written to any more.
        MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id, state="planned").update(
            state="held"
        )
        if settle_bin_task(mailing_id, school_id, by=_BY, now=now):
            write_notice(mailing_id, school_id, BIN, now)
        left = PersonTask.objects.filter(mailing_id=mailing_id, school_id=school_id, closed_at=None)
        closed = left.exclude(kind__in=(*ABOUT_A_FAMILY, BIN_COPIES)).update(closed_at=now, closed_by=_BY.text)
        if closed:
            record_event(
                action="close tasks",
                by=Actor.worker("everyfamily"),
                subject_type="mailing",
                subject_id=mailing_id,
                now=now,
                school_id=school_id,
                detail={"tasks": closed, "why": _BY.text},
            )
        return closed


_TAKE_BACK = """
-- What a carrier is being given, or has, stays on record.
DELETE FROM mailings_attempt t USING mailings_delivery d, mailings_ledgerentry l
WHERE t.school_id = %(school)s AND t.status = 'created' AND l.id = t.ledger_id AND l.status IN ('created', 'refused')
  AND d.school_id = t.school_id AND d.id = t.delivery_id AND d.mailing_id = %(mailing)s
"""
_SETTLE = """
UPDATE mailings_delivery d SET state = e.at_withdrawal, next_look_at = NULL FROM mailings_delivery_proof e
WHERE d.school_id = %(school)s AND d.id = e.id
  AND e.mailing_id = %(mailing)s AND e.school_id = %(school)s AND e.state IN ('planned', 'on its way')
  -- Not its ledger's word: the call may have ended since it was read.
  AND NOT e.is_under_way AND NOT (e.may_fail AND coalesce(e.next_look_at > %(now)s, false))
"""


def _close_mailing_tasks(mailing_id: int, now: datetime) -> int:
    return MailingTask.objects.filter(mailing_id=mailing_id, closed_at=None).update(
        closed_at=now, closed_by=_BY.text
    )


def wind_down_withdrawn(now: datetime) -> int:
    """Handle what receipts and dead workers left of withdrawn mailings. Returns at how many schools."""
    for reference in Mailing.objects.filter(state="withdrawn").values_list("letter__reference", flat=True):
        # A press was running when it was withdrawn, or another machine withdrew it and this machine has a folder too.
        stop_print(outbox() / "print", reference, now)
    left = planner_rows(_LEFT_OVER, {"now": now})
    for mailing_id, school_id in left:
        wind_down(mailing_id, school_id, now)
    return len(left)


_LEFT_OVER = """
SELECT m.id, p.school_id FROM mailings_mailing m JOIN mailings_mailingschool p ON p.mailing_id = m.id
WHERE m.state = 'withdrawn' AND p.state <> 'sends itself' AND (
  p.state = 'planned'
  OR EXISTS (SELECT 1 FROM mailings_delivery d
    WHERE d.mailing_id = m.id AND d.school_id = p.school_id AND d.state IN ('planned', 'on its way')
      AND (d.next_look_at IS NULL OR d.next_look_at <= %(now)s))
  OR EXISTS (SELECT 1 FROM mailings_attempt t
    JOIN mailings_ledgerentry l ON l.id = t.ledger_id
    WHERE l.mailing_id = m.id AND t.school_id = p.school_id
      AND (t.status = 'created' OR (t.status <> l.status AND l.status NOT IN ('created', 'sending')))))
ORDER BY 1, 2
"""


def _result(
    reference: str, letter: Withdrawal, mailing: Mailing, tasks_closed: int, in_print: StoppedPrint
) -> Withdrawn:
    had = who_had(reference)
    assert had is not None  # it has this mailing
    return Withdrawn(
        letter,
        mailing.pk,
        was_closed=mailing.state == "closed",
        had=had.had,
        perhaps=had.perhaps,
        stopped=had.stopped,
        schools_not_begun=had.schools_not_begun,
        tasks_closed=tasks_closed,
        to_tell=had.to_tell,
        to_bin=had.to_bin,
        in_print=in_print,
    )
