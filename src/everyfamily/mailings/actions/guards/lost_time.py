"""A letter that is mailed again after a restore may already have been mailed in the time that was lost.

The restored database may not even know about its mailing. So if a letter was sealed before the time of the restore, its
mailing begins uncertain: a person says once, for all or school by school, that nobody had it, or who had.
"""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.letters.queries import sealed_when
from everyfamily.mailings.models import Mailing, MailingSchool, MailingTask, SentMarker

WHY = "The database was put back: decide what went since."


def open_task(mailing_id: int, *, owner: Actor, now: datetime) -> None:
    """A task for a person: decide what was sent."""
    MailingTask.objects.get_or_create(
        mailing_id=mailing_id,
        kind="restored",
        closed_at=None,
        defaults={
            "fact": WHY,
            "owner": owner.text,
            "owner_account": owner.account,
            "opened_at": now,
            "due_on": now.astimezone(LONDON).date(),
        },
    )


def hold_if_mailed_in_lost_time(mailing: Mailing, *, by: Actor, now: datetime) -> int:
    """Hold a mailing that begins, if its letter was sealed before the newest restore. Run in the opening transaction.

    Returns at how many schools everybody waits for a person's decision.
    """
    marker = SentMarker.objects.filter(restored_at__isnull=False).first()
    if marker is None or marker.restored_at is None or sealed_when(mailing.letter_id) > marker.restored_at:
        return 0
    Mailing.objects.filter(pk=mailing.pk).update(restored_at=marker.restored_at, restored_to=marker.restored_to)
    held = MailingSchool.objects.filter(mailing=mailing).exclude(state="sends itself").update(uncertain=True)
    open_task(mailing.pk, owner=by, now=now)
    return held
