"""The work engine's job for mail about desks, which it finds through the settings' import paths."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from everyfamily.accounts.desk.mail import Post, write_mail
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.edges.post_to_schools import school_days
from everyfamily.mailings.edges.tasks import SWEEPS
from everyfamily.mailings.installation import clock
from everyfamily.mailings.installation.carriers import carriers

AT_ONCE = 50
"""Emails of one job, because families' letters wait behind it."""


@app.periodic(cron="* * * * *")
@app.task(name="write_desk_mail", queue=SWEEPS, queueing_lock="write_desk_mail", lock="write_desk_mail")
def write_desk_mail(timestamp: int) -> None:
    """Every minute: what is urgent, and once a school day from 8am the digest, if the address of the
    pages is known."""
    if settings.EVERYFAMILY_CLOCK == "database":
        return
    if not settings.EVERYFAMILY_BASE_URL or Channel.EMAIL not in carriers():
        return
    now = clock.now()
    post = Post(
        carriers()[Channel.EMAIL],
        settings.EVERYFAMILY_SENDER,
        f"{settings.EVERYFAMILY_BASE_URL}/",
        school_days()(now.astimezone(LONDON).date()),
    )
    write_mail(post, now, most=AT_ONCE)
