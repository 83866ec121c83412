"""Everything about one adult at one school, for a subject access request: people's part and the letters'."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.mailings.models import Attempt, Delivery, DeliveryEvent, PersonTask
from everyfamily.people.actions.keeping.subject_access import adult_record, record_access
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import school_by_id

KEPT_BESIDES = (
    "Keyed hashes of the name and of each contact value. With them the next roll finds the same person again. "
    "They cannot be turned back into a name or a value."
)
BEFORE_HANDING_OVER = (
    "Have the school's lead read this first. Take out what would endanger a child or somebody else, such as where a "
    "child goes to school if an order keeps this adult away, and check that the person who asks is this adult."
)


def subject_access(school_id: int, adult: int, *, by: Actor, now: datetime) -> dict[str, object]:
    """Everything held about the adult, decrypted, with a record that it was read. Raises AdultNotKnown.

    Times are datetimes and dates. Everything else is JSON values. Never for a log.
    """
    school = school_by_id(school_id)
    with tenant(school_id):
        people = adult_record(school_id, adult, now=now)
        tasks = people.pop("tasks")
        found = {
            "as_of": now,
            "school": {"urn": school.urn, "name": school.name},
            **people,
            "tasks": [*_list(tasks), *_tasks(school_id, adult)],
            "letters": _letters(school_id, adult),
            "kept_besides": KEPT_BESIDES,
            "before_handing_over": BEFORE_HANDING_OVER,
        }
        record_access(school_id, adult, by=by, now=now)
    return found


def _list(found: object) -> list[object]:
    return list(found) if isinstance(found, list) else []


def _tasks(school_id: int, adult: int) -> list[dict[str, object]]:
    tasks = PersonTask.objects.filter(school_id=school_id, parent_id=adult).order_by("id")
    return [dict(row) for row in tasks.values("kind", "owner", "opened_at", "due_on", "closed_at", "closed_by")]


def _letters(school_id: int, adult: int) -> list[dict[str, object]]:
    deliveries = Delivery.objects.filter(school_id=school_id, parent_id=adult).order_by("id")
    return [
        {
            "letter": letter,
            "term": term,
            "state": state,
            "planned_at": planned_at,
            "attempts": _attempts(school_id, row),
        }
        for row, letter, term, state, planned_at in deliveries.values_list(
            "id", "mailing__letter__reference", "mailing__term", "state", "planned_at"
        )
    ]


def _attempts(school_id: int, delivery: int) -> list[dict[str, object]]:
    attempts = Attempt.objects.filter(school_id=school_id, delivery_id=delivery).order_by("id")
    return [
        {
            "channel": attempt.channel,
            "contact_point": attempt.contact_point_id,
            "status": attempt.status,
            "reason": attempt.reason,
            "written_at": attempt.created_at,
            "changed_at": attempt.changed_at,
            "events": list(
                DeliveryEvent.objects.filter(school_id=school_id, attempt_id=attempt.pk)
                .order_by("id")
                .values("status", "reason", "occurred_at")
            ),
        }
        for attempt in attempts
    ]
