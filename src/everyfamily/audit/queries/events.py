"""Reads of the audit trail."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from everyfamily.audit.models import AuditEvent
from everyfamily.core.actors import Actor


def events_about(school_id: int, subjects: Mapping[str, Collection[int]]) -> list[dict[str, object]]:
    """What one school's people did to these subjects (type -> ids), oldest first, inside `tenant(school_id)`.

    Each has at, actor, action, subject_type, subject_id and detail (codes and counts).
    """
    wanted = Q()
    for subject_type, ids in subjects.items():
        wanted |= Q(subject_type=subject_type, subject_id__in=[str(row) for row in ids])
    ordered = AuditEvent.objects.filter(wanted, school_id=school_id).order_by("at", "id")
    return [dict(row) for row in ordered.values("at", "actor", "action", "subject_type", "subject_id", "detail")]


def was_done_since(since: datetime, *, school_id: int, action: str, subject_id: str, by: Actor) -> bool:
    """Whether somebody did this to this after `since`, inside `tenant(school_id)`."""
    found = AuditEvent.objects.filter(school_id=school_id, at__gt=since, action=action, subject_id=subject_id)
    return bool(found.filter(actor=by.text, actor_account=by.account).exists())


def count_events(school_id: int) -> int:
    """How many there are of one school, inside `tenant(school_id)`."""
    return AuditEvent.objects.filter(school_id=school_id).count()


def details_of(action: str, subject_type: str) -> list[dict[str, Any]]:
    """`detail` of every event of this kind in the partnership, oldest first."""
    found = AuditEvent.objects.filter(school_id=None, action=action, subject_type=subject_type, subject_id="")
    return list(found.order_by("at", "id").values_list("detail", flat=True))


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the trail: who did what, to what, and when. `detail` holds codes, counts, digests and reasons."""

    id: int
    at: datetime
    actor: str
    actor_kind: str
    """A person, command, worker or link (core/actors.py); "" in events from before it was kept."""
    actor_account: int | None
    action: str
    subject_type: str
    subject_id: str
    detail: dict[str, Any]


def events_after(
    last: int, *, school_id: int | None, since: datetime | None = None, action: str = "", most: int = 500
) -> list[Event]:
    """The next page of the trail after the event with the id `last` (0: from the beginning), in the order of writing.

    For one school, inside `tenant(school_id)`, or for the partnership with None. `action` is a part of the action's
    name.
    """
    found = AuditEvent.objects.filter(school_id=school_id, id__gt=last, action__icontains=action)
    if since is not None:
        found = found.filter(at__gte=since)
    return read_events(found.order_by("id")[:most])


# The school is first, though it is the same in all rows. Only then does PostgreSQL read the newest rows by the index
# where it is NULL, and does not sort the whole trail.
NEWEST_FIRST = ("-school_id", "-at", "-id")


def events(
    school_id: int | None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    actor: str = "",
    action: str = "",
    actions: Collection[str] = (),
    before: Event | None = None,
    limit: int = 50,
) -> list[Event]:
    """A page of the trail, newest first: after the last event of the page before, `before`.

    Of one school inside `tenant(school_id)`, or of the partnership with None. `since` is in the page's time, `until` no
    longer is; `actor` and `action` are parts of the words. `actions` are whole names, or all if there are none.
    """
    found = AuditEvent.objects.filter(school_id=school_id, actor__icontains=actor, action__icontains=action)
    if actions:
        found = found.filter(action__in=actions)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if before is not None:
        found = found.filter(at__lte=before.at).exclude(at=before.at, id__gte=before.id)
    return read_events(found.order_by(*NEWEST_FIRST)[:limit])


def events_of_kinds(
    school_id: int | None, actions: Collection[str], *, since: datetime, by_others_than: int, limit: int = 10
) -> list[Event]:
    """The newest events with one of these actions, by anybody except one account.

    Of one school inside `tenant(school_id)`, or of the partnership with None.
    """
    found = AuditEvent.objects.filter(school_id=school_id, at__gte=since, action__in=actions)
    return read_events(found.exclude(actor_account=by_others_than).order_by(*NEWEST_FIRST)[:limit])


def event_by_id(event_id: int, school_id: int | None) -> Event | None:
    """One event of the same trail as `events` reads, or None if it has no such event."""
    found = read_events(AuditEvent.objects.filter(pk=event_id, school_id=school_id))
    return found[0] if found else None


def read_events(found: QuerySet[AuditEvent]) -> list[Event]:
    """These rows, as they are ordered."""
    columns = (
        "id",
        "at",
        "actor",
        "actor_kind",
        "actor_account",
        "action",
        "subject_type",
        "subject_id",
        "detail",
    )
    return [Event(*row) for row in found.values_list(*columns)]
