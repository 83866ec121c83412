"""Names for what events were done to: letters by their references, accounts by whose they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from everyfamily.accounts.queries import names_of
from everyfamily.audit.queries.events import Event
from everyfamily.core.errors import EveryfamilyError
from everyfamily.letters.queries import references_of
from everyfamily.mailings.queries.mailings import references_of_mailings
from everyfamily.people.actions.decided.children_meant import own_ids_of
from everyfamily.people.queries import schools_by_id


def _school_names(school_ids: Iterable[int]) -> dict[int, str]:
    return {key: school.name for key, school in schools_by_id(school_ids).items()}


type Names = Mapping[tuple[str, str], str]
"""By type and number of the subject."""
_READS: Mapping[str, tuple[Callable[[Iterable[int]], dict[int, str]], str]] = {
    "letter": (references_of, "letter {}"),
    "mailing": (references_of_mailings, "the mailing of letter {}"),
    "account": (names_of, "{}"),
    "school": (_school_names, "{}"),
}


def child_in(event: Event) -> int | None:
    """The row of the child whom an event is about."""
    number = event.subject_id if event.subject_type == "pupil" else event.detail.get("pupil", "")
    return int(number) if str(number).isdecimal() else None


def children_in(found: Iterable[Event], school_id: int, now: datetime) -> Names:
    """The school's own ids of the children in the events, for somebody who may see its people. Inside
    `tenant(school_id)`; without a name for them if the school's key is not there to open them."""
    about = {child for event in found if (child := child_in(event)) is not None}
    try:
        ids = own_ids_of(school_id, about, now=now) if about else {}
    except EveryfamilyError:
        return {}
    return {("pupil", str(child)): f"child {own_id}" for child, own_id in ids.items()}


def names_in(found: Iterable[Event]) -> Names:
    """What the events name, in one read for each type however many there are."""
    about: dict[str, set[int]] = {name: set() for name in _READS}
    for event in found:
        if event.subject_type in about and event.subject_id.isdecimal():
            about[event.subject_type].add(int(event.subject_id))
    return {
        (subject, str(key)): words.format(name)
        for subject, (read, words) in _READS.items()
        if about[subject]
        for key, name in read(about[subject]).items()
    }
