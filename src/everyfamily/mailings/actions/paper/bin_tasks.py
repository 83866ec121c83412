"""Copies of a withdrawn letter at a school: a task for its lead until the school has said what happened to each of
them. Binned copies were never handed over, so their families get the letter that replaces it.
"""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.mailings.models import Mailing, MailingSchool, PersonTask
from everyfamily.mailings.queries.hand_outs import copies_waiting
from everyfamily.people.queries import school_by_id
from everyfamily.people.school_days import working_due

BIN_COPIES = "bin copies"
"""The task's kind."""
_NEVER = 2_147_483_647
"""No school has made this many decisions, so its people are planned again."""


def is_withdrawn(mailing_id: int) -> bool:
    """Whether the mailing's letter was withdrawn and the mailing is not closed yet."""
    return Mailing.objects.filter(pk=mailing_id, state="withdrawn").exists()


def settle_bin_task(mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> bool:
    """Open the task for a withdrawn letter if there are copies at the school. Close it, in the name of `by`, once the
    school has said what happened to each of them. Returns whether there are copies. Inside `tenant(school_id)`."""
    tasks = PersonTask.objects.filter(mailing_id=mailing_id, school_id=school_id, kind=BIN_COPIES)
    if not any(copy.mailing == mailing_id for copy in copies_waiting(school_id)):
        tasks.filter(closed_at=None).update(closed_at=now, closed_by=by.text)
        return False
    if tasks.filter(closed_at=None).exists():
        return True
    fresh = {
        "owner": school_by_id(school_id).lead_role or "school lead",
        "opened_at": now,
        "due_on": working_due(now, 0),
        "closed_at": None,
        "closed_by": None,
    }
    PersonTask.objects.update_or_create(
        mailing_id=mailing_id, school_id=school_id, kind=BIN_COPIES, parent=None, defaults=fresh
    )
    return True


def plan_correction_again(mailing_id: int, school_id: int) -> None:
    """A school says afterwards that it did hand out copies of a wrong letter: its correction is planned again.

    Inside `tenant(school_id)`. Adults who already have the replacement get no correction (ADR 21)."""
    MailingSchool.objects.filter(
        mailing__follows=mailing_id, mailing__follows_as="correction", school_id=school_id, state="sending"
    ).update(planned_decisions=_NEVER)
