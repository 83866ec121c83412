"""Everything about one adult at one school, for a subject access request: people's part and the letters'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from everyfamily.core.actors import Actor
from everyfamily.core.files.handed_over import as_json
from everyfamily.mailings.actions.ending.record_text import record_text
from everyfamily.mailings.models import Delivery, PersonTask
from everyfamily.people.actions.keeping.exports import ExportFiles
from everyfamily.people.actions.keeping.subject_access import adult_in_brief, adult_record, record_access
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import SchoolFacts, school_by_id

KEPT_BESIDES = (
    "A code made from the name and from each contact value with a secret key (a keyed hash). With it, the next roll "
    "finds the same person again. It cannot be turned back into a name or a value."
)
BEFORE_HANDING_OVER = (
    "Have the school's lead read this first. Take out what would endanger a child or somebody else, such as where a "
    "child goes to school if an order keeps this adult away, and check that the person who asks is this adult."
)


def subject_access(school_id: int, adult: int, *, by: Actor, now: datetime) -> dict[str, object]:
    """Everything held about the adult, decrypted, with a record that it was read. Raises AdultNotKnown.

    What staff do before they hand it over is on the page and in the guide, and not in what is handed over.

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
    }


def shown_about(school: SchoolFacts, adult: int, *, now: datetime) -> dict[str, Any]:
    """What a page shows of the same, inside `tenant(school.id)`: of tasks and of rolls only how many there are."""
    people = adult_in_brief(school.id, adult, now=now)
    tasks = PersonTask.objects.filter(school_id=school.id, parent_id=adult).count()
    return {
        **people,
        "tasks": people["tasks"] + tasks,
        "letters": _letters(school.id, adult),
        "kept_besides": KEPT_BESIDES,
        "before_handing_over": BEFORE_HANDING_OVER,
    }


def files_about(school_id: int, adult: int, now: datetime) -> ExportFiles:
    """The two files that are handed over, inside `tenant(school_id)`. Raises AdultNotKnown."""
    school = school_by_id(school_id)
    found = held_about(school, adult, now=now)
    return ExportFiles(as_json(found), record_text(found, title=title_of(adult, school.urn)))


def title_of(adult: int, urn: int) -> str:
    """The first line of the text that is handed over."""
    return f"What is held about adult {adult} of school {urn}"


def _list(found: object) -> list[object]:
    return list(found) if isinstance(found, list) else []


def _tasks(school_id: int, adult: int) -> list[dict[str, object]]:
    tasks = PersonTask.objects.filter(school_id=school_id, parent_id=adult).order_by("id")
    return [dict(row) for row in tasks.values("kind", "owner", "opened_at", "due_on", "closed_at", "closed_by")]


def _letters(school_id: int, adult: int) -> list[dict[str, Any]]:
    """Each letter with what was tried and what became of that, the oldest first: in one read, because a page has
    few."""
    found = Delivery.objects.filter(school_id=school_id, parent_id=adult)
    letters: dict[int, dict[str, Any]] = {}
    attempts: dict[int, dict[str, Any]] = {}
    columns = *_IDS, *_LETTER.values(), *_ATTEMPT.values(), *_EVENT.values()
    for row in found.order_by(*_IDS).values(*columns):
        delivery, attempt, event = (row[column] for column in _IDS)
        letter = letters.setdefault(delivery, {**_named(_LETTER, row), "attempts": []})
        if attempt is None:
            continue
        if attempt not in attempts:
            attempts[attempt] = {**_named(_ATTEMPT, row), "events": []}
            letter["attempts"].append(attempts[attempt])
        if event is not None:
            attempts[attempt]["events"].append(_named(_EVENT, row))
    return list(letters.values())


def _named(names: Mapping[str, str], row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[column] for name, column in names.items()}


_IDS = ("id", "attempt__id", "attempt__deliveryevent__id")
_LETTER = {
    "letter": "mailing__letter__reference",
    "term": "mailing__term",
    "state": "state",
    "planned_at": "planned_at",
}
_ATTEMPT = {
    "channel": "attempt__channel",
    "contact_point": "attempt__contact_point_id",
    "version": "attempt__version",
    "status": "attempt__status",
    "reason": "attempt__reason",
    "written_at": "attempt__created_at",
    "changed_at": "attempt__changed_at",
}
_EVENT = {
    "status": "attempt__deliveryevent__status",
    "reason": "attempt__deliveryevent__reason",
    "occurred_at": "attempt__deliveryevent__occurred_at",
}
