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
from procrastinate import JobContext
from procrastinate.contrib.django import app

from everyfamily.letters.queries import sealed_letter_by_id
from everyfamily.mailings import clock
from everyfamily.mailings.actions.deciding import PAGE, decide_page
from everyfamily.mailings.actions.mirroring import mirror_attempts
from everyfamily.mailings.actions.planning import begin_wave
from everyfamily.mailings.actions.rescue import settle_abandoned
from everyfamily.mailings.actions.sending import Sender, send_created
from everyfamily.mailings.bodies import Bodies
from everyfamily.mailings.carriers import carriers
from everyfamily.mailings.models import Mailing, MailingSchool
from everyfamily.people.queries import school_by_id
from everyfamily.people.tenancy import tenant

WORKER = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
"""This process in the ledger. New at every start, so that a reused process id is never taken for it."""

QUEUE = "mailings"


@app.task(name="begin_school", queue=QUEUE)
def begin_school(mailing_id: int, school_id: int) -> None:
    """The school's wave has come: plan it, then look at its deliveries."""
    begin_wave(mailing_id, school_id, clock.now())
    if MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id, state="sending").exists():
        look_at_school.defer(mailing_id=mailing_id, school_id=school_id)


@app.task(name="look_at_school", queue=QUEUE)
def look_at_school(mailing_id: int, school_id: int) -> None:
    """Decide and send for one school, a page at a time, until nothing of it is due."""
    mailing = Mailing.objects.get(pk=mailing_id)
    bodies = Bodies(sealed_letter_by_id(mailing.letter_id), school_by_id(school_id))
    sender = Sender(carriers(), WORKER)
    with tenant(school_id):
        # What a worker that died had sent, or another school's worker, is in the ledger and not yet here.
        mirror_attempts(school_id, clock.now())
    while True:
        now = clock.now()
        looked_at = decide_page(mailing_id, school_id, now)
        send_created(mailing_id, school_id, bodies, sender, now)
        if looked_at < PAGE:
            return


@app.periodic(cron="*/1 * * * * */10")
@app.task(name="rescue", queue="rescue", queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Re-queue jobs of dead workers and settle what they left in "sending"."""
    manager: Any = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
    await sync_to_async(settle)()


def settle() -> dict[str, int]:
    """Settle what dead workers left; also called at a worker's start, so that nobody waits for the sweep."""
    return settle_abandoned(carriers(), clock.now())
