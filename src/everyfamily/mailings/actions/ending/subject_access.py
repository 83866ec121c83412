"""Everything about one adult at one school, for a subject access request: people's part and the letters'."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from everyfamily.core.actors import Actor
from everyfamily.core.files.handed_over import as_json, as_text
from everyfamily.mailings.models import Attempt, Delivery, DeliveryEvent, PersonTask
from everyfamily.people.actions.keeping.exports import ExportFiles
from everyfamily.people.actions.keeping.subject_access import adult_record, record_access
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import SchoolFacts, school_by_id

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
    with tenant(school_id):
        found = held_about(school_by_id(school_id), adult, now=now)
        record_access(school_id, adult, by=by, now=now)
    return found


def held_about(school: SchoolFacts, adult: int, *, now: datetime) -> dict[str, object]:
    """The same without a record, inside `tenant(school.id)`, for a page or a file that makes its own."""
    people = adult_record(school.id, adult, now=now)
    tasks = people.pop("tasks")
    return {
        "as_of": now,
        "school": {"urn": school.urn, "name": school.name},
        **people,
        "tasks": [*_list(tasks), *_tasks(school.id, adult)],
        "letters": _letters(school.id, adult),
        "kept_besides": KEPT_BESIDES,
        "before_handing_over": BEFORE_HANDING_OVER,
    }


def files_about(school_id: int, adult: int, now: datetime) -> ExportFiles:
    """The two files that are handed over, inside `tenant(school_id)`. Raises AdultNotKnown."""
    school = school_by_id(school_id)
    found = held_about(school, adult, now=now)
    return ExportFiles(as_json(found), as_text(found, title=title_of(adult, school.urn)))


def title_of(adult: int, urn: int) -> str:
    """The first line of the text that is handed over."""
    return f"What is held about adult {adult} of school {urn}"


def _list(found: object) -> list[object]:
    return list(found) if isinstance(found, list) else []


def _tasks(school_id: int, adult: int) -> list[dict[str, object]]:
    tasks = PersonTask.objects.filter(school_id=school_id, parent_id=adult).order_by("id")
    return [dict(row) for row in tasks.values("kind", "owner", "opened_at", "due_on", "closed_at", "closed_by")]


def _letters(school_id: int, adult: int) -> list[dict[str, object]]:
    deliveries = Delivery.objects.filter(school_id=school_id, parent_id=adult).order_by("id")
    attempts = _attempts(school_id, adult)
    return [
        {
            "letter": letter,
            "term": term,
            "state": state,
            "planned_at": planned_at,
            "attempts": attempts[row],
        }
        for row, letter, term, state, planned_at in deliveries.values_list(
            "id", "mailing__letter__reference", "mailing__term", "state", "planned_at"
        )
    ]


def _attempts(school_id: int, adult: int) -> defaultdict[int, list[dict[str, object]]]:
    """By delivery, in the order in which they were made."""
    events = defaultdict[int, list[dict[str, object]]](list)
    told = DeliveryEvent.objects.filter(school_id=school_id, attempt__delivery__parent_id=adult).order_by("id")
    for attempt, status, reason, occurred_at in told.values_list("attempt_id", "status", "reason", "occurred_at"):
        events[attempt].append({"status": status, "reason": reason, "occurred_at": occurred_at})
    attempts = defaultdict[int, list[dict[str, object]]](list)
    for row in Attempt.objects.filter(school_id=school_id, delivery__parent_id=adult).order_by("id"):
        attempts[row.delivery_id].append(
            {
                "channel": row.channel,
                "contact_point": row.contact_point_id,
                "status": row.status,
                "reason": row.reason,
                "written_at": row.created_at,
                "changed_at": row.changed_at,
                "events": events[row.pk],
            }
        )
    return attempts
