"""Emails about accounts to schools. They are recorded with what they tell, and work/actions/outbox.py sends them."""

from __future__ import annotations

from datetime import datetime

from everyfamily.accounts.actions.schools.letters import body_of
from everyfamily.accounts.models import SchoolMail
from everyfamily.channels.base import Carrier, Message
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.sending.staff_mail import NOT_NEEDED
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.people.queries import schools_by_id
from everyfamily.work.actions.outbox import Run, count_waiting, unsettled, wake

JOB = "mail_to_schools"


def send_soon() -> None:
    """Once what was recorded is committed, wake the worker: somebody waits for a code."""
    wake(JOB)


def send_school_mail(carrier: Carrier, now: datetime, *, most: int = 50) -> Run:
    """Send what was recorded and not sent yet, at most this many. Raises SecretKeyMissing."""
    run, rows = Run(carrier, now, most), SchoolMail.objects.all()
    schools = schools_by_id(unsettled(rows).values_list("school_id", flat=True))

    def compose(row: SchoolMail) -> Message | str | None:
        school = schools[row.school_id]
        if why_not_carried(demonstration=school.demonstration) is not None:
            return None
        letter = body_of(row, school, now)
        if letter is None:
            return NOT_NEEDED
        to, body = letter
        return Message(Channel.EMAIL, str(row.reference), body, to=to)

    run.send_all(rows, compose)
    return run


def count_school_mail(now: datetime) -> int:
    """How many emails were recorded and wait."""
    return count_waiting(SchoolMail.objects.all(), now)
