"""Jobs of the work engine: thin wrappers round actions. Synchronous, short, and safe to run twice.

A job that a dead worker left is re-queued by the sweep (`rescue`); running it again sends nothing twice, because
the ledger decides who may call.
"""

from __future__ import annotations

import os
import socket
import uuid
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from everyfamily.letters.queries import sealed_letter_by_id
from everyfamily.mailings import clock
from everyfamily.mailings.actions.deciding import PAGE, decide_page
from everyfamily.mailings.actions.mirroring import mirror_attempts
from everyfamily.mailings.actions.planning import begin_wave
from everyfamily.mailings.actions.receipts import record_receipts
from everyfamily.mailings.actions.rescue import settle_abandoned
from everyfamily.mailings.actions.sending import Sender, send_created
from everyfamily.mailings.bodies import Bodies
from everyfamily.mailings.carriers import carriers
from everyfamily.mailings.models import Mailing, MailingSchool
from everyfamily.mailings.queries import open_mailings, schools_with_work, waves_due
from everyfamily.people.queries import school_by_id
from everyfamily.people.tenancy import tenant

WORKER = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
"""This process in the ledger. New at every start, so that a reused process id is never taken for it."""

QUEUE = "mailings"
SWEEPS = "sweeps"


@app.task(name="begin_school", queue=QUEUE)
def begin_school(mailing_id: int, school_id: int) -> None:
    """The school's wave has come: plan it, then look at its deliveries."""
    begin_wave(mailing_id, school_id, clock.now())
    if MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id, state="sending").exists():
        look_at_school.defer(mailing_id=mailing_id, school_id=school_id)


@app.task(name="look_at_school", queue=QUEUE)
def look_at_school(mailing_id: int, school_id: int) -> None:
    """Decide and send one page of a school's due deliveries, and queue the next page if there is one.

    A withdrawn letter is not looked at: what is not yet sent of it stays unsent.
    """
    letter = sealed_letter_by_id(Mailing.objects.get(pk=mailing_id).letter_id)
    if letter is None:
        return
    now = clock.now()
    with tenant(school_id):
        # What a worker that died had sent, or another school's worker, is in the ledger and not yet here.
        mirror_attempts(school_id, now)
    looked_at = decide_page(mailing_id, school_id, now)
    bodies = Bodies(letter, school_by_id(school_id))
    send_created(mailing_id, school_id, bodies, Sender(carriers(), WORKER), now)
    if looked_at == PAGE:
        look_at_school.defer(mailing_id=mailing_id, school_id=school_id)


@app.periodic(cron="* * * * * */5")
@app.task(name="rescue", queue=SWEEPS, queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Re-queue jobs of dead workers and settle what they left in "sending"."""
    manager: Any = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=settings.EVERYFAMILY_STALLED_SECONDS):
        await manager.retry_job(job)
    await sync_to_async(settle)()


@app.periodic(cron="* * * * *")
@app.task(name="keep_going", queue=SWEEPS, queueing_lock="keep_going")
def keep_going(timestamp: int) -> None:
    """Every minute: take in receipts, begin the waves whose time has come, look at what fell due.

    Under a simulated clock whoever moves the clock does this, so that a run can be repeated.
    """
    if settings.EVERYFAMILY_CLOCK == "database":
        return
    now = clock.now()
    for carrier in set(carriers().values()):
        record_receipts(carrier.receipts(now), now)
    for mailing_id in open_mailings():
        for school_id in waves_due(mailing_id, now):
            begin_school.defer(mailing_id=mailing_id, school_id=school_id)
        for school_id in schools_with_work(mailing_id, now):
            look_at_school.defer(mailing_id=mailing_id, school_id=school_id)


def settle() -> dict[str, int]:
    """Settle what dead workers left; also called at a worker's start, so that nobody waits for the sweep."""
    return settle_abandoned(carriers(), clock.now())
