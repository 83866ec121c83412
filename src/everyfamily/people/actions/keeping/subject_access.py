"""One adult's own data: found without a name on a command line, decrypted for a request, deleted when asked.

What belongs to somebody else is left out: the other adults of a child, their restrictions, their values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from everyfamily.audit.actions import record_event
from everyfamily.audit.queries.events import events_about
from everyfamily.core.actors import Actor
from everyfamily.core.adults.same_adult import plain_name
from everyfamily.core.contacts.recipients import ValueNotGood, email_address, mobile_number
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.people.actions.decided.namesakes import hold_namesakes
from everyfamily.people.actions.decided.objections import AdultNotKnown
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.keeping.purging import Purged, purge_adult
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import hold_key, open_vault
from everyfamily.people.models import Care, ContactPoint, Parent, RollImport, RollTask


class NothingToLookFor(EveryfamilyError):
    """What was typed is not an email address, mobile number or name."""

    code = "EF250"


@dataclass(frozen=True, slots=True)
class FoundAdult:
    """An adult at the school by number, without a name, so that the list may be shown."""

    adult: int
    children: int
    purged: bool
    """The name is gone, and only the skeleton is left."""


def find_adults(school_id: int, wanted: str, *, now: datetime) -> list[FoundAdult]:
    """Adults with this email address, mobile number or whole name, recognised by keyed hashes, so even after a purge.
    Raises NothingToLookFor."""
    with tenant(school_id):
        rows = _matching(school_id, open_vault(school_id, now=now), wanted.strip())
        return [
            FoundAdult(row.pk, row.children, row.name is None)
            for row in rows.annotate(children=Count("care")).order_by("pk")
        ]


def _matching(school_id: int, vault: Vault, wanted: str) -> QuerySet[Parent]:
    parents = Parent.objects.filter(school_id=school_id)
    if "@" in wanted or any(letter.isdigit() for letter in wanted):
        channel = "email" if "@" in wanted else "text"
        try:
            # The demo's numbers are allowed, because they belong to nobody outside it.
            value = email_address(wanted) if channel == "email" else mobile_number(wanted, demonstration=True)
        except ValueNotGood:
            raise _nothing() from None
        points = ContactPoint.objects.filter(
            school_id=school_id, channel=channel, value_hash=vault.blind_index(channel, value)
        )
        return parents.filter(pk__in=points.values("parent_id"))
    name = plain_name(wanted)
    if not name:
        raise _nothing()
    return parents.filter(name_hash=vault.blind_index("name", name))


def _nothing() -> NothingToLookFor:
    return NothingToLookFor(
        "That is not an email address, a mobile number or a name.",
        "Type one of them whole, as the school's records have it.",
    )


def adult_record(school_id: int, adult: int, *, now: datetime) -> dict[str, object]:
    """Everything that the school's tables hold about one adult, decrypted. Run inside `tenant(school_id)`.

    JSON values, except for datetimes and dates. A rotation or a destruction of the school's key waits until the
    transaction ends. Raises AdultNotKnown, and SchoolKeyDestroyed.
    """
    # Before the first value is read, because a rotation in between would leave a value that the new key does not open.
    hold_key(school_id, exclusive=False)
    parent = Parent.objects.filter(school_id=school_id, pk=adult).first()
    if parent is None:
        raise AdultNotKnown(f"This school has no adult {adult}.", "Find the adult's number.")
    vault = open_vault(school_id, now=now)
    links = list(Care.objects.filter(school_id=school_id, parent_id=adult).select_related("pupil").order_by("id"))
    return {
        "adult": {
            "number": adult,
            "name": _opened(vault, "parent", adult, parent.name),
            "language": parent.language,
            "format": parent.format,
            "prefers": parent.prefers,
            "objects_at": parent.objects_at,
            "objects_by": parent.objects_by,
        },
        "contact_points": _contact_points(school_id, adult, vault),
        "children": [_child(link, vault) for link in links],
        "tasks": list(
            RollTask.objects.filter(school_id=school_id, parent_id=adult)
            .order_by("id")
            .values("kind", "owner", "opened_at", "due_on", "closed_at", "closed_by")
        ),
        "rolls_they_came_from": list(
            RollImport.objects.filter(school_id=school_id, state="committed")
            .order_by("id")
            .values("imported_at", "imported_by", "format")
        ),
        "events": _events(school_id, adult, links),
    }


def _contact_points(school_id: int, adult: int, vault: Vault) -> list[dict[str, object]]:
    return [
        {
            "number": point.pk,
            "channel": point.channel,
            "value": _opened(vault, "contact", point.pk, point.value),
            "status": point.status,
            "reason": point.status_reason,
        }
        for point in ContactPoint.objects.filter(school_id=school_id, parent_id=adult).order_by("id")
    ]


def _child(link: Care, vault: Vault) -> dict[str, object]:
    pupil = link.pupil
    return {
        "school_own_id": _opened(vault, "pupil", pupil.pk, pupil.id_encrypted),
        "year_group": pupil.year_group,
        "class": pupil.class_name,
        "on_roll_from": pupil.on_roll_from,
        "on_roll_to": pupil.on_roll_to,
        "relationship": link.relationship,
        "parental_responsibility": link.parental_responsibility,
        "has_care": link.has_care,
        # Left out while nobody has said it, because "none" would be read as a no.
        **(
            {
                "parent_or_carer": link.parent_or_carer,
                "parent_or_carer_at": link.parent_or_carer_at,
                "parent_or_carer_by": link.parent_or_carer_by,
            }
            if link.parent_or_carer
            else {}
        ),
        "priority": link.priority,
        "restriction": link.restriction,
        "restriction_reason": link.restriction_reason,
        "restriction_reviewed_at": link.restriction_reviewed_at,
        "restriction_reviewed_by": link.restriction_reviewed_by,
    }


def _events(school_id: int, adult: int, links: Iterable[Care]) -> list[dict[str, object]]:
    found = events_about(school_id, "parent", [adult]) + events_about(
        school_id, "care", [link.pk for link in links]
    )
    return sorted(found, key=lambda event: str(event["at"]))


def _opened(vault: Vault, table: str, row: int, blob: bytes | memoryview | None) -> str | None:
    """None means purged."""
    return vault.decrypt(table, row, bytes(blob)) if blob is not None else None


def record_access(school_id: int, adult: int, *, by: Actor, now: datetime) -> None:
    """Record that somebody opened everything about an adult. Run inside `tenant(school_id)`."""
    record_event(
        action="subject access", by=by, subject_type="parent", subject_id=adult, now=now, school_id=school_id
    )


def forget_adult(school_id: int, adult: int, *, by: Actor, now: datetime) -> Purged:
    """Clear an adult's name and contact values, and record an objection, in one transaction.

    The skeleton stays. Without its hashes and restrictions, the school's next roll would bring the adult back as
    somebody who may be written to. Raises AdultNotKnown.
    """
    with tenant(school_id):
        wait_for_roll(school_id)
        found = Parent.objects.filter(school_id=school_id, pk=adult)
        if not found.exists():
            raise AdultNotKnown(f"This school has no adult {adult}.", "Find the adult's number.")
        found.filter(objects_at=None).update(objects_at=now, objects_by=by.text)
        hold_namesakes(school_id, adult, by=by, now=now)
        purged = purge_adult(school_id, adult, by=by, now=now)
        count_decision(school_id)
        record_event(
            action="forget adult", by=by, subject_type="parent", subject_id=adult, now=now, school_id=school_id
        )
        return purged
