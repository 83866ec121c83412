"""Emails about accounts to schools: recorded with what they tell, committed, and then sent by a worker.

None is sent twice. A call that has not ended after an hour is *unknown* and not sent again. What the mail server would
not take is tried again after ten minutes, because nothing had left.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from everyfamily.accounts.actions.schools.letters import body_of
from everyfamily.accounts.models import SchoolMail
from everyfamily.channels.base import Carrier, Message
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer, NotOnRehearsalList
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily.mailings.installation.stand_ins import why_not_carried
from everyfamily.people.queries import SchoolFacts, schools_by_id

JOB = "mail_to_schools"
QUEUE = "sweeps"
AN_HOUR = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=3)
_AGAIN = (AttemptStatus.REFUSED.value, AttemptStatus.TECHNICAL_FAILURE.value)


@dataclass(slots=True)
class Mailed:
    """What one run did, in numbers of emails."""

    sent: int = 0
    failed: int = 0
    dropped: int = 0
    """Told of something that is over."""


def send_soon() -> None:
    """Once what was recorded is committed, wake the worker: somebody waits for a code."""
    transaction.on_commit(partial(_queue))


def _queue() -> None:
    with suppress(AlreadyEnqueued):  # the job that waits sends this one too
        app.configure_task(JOB, queue=QUEUE, queueing_lock=f"{JOB} soon").defer(timestamp=0)


def send_school_mail(carrier: Carrier, now: datetime, *, most: int = 50) -> Mailed:
    """Send what was recorded and not sent yet, at most this many. Raises SecretKeyMissing."""
    done = Mailed()
    SchoolMail.objects.filter(status=AttemptStatus.SENDING.value, changed_at__lte=now - AN_HOUR).update(
        status=AttemptStatus.UNKNOWN.value, changed_at=now
    )
    rows = list(_waiting(now).select_related("invitation", "reset__account", "account").order_by("id")[:most])
    schools = schools_by_id(row.school_id for row in rows)
    for row in rows:
        status = _send(row, schools, carrier, now)
        done.sent += status is AttemptStatus.ACCEPTED
        done.dropped += status is None
        done.failed += status not in (AttemptStatus.ACCEPTED, None)
        if status in (AttemptStatus.TECHNICAL_FAILURE, AttemptStatus.UNKNOWN):
            break  # the server refuses us or does not answer: the rest goes with the next run
    return done


def count_waiting(now: datetime) -> int:
    """How many emails were recorded and would be sent now."""
    return _waiting(now).count()


def _waiting(now: datetime) -> QuerySet[SchoolMail]:
    again = Q(status__in=_AGAIN, changed_at__lte=now - AGAIN_AFTER, written_at__gt=now - GIVEN_UP_AFTER)
    return SchoolMail.objects.filter(Q(status=AttemptStatus.CREATED.value) | again)


def _send(
    row: SchoolMail, schools: Mapping[int, SchoolFacts], carrier: Carrier, now: datetime
) -> AttemptStatus | None:
    school = schools[row.school_id]
    if why_not_carried(demonstration=school.demonstration) is not None:
        return AttemptStatus.REFUSED  # the wrong carriers for this school: nothing is called, and nothing is lost
    letter = body_of(row, school, now)
    if not _waiting(now).filter(pk=row.pk).update(status=AttemptStatus.SENDING.value, changed_at=now):
        return None
    status = AttemptStatus.PERMANENT_FAILURE  # of something that is over: there is nothing to say
    if letter is not None:
        to, body = letter
        status = _call(carrier, Message(Channel.EMAIL, str(row.reference), body, to=to), now)
    SchoolMail.objects.filter(pk=row.pk).update(status=status.value, changed_at=now)
    return None if letter is None else status


def _call(carrier: Carrier, message: Message, now: datetime) -> AttemptStatus:
    try:
        return carrier.send([message], now)[0].status
    except CarrierRefused:
        return AttemptStatus.REFUSED
    except NotOnRehearsalList:
        return AttemptStatus.PERMANENT_FAILURE
    except CarrierBroken:
        return AttemptStatus.TECHNICAL_FAILURE
    except NoAnswer:
        return AttemptStatus.UNKNOWN
