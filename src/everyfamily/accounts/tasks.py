"""Jobs of the work engine for accounts, which finds them through the settings' import paths."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from everyfamily.accounts.actions.schools.joining import forget_who_asked
from everyfamily.accounts.actions.schools.mail import JOB, QUEUE, count_waiting, send_school_mail
from everyfamily.accounts.actions.sessions import forget_ended_sessions
from everyfamily.accounts.desk import drafts_by_mail
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.edges.patience import AGAIN
from everyfamily.mailings.edges.screens import UntilItHasFailed
from everyfamily.mailings.installation import clock
from everyfamily.mailings.installation.carriers import carriers

_log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name=JOB, queue=QUEUE, queueing_lock=JOB, retry=AGAIN)
def mail_to_schools(timestamp: int) -> None:
    """Every minute, and at once when somebody waits: emails about accounts to schools."""
    forget_who_asked(clock.now())
    if Channel.EMAIL not in carriers():
        missing = "a carrier of email"
    elif not settings.EVERYFAMILY_BASE_URL:
        missing = "EVERYFAMILY_BASE_URL"
    else:
        send_school_mail(carriers()[Channel.EMAIL], clock.now())
        return
    if waits := count_waiting(clock.now()):
        _log.warning(
            "Emails about accounts do not go: this worker has no setting for %s. %s wait.", missing, waits
        )


@app.periodic(cron="17 * * * *")
@app.task(name="forget_ended_sessions", queue=QUEUE, queueing_lock="forget_ended_sessions")
def forget_sessions(timestamp: int) -> None:
    """Every hour. Sessions keep to the machine's own clock, in a demonstration too."""
    forget_ended_sessions(datetime.now(UTC))


@app.task(name=drafts_by_mail.JOB, queue=drafts_by_mail.QUEUE, retry=UntilItHasFailed())
def send_draft_to_its_author(work_id: int) -> None:
    """Somebody wants to see in their own inbox how a letter arrives."""
    drafts_by_mail.send_asked(work_id, carriers().get(Channel.EMAIL), clock.now)
