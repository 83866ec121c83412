"""Which roles one person may have together. Pure.

An account is of the partnership or of schools, never of both: whoever plans a mailing must not also be the person at a
school who says who may have the letter. In the partnership, some rules need two people, and nobody is both of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import SCOPES, Role, Scope, Standing

_APPROVES = "whoever approves a letter for a body has no other hand in it"
_LOOKS_AFTER = "whoever looks after the accounts has no hand in the letters"
APART: dict[frozenset[Role], str] = {
    frozenset({Role.SIGNATORY, Role.AUTHOR}): _APPROVES,
    frozenset({Role.SIGNATORY, Role.COORDINATOR}): _APPROVES,
    frozenset({Role.SIGNATORY, Role.REVIEWER}): _APPROVES,
    frozenset({Role.SIGNATORY, Role.DELEGATE}): _APPROVES,
    frozenset({Role.AUTHOR, Role.REVIEWER}): "nobody reviews their own words",
    frozenset({Role.ADMINISTRATOR, Role.SIGNATORY}): "whoever can make a signatory could be one",
    frozenset({Role.ADMINISTRATOR, Role.AUTHOR}): _LOOKS_AFTER,
    frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}): _LOOKS_AFTER,
}
"""Two roles that no person of the partnership has together, and why."""


SETTLED = timedelta(hours=24)
"""How long somebody has had their way in before they count as a second person. Whoever looks after accounts could
otherwise make one, or let one in again, and be two people at once. In a day, somebody notices."""
ENOUGH = 2
NEED_TWO = (Role.ADMINISTRATOR, Role.COORDINATOR)
"""Roles that two people should have: one administrator lets another in again, and one coordinator starts what another
asked for."""


def too_few(people: Mapping[Role, int]) -> list[Role]:
    """The roles that too few people have. `people` are how many have each role."""
    return [role for role in NEED_TWO if people.get(role, 0) < ENOUGH]


class RolesApart(EveryfamilyError):
    """A role that somebody cannot have beside those that they have."""

    code = "EF290"


class NotYetSettled(EveryfamilyError):
    """A second person whose way in is newer than a day."""

    code = "EF436"


def require_settled(since: datetime, now: datetime) -> None:
    """Raise NotYetSettled unless somebody has had their way in (from `since`) for long enough to be a second person."""
    if now - since < SETTLED:
        raise NotYetSettled(
            "Your account is new, or you were let in again, less than 24 hours ago.",
            "Wait until tomorrow, or ask a colleague who had an account before.",
        )


def require_together(new: Standing, held: Iterable[Standing]) -> None:
    """Raise RolesApart unless somebody who has these roles may also have the new one."""
    for one in held:
        if (why := _why_apart(new, one)) is not None:
            raise RolesApart(
                f"One person cannot be both {one.role} and {new.role}: {why}.",
                "Invite somebody else, or end the other role first.",
            )


def _why_apart(new: Standing, held: Standing) -> str | None:
    if (SCOPES[new.role] is Scope.SCHOOL) is not (SCOPES[held.role] is Scope.SCHOOL):
        return "an account is of the partnership or of schools"
    if {new.role, held.role} == {Role.SIGNATORY} and new.body != held.body:
        return "each body approves for itself"
    return APART.get(frozenset({new.role, held.role}))
