"""A school's parts in mailings, for the school's own pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.schools.school_words import SchoolPart
from everyfamily.mailings.models import MailingSchool, PersonTask
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


@dataclass(frozen=True, slots=True)
class PartThatGoesOn:
    """A school's part in a mailing that is not over, and for which we send."""

    mailing_id: int
    reference: str
    """The letter's."""
    term: str
    follows_as: str
    """ "correction" or "replacement"; blank if it follows none."""
    is_whole_paused: bool
    """The whole mailing is paused, at every school."""
    wave_at: datetime
    state: str
    """"planned", "sending" or "held"."""
    paused_at: datetime | None
    paused_by: str
    from_school: bool
    """Somebody of the school paused it, and not the partnership."""


def parts_that_go_on(school_id: int) -> list[PartThatGoesOn]:
    """The school's parts that may still send, the newest first. Raises SchoolNotYours."""
    with tenant(school_id):
        going = MailingSchool.objects.filter(school_id=school_id, mailing__state__in=("open", "paused"))
        rows = going.exclude(state="sends itself").select_related("mailing__letter").order_by("-mailing_id")
        paused = PersonTask.objects.filter(school_id=school_id, kind="paused", closed_at=None, owner_role="lead")
        own = set(paused.values_list("mailing_id", flat=True))
        return [
            PartThatGoesOn(
                row.mailing_id,
                row.mailing.letter.reference,
                row.mailing.term,
                row.mailing.follows_as,
                row.mailing.state == "paused",
                row.wave_at,
                row.state,
                row.paused_at,
                row.paused_by or "",
                row.mailing_id in own,
            )
            for row in rows
        ]


def mark_of(parts: Iterable[PartThatGoesOn]) -> str:
    """What changes as soon as one of them is paused or resumed, for a form that was filled in before."""
    return " ".join(f"{one.mailing_id}-{one.paused_at.timestamp() if one.paused_at else 'goes'}" for one in parts)


def open_mailings_of(school_id: int) -> list[int]:
    """The mailings in which we write to the school's families and that are not closed yet, by number. Raises
    SchoolNotYours."""
    require_school(school_id)
    parts = MailingSchool.objects.filter(school_id=school_id).exclude(state="sends itself")
    return list(
        parts.exclude(mailing__state="closed").order_by("mailing_id").values_list("mailing_id", flat=True)
    )
