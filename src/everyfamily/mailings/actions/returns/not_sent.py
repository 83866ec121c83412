"""A school that sends the letter itself says of a withdrawn one: we have not sent it, and have stopped."""

from __future__ import annotations

from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.actions.paper.bin_tasks import is_withdrawn
from everyfamily.mailings.actions.returns.returns import hold_part
from everyfamily.mailings.actions.telling.school_notices import STOP, write_notice
from everyfamily.mailings.models import SchoolNotice
from everyfamily.mailings.queries.returns import filed_returns
from everyfamily.people.database.tenancy import tenant


class CannotBeUnsent(EveryfamilyError):
    """The letter is not withdrawn, the school does not send it itself, or it said before that it had sent it."""

    code = "EF642"


def say_not_sent(mailing_id: int, school_id: int, *, by: Actor, now: datetime) -> bool:
    """The school has not sent a withdrawn letter, and will not. Returns whether this is new.

    Nobody rings such a school again. Its families get the letter that replaces the withdrawn one, as those of every
    school without a return. Raises CannotBeUnsent.
    """
    with tenant(school_id):
        sends_itself = hold_part(mailing_id, school_id) == "sends itself"
        if not sends_itself or not is_withdrawn(mailing_id):
            raise CannotBeUnsent(
                "Only a school that sends the letter itself can say so, and only of a letter that was withdrawn.",
                "If you want to stop a letter that goes on, ring the partnership.",
            )
        if filed_returns(school_id, mailing_id):
            raise CannotBeUnsent(
                "Your school has filed a return for this letter, which says that it was sent.",
                "Correct the return, or ring the partnership.",
            )
        write_notice(mailing_id, school_id, STOP, now)
        notice = SchoolNotice.objects.filter(mailing_id=mailing_id, school_id=school_id, kind=STOP)
        if not notice.filter(not_sent_at=None).update(not_sent_at=now):
            return False
        record_event(
            action="say not sent",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            school_id=school_id,
        )
    return True
