"""A school's part in the newest mailing, for the school's own page."""

from __future__ import annotations

from everyfamily.core.schools.school_words import SchoolPart
from everyfamily.mailings.models import MailingSchool
from everyfamily.mailings.queries.returns import filed_returns
from everyfamily.people.database.access import require_school
from everyfamily.people.database.tenancy import tenant


def newest_part_of(school_id: int) -> SchoolPart | None:
    """The school's part in the mailing that began last or begins next; None if it has none. Raises SchoolNotYours."""
    require_school(school_id)
    parts = MailingSchool.objects.filter(school_id=school_id).select_related("mailing")
    row = parts.order_by("-mailing__opens_at", "-mailing_id").first()
    if row is None:
        return None
    filed = None
    if row.state == "sends itself":
        with tenant(school_id):
            filed = next((one.filed_at for one in filed_returns(school_id, row.mailing_id)), None)
    return SchoolPart(
        row.mailing_id,
        row.mailing.term,
        row.mailing.state,
        row.state,
        row.wave_at,
        row.paused_at is not None,
        row.mailing.returns_due_on,
        filed,
    )
