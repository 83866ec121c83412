"""Jobs of the work engine for accounts, which finds them through the settings' import paths."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from everyfamily.accounts.actions import invitation_mail
from everyfamily.accounts.actions.refusals import forget_refusals
from everyfamily.accounts.actions.schools.beside import let_in_beside
from everyfamily.accounts.actions.schools.joining import forget_who_asked
from everyfamily.accounts.actions.schools.mail import JOB, count_school_mail, send_school_mail
from everyfamily.accounts.actions.schools.mailboxes import put_in_force
from everyfamily.accounts.actions.sessions import forget_ended_sessions
from everyfamily.accounts.desk import drafts_by_mail
from everyfamily.accounts.queries import address_of_account
from everyfamily.channels.base import Carrier
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.screens import UntilItHasFailed
from everyfamily.mailings.installation import clock
from everyfamily.mailings.installation.carriers import carriers
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.work.actions import telling
from everyfamily.work.actions.outbox import QUEUE

_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name=JOB, queue=QUEUE, queueing_lock=JOB, retry=AGAIN)
def mail_to_schools(timestamp: int) -> None:
    """Every minute, and at once when somebody waits: emails about accounts to schools; mailboxes and second leads that
    waited."""
    put_in_force(clock.now())
    let_in_beside(clock.now())
    forget_who_asked(clock.now())
    _with_carrier(send_school_mail, count_school_mail, "about accounts")


@app.periodic(cron="* * * * *")
@app.task(name=invitation_mail.JOB, queue=QUEUE, queueing_lock=invitation_mail.JOB, retry=AGAIN)
def mail_links(timestamp: int) -> None:
    """Every minute, and at once when somebody is invited or let in again: the links that let people in."""
    _with_carrier(invitation_mail.send_links, invitation_mail.count_links, "with links to come in")


@app.periodic(cron="* * * * *")
@app.task(name=telling.JOB, queue=QUEUE, queueing_lock=telling.JOB, retry=AGAIN)
def tell_people(timestamp: int) -> None:
    """Every minute, and at once when something was done: emails to the people whom it concerns, at any hour."""

    def send(carrier: Carrier, now: datetime) -> None:
        pages = f"{settings.EVERYFAMILY_BASE_URL}/"
        post = telling.TellingPost(
            carrier, settings.EVERYFAMILY_SENDER, pages, address_of_account, why_not_carried
        )
        telling.send_told(post, now)

    _with_carrier(send, telling.count_told, "about what was done")


def _with_carrier(
    send: Callable[[Carrier, datetime], object], count: Callable[[datetime], int], about: str
) -> None:
    """Send, or say in the log how many wait and for what."""
    if Channel.EMAIL not in carriers():
        missing = "a carrier of email"
    elif not settings.EVERYFAMILY_BASE_URL:
        missing = "EVERYFAMILY_BASE_URL"
    else:
        send(carriers()[Channel.EMAIL], clock.now())
        return
    if waits := count(clock.now()):
        _log.warning("Emails %s do not go: this worker has no setting for %s. %s wait.", about, missing, waits)


@app.periodic(cron="17 * * * *")
@app.task(name="forget_ended_sessions", queue=QUEUE, queueing_lock="forget_ended_sessions")
def forget_sessions(timestamp: int) -> None:
    """Every hour. Sessions keep to the machine's own clock, in a demonstration too."""
    forget_ended_sessions(datetime.now(UTC))


@app.periodic(cron="23 * * * *")
@app.task(name="forget_refusals", queue=QUEUE, queueing_lock="forget_refusals")
def forget_old_refusals(timestamp: int) -> None:
    """Every hour, so that the next one does what one that lost the database left."""
    forget_refusals(clock.now())


@app.task(name=drafts_by_mail.JOB, queue=drafts_by_mail.QUEUE, retry=UntilItHasFailed())
def send_draft_to_its_author(work_id: int) -> None:
    """Somebody wants to see in their own inbox how a letter arrives."""
    drafts_by_mail.send_asked(work_id, carriers().get(Channel.EMAIL), clock.now)
