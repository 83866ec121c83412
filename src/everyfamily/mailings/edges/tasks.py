"""Jobs of the work engine: thin wrappers round actions. Synchronous, short, and safe to run twice.

Jobs that a dead worker left are queued again by the sweep (`rescue`). Running one again sends nothing twice, because
the ledger decides who may call.
"""

from __future__ import annotations

import logging
import os
import socket
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.actions.ending.keeping import purge_due
from everyfamily.mailings.actions.ending.withdrawing import wind_down_withdrawn
from everyfamily.mailings.actions.guards.sendable import pause, sendable_letter
from everyfamily.mailings.actions.guards.tripwire import Tripwire
from everyfamily.mailings.actions.paper.hand_outs import ask_leads
from everyfamily.mailings.actions.planning.planning import (
    begin_wave,
    close_attested_tasks,
    close_tasks_decided_since,
    plan_again,
)
from everyfamily.mailings.actions.planning.take_outs import keep_up
from everyfamily.mailings.actions.returns.reminders import remind_schools
from everyfamily.mailings.actions.sending.asking import Asking
from everyfamily.mailings.actions.sending.deciding import PAGE, decide_page
from everyfamily.mailings.actions.sending.mirroring import mirror_attempts
from everyfamily.mailings.actions.sending.receipts import record_receipts
from everyfamily.mailings.actions.sending.rescue import forget_beats_of_the_future, settle_abandoned
from everyfamily.mailings.actions.sending.sending import Sender, send_created
from everyfamily.mailings.actions.telling.briefings import write_briefings
from everyfamily.mailings.actions.telling.school_notices import tell_schools
from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.post_to_schools import post_to_schools, school_days
from everyfamily.mailings.edges.replies import look_at_replies
from everyfamily.mailings.edges.rescuing import queue_again_what_died
from everyfamily.mailings.installation import clock
from everyfamily.mailings.installation.carriers import carriers, outbox
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.mailings.messages.bodies import Bodies
from everyfamily.mailings.models import MailingSchool
from everyfamily.mailings.queries.hours import sends_from
from everyfamily.mailings.queries.looks import SchoolLook, look_at
from everyfamily.mailings.queries.mailings import (
    attested_since_the_close,
    decided_since,
    open_mailings,
    schools_with_work,
    waves_due,
)
from everyfamily.mailings.queries.returns import mailings_with_returns
from everyfamily.people.actions.decided.ended_orders import ask_about_ended_orders
from everyfamily.people.database.tenancy import tenant

WORKER = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
"""This process's name in the ledger. It is new at every start, so that a reused process id is never mistaken for it."""

logger = logging.getLogger(__name__)

TRIPWIRE = Tripwire(WORKER)
"""Whether the database knows about everything that was sent (guards/tripwire.py)."""

ASKING = Asking()
"""How far this process is in its round of questions to carriers."""

QUEUE = "mailings"
SWEEPS = "sweeps"
LETTERS_TO_SCHOOLS = 50
"""In one job, because families' letters wait behind it."""


@app.task(name="begin_school", queue=QUEUE, retry=AGAIN)
def begin_school(mailing_id: int, school_id: int) -> None:
    """The school's wave has come: plan it, then look at its deliveries. Outside the hours it begins when the next hours
    do."""
    now = clock.now()
    if sends_from(mailing_id, school_id, now) > now:
        return
    begin_wave(mailing_id, school_id, now)
    if MailingSchool.objects.filter(mailing_id=mailing_id, school_id=school_id, state="sending").exists():
        queue_look(mailing_id, school_id)


@app.task(name="look_at_school", queue=QUEUE, retry=AGAIN)
def look_at_school(mailing_id: int, school_id: int) -> None:
    """Plan what is new, decide and send one page of a school's due deliveries, and queue the next page if there is one.
    A withdrawn letter is not looked at, and a letter that may no longer be printed pauses the mailing. Outside the
    hours for letters, news is recorded and nothing is sent."""
    now = clock.now()
    letter = sendable_letter(mailing_id, now)
    if letter is None:
        return
    with tenant(school_id):
        # What a dead worker, or another school's worker, had sent is in the ledger but not here yet.
        mirror_attempts(school_id, now)
    look = look_at(mailing_id, school_id, now)
    if not plan_again(look):
        return
    if (what := _why_not_by_these_carriers(look, demonstration=letter.demonstration)) is not None:
        pause(mailing_id, what, kind="carrier", now=now)
        return
    opening = look.sends_from
    looked_at = decide_page(look, sends_from=opening)
    if opening <= now:
        sender = Sender(carriers(), WORKER, TRIPWIRE)
        sent = send_created(look, Bodies(letter, look.school), sender, until=look.sends_until)
        if not sent.is_done:
            queue_look(mailing_id, school_id, seconds=1)
            return
    if looked_at == PAGE:
        queue_look(mailing_id, school_id)


def _why_not_by_these_carriers(look: SchoolLook, *, demonstration: bool) -> str | None:
    """Why this worker's carriers may not have the mailing's letters, as the reason for a pause. None if they may."""
    if (what := why_not_carried(demonstration=demonstration)) is not None:
        return what
    if look.lacks_rehearsal_list:
        return "This is a rehearsal, and a worker was started without EVERYFAMILY_REHEARSAL."
    return None


def queue_begin(mailing_id: int, school_id: int) -> None:
    """Queue the beginning of a school's wave, unless one is already waiting. One that could not begin tries again by
    itself."""
    with suppress(AlreadyEnqueued):
        begin_school.configure(queueing_lock=f"begin {mailing_id} {school_id}").defer(
            mailing_id=mailing_id, school_id=school_id
        )


def queue_look(mailing_id: int, school_id: int, *, seconds: int = 0) -> None:
    """Queue a look at a school, after this many seconds, unless one is already waiting."""
    with suppress(AlreadyEnqueued):
        look_at_school.configure(
            queueing_lock=f"look {mailing_id} {school_id}", schedule_in={"seconds": seconds} if seconds else None
        ).defer(mailing_id=mailing_id, school_id=school_id)


@app.periodic(cron="* * * * * */5")
@app.task(name="rescue", queue=SWEEPS, queueing_lock="rescue", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Queue jobs of dead workers again and settle what they left in "sending"."""
    await _in_the_thread_of_jobs(forget_beats_of_the_future)
    await queue_again_what_died(context, stalled=settings.EVERYFAMILY_STALLED_SECONDS)
    await _in_the_thread_of_jobs(settle)


async def _in_the_thread_of_jobs(work: Callable[[], object]) -> None:
    """A worker does one job at a time, on one connection. Another thread would open a second."""

    def with_a_whole_connection() -> None:
        close_old_connections()
        work()

    await sync_to_async(with_a_whole_connection, thread_sensitive=False)()


@app.periodic(cron="* * * * *")
@app.task(name="keep_going", queue=SWEEPS, queueing_lock="keep_going")
def keep_going(timestamp: int) -> None:
    """Every minute: record receipts, begin the waves whose time has come, and look at what is due.

    Under a simulated clock, the code that moves the clock does this, so that a run can be repeated.
    """
    if settings.EVERYFAMILY_CLOCK == "database":
        return
    now = clock.now()
    take_in_receipts(now)
    wind_down_withdrawn(now)
    queue_what_is_due(now)


def queue_what_is_due(now: datetime) -> None:
    """Close the tasks that somebody's decision settled, look after those for paper on its way, begin the waves whose
    time has come, and look at every school where something is due."""
    for mailing_id, school_id in decided_since():
        close_tasks_decided_since(mailing_id, school_id, now)
    for school_id in attested_since_the_close():
        close_attested_tasks(school_id, now)
    keep_up(now)
    for mailing_id in open_mailings():
        for school_id in waves_due(mailing_id, now):
            queue_begin(mailing_id, school_id)
        for school_id in schools_with_work(mailing_id, now):
            queue_look(mailing_id, school_id)


def take_in_receipts(now: datetime) -> None:
    """Record the carriers' news. If one carrier's mailbox or server does not answer, it does not hold up the others."""
    for carrier in set(carriers().values()):
        try:
            record_receipts(carrier.receipts(now), now)
            carrier.acknowledge()
        except EveryfamilyError as problem:
            logger.warning("The receipts of %s could not be read (%s).", carrier.name, problem.code)
        # A fault of ours in reading one carrier must not hold the waves back. The message may hold an address.
        except Exception as problem:
            logger.error("Reading the receipts of %s failed with %s.", carrier.name, type(problem).__name__)


@app.periodic(cron="*/5 * * * *")
@app.task(name="ask_carriers", queue=SWEEPS, queueing_lock="ask_carriers")
def ask_carriers(timestamp: int) -> None:
    """Every five minutes: ask about messages that are unknown or have no news, if a carrier can be asked."""
    if settings.EVERYFAMILY_CLOCK != "database":
        ASKING.go_on(carriers(), clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="answer_replies", queue=SWEEPS, queueing_lock="answer_replies", lock="answer_replies")
def answer_replies(timestamp: int) -> None:
    """Every minute: an automatic answer to each new reply, if this installation reads its mailbox."""
    if settings.EVERYFAMILY_CLOCK != "database":
        look_at_replies(clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="remind_schools", queue=SWEEPS, queueing_lock="remind_schools")
def remind_of_returns(timestamp: int) -> None:
    """Every ten minutes: links and reminders to schools that send the letter themselves, if this installation has a
    page."""
    if settings.EVERYFAMILY_CLOCK == "database" or not settings.EVERYFAMILY_BASE_URL:
        return
    now = clock.now()
    for mailing_id in mailings_with_returns(now.astimezone(LONDON).date()):
        remind_schools(mailing_id, post_to_schools(settings.EVERYFAMILY_BASE_URL), now, most=LETTERS_TO_SCHOOLS)


@app.periodic(cron="* * * * *")
@app.task(name="tell_schools", queue=SWEEPS, queueing_lock="tell_schools")
def tell_schools_of_withdrawals(timestamp: int) -> None:
    """Every minute, at any hour: a letter to the mailbox of each school that must stop sending or bin copies. On school
    days: the staff briefing to each that is due it."""
    if settings.EVERYFAMILY_CLOCK != "database" and Channel.EMAIL in carriers():
        tell_schools(carriers()[Channel.EMAIL], clock.now(), most=LETTERS_TO_SCHOOLS)


@app.periodic(cron="*/10 * * * *")
@app.task(name="write_briefings", queue=SWEEPS, queueing_lock="write_briefings", retry=AGAIN)
def write_briefings_for_schools(timestamp: int) -> None:
    """Every ten minutes, in office hours: the staff briefing for each school whose families get a letter in two school
    days."""
    if settings.EVERYFAMILY_CLOCK != "database":
        write_briefings(school_days(), clock.now())


@app.periodic(cron="40 6 * * *")
@app.task(name="ask_for_hand_outs", queue=SWEEPS, queueing_lock="ask_for_hand_outs", retry=AGAIN)
def ask_for_hand_outs(timestamp: int) -> None:
    """Every morning: a task for the lead of each school with classes that have not said what they handed out."""
    if settings.EVERYFAMILY_CLOCK != "database":
        ask_leads(clock.now())


@app.periodic(cron="10 * * * *")
@app.task(name="ask_about_ended_orders", queue=SWEEPS, queueing_lock="ask_about_ended_orders", retry=AGAIN)
def ask_about_ended(timestamp: int) -> None:
    """Every hour, so that a day on which no worker ran in the morning is not lost: a task for the lead where a court
    order, or what else kept an adult away, has ended."""
    if settings.EVERYFAMILY_CLOCK != "database":
        ask_about_ended_orders(clock.now())


@app.periodic(cron="20 3 * * *")
@app.task(name="purge", queue=SWEEPS, queueing_lock="purge", retry=AGAIN)
def purge(timestamp: int) -> None:
    """Every night: delete what no mailing needs any more (docs/howto/close-and-purge.md)."""
    if settings.EVERYFAMILY_CLOCK != "database":
        purge_due(clock.now(), outbox=outbox())


def settle() -> dict[str, int]:
    """Settle what dead workers left. This also runs at a worker's start, so that nobody waits for the sweep."""
    TRIPWIRE.keep_on()
    # A worker does one job at a time. While it settles it calls nobody, and anything with its own name was left by a
    # call whose answer could not be recorded.
    return settle_abandoned(carriers(), clock.now(), own=WORKER)
