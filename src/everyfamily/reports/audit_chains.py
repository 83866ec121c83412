"""Every chain of the audit trail, followed from its first link: the partnership's and each school's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.db import transaction

from everyfamily.audit.queries.chain import check_chain, older_than_the_chain
from everyfamily.core.audit_chain import Chain, Head
from everyfamily.mailings.actions.guards.older_database import is_simulated, marker_path
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import every_school

OF_THE_PARTNERSHIP = "partnership"
_SCHOOL = "school-"
_HEADS = "audit-heads"


@dataclass(frozen=True, slots=True)
class FollowedChain:
    """One chain by its name in the file of heads, and what a person calls it."""

    name: str
    shown: str
    chain: Chain


def follow_every_chain(expected: Mapping[str, Head]) -> Iterator[FollowedChain]:
    """Each chain in turn, in its own transaction. `expected` are heads that were noted before, by name.

    A noted chain is followed even if its school is gone: a list that was taken back leaves its events.
    """
    with transaction.atomic():
        found = check_chain(None, expected.get(OF_THE_PARTNERSHIP))
    yield FollowedChain(OF_THE_PARTNERSHIP, "the partnership", found)
    schools = {f"{_SCHOOL}{school_id}": (school_id, f"school {urn}") for school_id, urn in every_school()}
    for name in sorted(expected.keys() - schools.keys() - {OF_THE_PARTNERSHIP}):
        schools[name] = (int(name.removeprefix(_SCHOOL)), f"a school that is gone ({name})")
    for name, (school_id, shown) in schools.items():
        with tenant(school_id):
            found = check_chain(school_id, expected.get(name))
        yield FollowedChain(name, shown, found)


def heads_file() -> Path:
    """Where each check that finds every chain whole notes their heads: outside the database, next to the marker."""
    return marker_path().with_name(_HEADS)


def last_found_whole() -> datetime | None:
    """When every chain was last found whole, as far as this machine knows. None if it does not."""
    if is_simulated():
        return None
    try:
        return datetime.fromtimestamp(heads_file().stat().st_mtime, UTC)
    except OSError:
        return None


__all__ = ["FollowedChain", "follow_every_chain", "heads_file", "last_found_whole", "older_than_the_chain"]
