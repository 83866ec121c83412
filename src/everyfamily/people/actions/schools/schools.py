"""Schools are imported, and their leads attest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from django.db import transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.word_covers import waits_for_word
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.models import Attestation, School


@dataclass(frozen=True, slots=True)
class NewSchool:
    """A school to add. `phone_checked_at` and `phone_checked_by` are either both there or both missing."""

    urn: int
    name: str
    kind: str
    phase: str
    sends: str
    roll_expected: int | None
    dfe_number: str = ""
    lead_role: str = ""
    mailbox: str = ""
    """Kept as it is if the school is there already: whoever changes it can let a first lead in."""
    phone: str = ""
    phone_checked_at: datetime | None = None
    phone_checked_by: str | None = None
    channel_policy: dict[str, object] = field(default_factory=dict)
    demonstration: bool = False
    roll_expected_on: date | None = None
    roll_source: str = ""


def add_schools(schools: Iterable[NewSchool], *, by: Actor, now: datetime) -> int:
    """Add schools, or update what is known of them by URN. Returns how many."""
    rows = [School(**asdict(school)) for school in schools]
    with transaction.atomic():
        School.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["urn"],
            update_fields=[
                *("name", "kind", "phase", "sends", "roll_expected", "dfe_number", "lead_role", "phone"),
                *(
                    "phone_checked_at",
                    "phone_checked_by",
                    "channel_policy",
                    "demonstration",
                    "roll_expected_on",
                    "roll_source",
                ),
            ],
        )
        record_event(
            action="add schools",
            by=by,
            subject_type="school",
            subject_id="",
            now=now,
            detail={"schools": len(rows)},
        )
    return len(rows)


def attest_school(school_id: int, *, by: Actor, now: datetime) -> None:
    """The school's lead says that its restrictions, leavers and deaths are right as of `now`."""
    with tenant(school_id):
        if write_attestation(school_id, by=by, now=now):
            count_decision(school_id)


def write_attestation(school_id: int, *, by: Actor, now: datetime) -> bool:
    """The same, inside `tenant(school_id)`. Returns whether somebody waited for it; the caller then counts a
    decision."""
    waited = waits_for_word(school_id)
    Attestation.objects.create(school_id=school_id, attested_at=now, attested_by=by.text)
    record_event(
        action="attest", by=by, subject_type="school", subject_id=school_id, now=now, school_id=school_id
    )
    return waited
