"""The one sender of email to people who work with the product, and to schools. None is sent twice, and none is lost
while it is still true.

Only the process that moved a row to *sending* calls, and that is committed before the call. What is done with a row is
one rule (core/sending/staff_mail.py). The matter's own module knows what is due, and what the email says now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.sending.staff_mail import (
    AGAIN,
    GIVEN_UP,
    NOT_NEEDED,
    UNSETTLED,
    WAITS,
    Next,
    next_of,
    status_of_error,
    stops,
)
from everyfamily.work.mail_rows import Mail

logger = logging.getLogger(__name__)

QUEUE = "sweeps"
"""Only a worker that sends has a carrier of email."""
type Within = Callable[[], AbstractContextManager[object]]
type Compose[M: Mail] = Callable[[M], Message | str | None]
"""What a row says now: the message, NOT_NEEDED if that is not true any more, or None if it may not go now. It is asked
inside the transaction that moves the row."""


def alone() -> AbstractContextManager[object]:
    """A transaction that is committed when it ends, and not with another one."""
    return transaction.atomic(durable=True)


@dataclass(slots=True)
class Run:
    """One run over emails that wait, and what it did, in numbers of emails."""

    carrier: Carrier
    now: datetime
    most: int | None = None
    """Calls, because families' letters wait behind it."""
    answers: list[AttemptStatus] = field(default_factory=list)
    """What became of each call."""
    dropped: int = 0
    """Not sent, because what they would say is over."""
    lost: int = 0
    """Called by an earlier run that died."""
    no_mailbox: int = 0
    """Schools that nobody can write to."""

    @property
    def sent(self) -> int:
        """Taken by the mail server."""
        return self.answers.count(AttemptStatus.ACCEPTED)

    @property
    def unknown(self) -> int:
        """Nobody knows whether they went."""
        return self.answers.count(AttemptStatus.UNKNOWN) + self.lost

    @property
    def failed(self) -> int:
        """The address is dead, or the server would not take them now."""
        return len(self.answers) - self.sent - self.answers.count(AttemptStatus.UNKNOWN)

    @property
    def broken(self) -> bool:
        """The mail server refuses us, and a person must look."""
        return AttemptStatus.TECHNICAL_FAILURE in self.answers

    @property
    def is_over(self) -> bool:
        """Whether the rest goes with the next run."""
        return stops(self.answers) or (self.most is not None and len(self.answers) >= self.most)

    def send_all[M: Mail](self, rows: QuerySet[M], compose: Compose[M], *, first: str = "changed_at") -> None:
        """Do what is due for these rows. What was tried longest ago comes first, so that no row holds up the others."""
        for pk in list(unsettled(rows).order_by(first, "changed_at", "id").values_list("pk", flat=True)):
            if self.is_over:
                return
            self.send(rows.filter(pk=pk), compose)

    def send[M: Mail](self, rows: QuerySet[M], compose: Compose[M], within: Within = alone) -> None:
        """Do what is due for the one row that is found in `within`: send it, settle it, or leave it."""
        with within():
            # Another worker may be looking at it.
            row = rows.select_for_update(of=("self",), skip_locked=True).first()
            message = self._claimed(row, compose) if row is not None else None
        if row is None or message is None:
            return
        status = call(lambda: self.carrier.send([message], self.now)[0])
        with within():
            record(rows.model._default_manager.filter(pk=row.pk), status, self.now)
        self.answers.append(status)

    def _claimed[M: Mail](self, row: M, compose: Compose[M]) -> Message | None:
        made: Message | str | None = None
        match next_of(row.facts(), self.now):
            case Next.SEND:
                made = compose(row)
                self.dropped += made == NOT_NEEDED
            case Next.LOSE:
                made = AttemptStatus.UNKNOWN.value
                self.lost += 1
            case Next.GIVE_UP:
                made = GIVEN_UP
        if made is None:
            return None
        row.status, row.changed_at = made if isinstance(made, str) else AttemptStatus.SENDING.value, self.now
        row.save(update_fields=["status", "changed_at"])
        return made if isinstance(made, Message) else None


def unsettled[M: Mail](rows: QuerySet[M]) -> QuerySet[M]:
    """Those that wait, or whose call has not ended."""
    return rows.filter(status__in=UNSETTLED)


def settle(rows: QuerySet[Any], now: datetime) -> int:
    """For rows that no run goes through: calls of a worker that died become unknown. Returns how many there were."""
    called = rows.filter(status=AttemptStatus.SENDING.value)
    lost = [row.pk for row in called if next_of(row.facts(), now) is Next.LOSE]
    return called.filter(pk__in=lost).update(status=AttemptStatus.UNKNOWN.value, changed_at=now)


def count_waiting(rows: QuerySet[Any], now: datetime) -> int:
    """How many would be sent, now or at their next try."""
    waiting = rows.filter(status__in=WAITS)
    return sum(next_of(row.facts(), now) is not Next.GIVE_UP for row in waiting)


def call(do: Callable[[], Submission]) -> AttemptStatus:
    """What a call makes of an email. Whatever it raises is a status: the words of a fault may hold an address."""
    try:
        return do().status
    except EveryfamilyError as problem:
        return status_of_error(problem.code)
    except Exception as problem:
        logger.error("A call to the carrier of email failed with %s.", type(problem).__name__)
        return status_of_error(None)


def record(rows: QuerySet[Any], status: AttemptStatus, now: datetime) -> None:
    """Note what a call came to. A late answer counts too, but makes nothing go again that was taken for unknown."""
    mine = [AttemptStatus.SENDING.value, *(() if status in AGAIN else (AttemptStatus.UNKNOWN.value,))]
    rows.filter(status__in=mine).update(status=status.value, changed_at=now)


def wake(job: str) -> None:
    """Once what was recorded is committed, have a worker do this job: somebody waits for the email."""
    transaction.on_commit(partial(_queue, job))


def _queue(job: str) -> None:
    with suppress(AlreadyEnqueued):  # the job that waits sends this one too
        app.configure_task(job, queue=QUEUE, queueing_lock=f"{job} soon").defer(timestamp=0)
