"""Words about roles, for pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from everyfamily.core.permissions import ROLE_WORDS, Held, Role, role_name


@dataclass(frozen=True, slots=True)
class RoleWords:
    """A role as a page names it."""

    role: Role
    name: str
    does: str
    where: str = ""


def role_words(role: Role, where: str = "") -> RoleWords:
    """The name of the role and what it is for."""
    return RoleWords(role, role_name(role), ROLE_WORDS[role], where)


def roles_of(held: Held, schools: Mapping[int, str]) -> list[RoleWords]:
    """What somebody is for, in order of the table. `schools` are names of schools by their ids."""
    order = list(Role)
    standings = sorted(
        held.standings, key=lambda one: (order.index(one.role), one.school_id or 0, one.body or "")
    )
    return [role_words(one.role, one.body or schools.get(one.school_id or 0, "")) for one in standings]
