"""Whom a family can turn to while a line is dead. The pages of the parent site say it where the line was.

It is never put into a sentence in place of the dead number: "It is free", or "day and night", is true only of the line
that the sentence was written for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from everyfamily.core.partnership.routes import Route

_FOR_A_CHILD = ("local", "police", "adults")
"""Who takes any worry about a child, by the ids of the register: the children's team, then the police."""
_POLICE_FIRST = ("police", "local", "adults")
"""For what has happened, for who is missing, and where an emergency call does not get through."""
INSTEAD: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("emergency", "online", "survivors", "home", "missing"), _POLICE_FIRST
)
"""The lines whose order is not _FOR_A_CHILD, each with its own."""


def instead_of(route_id: str, good: Iterable[Route]) -> Route | None:
    """The first of `good`, the routes that may be shown today, that takes what the route took. None if there is
    none."""
    by_id = {route.id: route for route in good if not route.differs_by_school}
    names = INSTEAD.get(route_id, _FOR_A_CHILD)
    return next((by_id[name] for name in names if name != route_id and name in by_id), None)
