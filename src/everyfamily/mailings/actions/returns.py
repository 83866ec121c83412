"""What a school that sends for itself files: five numbers that add up, and one answer. A correction is a new row."""

from __future__ import annotations

from datetime import datetime

from everyfamily.audit.actions import record_event
from everyfamily.core.coverage import Return
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.models import SchoolReturn
from everyfamily.people.tenancy import tenant


class ReturnDoesNotAddUp(EveryfamilyError):
    """The four ways of a return are not its roll."""

    code = "EF530"


def file_return(mailing_id: int, school_id: int, counts: Return, *, by: str, now: datetime) -> None:
    """File a return; raises ReturnDoesNotAddUp and writes nothing."""
    if not counts.adds_up():
        given = counts.by_email + counts.by_text + counts.on_paper + counts.not_reached
        raise ReturnDoesNotAddUp(
            f"By email, text and paper and not reached make {given}, and {counts.on_roll} are on roll.",
            f"The numbers are {abs(given - counts.on_roll)} apart: correct the one that is wrong.",
        )
    with tenant(school_id):
        SchoolReturn.objects.create(
            school_id=school_id,
            mailing_id=mailing_id,
            on_roll=counts.on_roll,
            by_email=counts.by_email,
            by_text=counts.by_text,
            on_paper=counts.on_paper,
            not_reached=counts.not_reached,
            emails_confirmed=counts.emails_confirmed,
            filed_at=now,
            filed_by=by,
        )
        record_event(
            action="file return",
            by=by,
            subject_type="mailing",
            subject_id=mailing_id,
            now=now,
            school_id=school_id,
        )
