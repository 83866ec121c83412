"""Names for what events were done to: letters by their references, accounts by whose they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from everyfamily.accounts.queries import names_of
from everyfamily.audit.queries.events import Event
from everyfamily.letters.queries import references_of
from everyfamily.mailings.queries.mailings import references_of_mailings
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
