"""Every chain of the audit trail, followed from its first link: the partnership's and each school's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from everyfamily.audit.queries.access_changes import changes_without_an_act, events_off_time
from everyfamily.audit.queries.chain import check_chain, older_than_the_chain
from everyfamily.core.audit_chain import Chain, Head, read_heads
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.files.text_files import decode, read_bytes
from everyfamily.mailings.actions.guards.older_database import is_simulated, marker_path
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import every_school
from everyfamily.work.queries.work import last_held_at

OF_THE_PARTNERSHIP = "partnership"
_SCHOOL = "school-"
_HEADS = "audit-heads"


@dataclass(frozen=True, slots=True)
class FollowedChain:
    """One chain by its name in the file of heads, and what a person calls it."""

    name: str
    shown: str
    chain: Chain

    @property
    def fault(self) -> str | None:
        """Where it is broken and why, as a sentence. None if it holds."""
        broken = self.chain.broken
        if broken is None:
            return None
        event = "" if broken.event_id is None else f" (event {broken.event_id})"
        return f"The chain of {self.shown} breaks at place {broken.position}{event}: {broken.why}."


def name_of_chain(school_id: int) -> str:
    """Of a school, in the file of heads."""
    return f"{_SCHOOL}{school_id}"


def follow_every_chain(expected: Mapping[str, Head]) -> Iterator[FollowedChain]:
    """Each chain in turn, in its own transaction. `expected` are heads that were noted before, by name.

    A noted chain is followed even if its school is gone: a list that was taken back leaves its events.
    """
    with transaction.atomic():
        found = check_chain(None, expected.get(OF_THE_PARTNERSHIP))
    yield FollowedChain(OF_THE_PARTNERSHIP, "the partnership", found)
    schools = {name_of_chain(school_id): (school_id, f"school {urn}") for school_id, urn in every_school()}
    for name in sorted(expected.keys() - schools.keys() - {OF_THE_PARTNERSHIP}):
        schools[name] = (int(name.removeprefix(_SCHOOL)), f"a school that is gone ({name})")
    for name, (school_id, shown) in schools.items():
        with tenant(school_id):
            found = check_chain(school_id, expected.get(name))
        yield FollowedChain(name, shown, found)


def past_the_product(since: datetime) -> Iterator[str]:
    """What somebody wrote into the database who got past the product, from `since` on, a sentence each: a change of
    who may come in that no act explains, and an event that says another time than the database's."""
    with transaction.atomic():
        found, off = changes_without_an_act(since), {"the partnership": events_off_time(None, since)}
    for one in found:
        whose = "" if one.account is None else f" of account {one.account}"
        yield (
            f"Change {one.id}, {_moment(one.at)}: {one.what}{whose} ({one.table}, row {one.row}). "
            "No act of the product explains it."
        )
    if is_simulated():
        # Its events have the time of another year.
        return
    for school_id, urn in every_school():
        with tenant(school_id):
            off[f"school {urn}"] = events_off_time(school_id, since)
    for shown, events in off.items():
        for event, said, linked in events:
            yield f"Event {event} of {shown} says {_moment(said)}, and was written at {_moment(linked)}."


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def heads_file() -> Path:
    """Where each check that finds every chain whole notes their heads: outside the database, next to the marker."""
    return marker_path().with_name(_HEADS)


def noted_outside() -> dict[str, Head]:
    """The heads that the last check noted outside the database, or nothing if there was none. Raises
    HeadsNotReadable."""
    file = heads_file()
    if is_simulated() or not file.is_file():
        return {}
    return read_heads(decode(read_bytes(file, file.name), file.name), source=file.name)


def last_found_whole() -> datetime | None:
    """When every chain was last found whole: by a check that was asked for on a screen, or by the command, as far as
    this machine knows. None if neither did."""
    found = [at] if (at := last_held_at()) is not None else []
    if not is_simulated():
        with suppress(OSError):
            found.append(datetime.fromtimestamp(heads_file().stat().st_mtime, UTC))
    return max(found, default=None)


__all__ = [
    "FollowedChain",
    "follow_every_chain",
    "heads_file",
    "last_found_whole",
    "noted_outside",
    "older_than_the_chain",
    "past_the_product",
]
