"""Reads of schools and their people. Those of people run inside `tenant(school_id)`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.models import ON_ROLL_STATES, Attestation, School


class SchoolNotKnown(EveryfamilyError):
    """No school has this URN."""

    code = "EF210"


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What other apps may know of a school; nothing about people."""

    id: int
    urn: int
    name: str
    kind: str
    phase: str
    sends: str
    roll_expected: int | None
    lead_role: str
    phone: str
    """Blank unless somebody checked it: an unchecked number is never printed."""
    channel_policy: dict[str, object]
    dfe_number: str = ""
    """The authority's three digits and the establishment's four; blank for a council's list."""
    former_urns: tuple[int, ...] = ()
    """URNs that it had before: a roll under one of them is this school's."""
    mailbox: str = ""
    """A role's address at the school; blank if none is known."""
    keep_days: int = 30


def _facts(school: School) -> SchoolFacts:
    return SchoolFacts(
        id=school.pk,
        urn=school.urn,
        name=school.name,
        kind=school.kind,
        phase=school.phase,
        sends=school.sends,
        roll_expected=school.roll_expected,
        lead_role=school.lead_role,
        phone=school.phone if school.phone_checked_at else "",
        channel_policy=school.channel_policy,
        dfe_number=school.dfe_number,
        former_urns=tuple(sorted(former.urn for former in school.former_urns.all())),
        mailbox=school.mailbox,
        keep_days=school.keep_days,
    )


def _schools() -> QuerySet[School]:
    return School.objects.prefetch_related("former_urns")


def open_schools() -> list[SchoolFacts]:
    """Every open school, by URN."""
    return [_facts(school) for school in _schools().filter(status__in=ON_ROLL_STATES).order_by("urn")]


def school_by_urn(urn: int) -> SchoolFacts:
    """The school that has this URN, or had it before; raises SchoolNotKnown."""
    # A former URN first: what still stands under it is the closed predecessor's entry, without people.
    school = _schools().filter(former_urns__urn=urn).first() or _schools().filter(urn=urn).first()
    if school is None:
        raise SchoolNotKnown(f"No school has the URN {urn}.", "Import the list of schools first.")
    return _facts(school)


def school_by_id(school_id: int) -> SchoolFacts:
    """The school with this id, which another table holds."""
    return _facts(_schools().get(pk=school_id))


def last_attested_at(school_id: int) -> datetime | None:
    """When the school's lead last said that restrictions and leavers are right; None if never."""
    return (
        Attestation.objects.filter(school_id=school_id)
        .order_by("-attested_at")
        .values_list("attested_at", flat=True)
        .first()
    )


def decisions_of(school_id: int) -> int:
    """How often somebody has decided about the school's people: a mailing that planned for fewer plans again."""
    return School.objects.values_list("decisions", flat=True).get(pk=school_id)
