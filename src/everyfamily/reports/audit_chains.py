"""Every chain of the audit trail, followed from its first link: the partnership's and each school's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction

from everyfamily.audit.queries_chain import check_chain, older_than_the_chain
from everyfamily.core.audit_chain import Break, Chain, Head
from everyfamily.people.queries import every_school
from everyfamily.people.tenancy import tenant

OF_THE_PARTNERSHIP = "partnership"
_EMPTY = Head(0, "-")


@dataclass(frozen=True, slots=True)
class FollowedChain:
    """One chain by its name in the file of heads, and what a person calls it."""

    name: str
    shown: str
    chain: Chain


def follow_every_chain(expected: Mapping[str, Head]) -> Iterator[FollowedChain]:
    """Each chain in turn, in a transaction of its own; `expected` are heads that were noted before, by name.

    A chain of which only the note is left is there too, broken at its beginning.
    """
    with transaction.atomic():
        found = check_chain(None, expected.get(OF_THE_PARTNERSHIP))
    yield FollowedChain(OF_THE_PARTNERSHIP, "the partnership", found)
    names = {OF_THE_PARTNERSHIP}
    for school_id, urn in every_school():
        name = f"school-{school_id}"
        names.add(name)
        with tenant(school_id):
            found = check_chain(school_id, expected.get(name))
        yield FollowedChain(name, f"school {urn}", found)
    for name in sorted(expected.keys() - names):
        if expected[name].count:
            gone = Break(1, None, "the school that this chain was noted for is not in the database")
            yield FollowedChain(name, name, Chain(_EMPTY, gone))


__all__ = ["FollowedChain", "follow_every_chain", "older_than_the_chain"]
