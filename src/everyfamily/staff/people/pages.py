"""What the pages about people show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from everyfamily.accounts.queries import OpenInvitation, Person
from everyfamily.core.permissions import SCOPES, Right, Role, Scope
from everyfamily.people.queries import schools_by_id
from everyfamily.staff.access import Visit
from everyfamily.staff.doors.words import role_words

FORM_FIELDS = ("name", "email", "role", "urn", "body")


def people_values(
    everybody: Sequence[Person], invited: Sequence[OpenInvitation], few: Sequence[Role], visit: Visit
) -> dict[str, Any]:
    """The list: each person with roles in words, and the invitations that wait."""
    ids = {role.school_id for person in everybody for role in person.roles} | {one.school_id for one in invited}
    names = {key: school.name for key, school in schools_by_id(key for key in ids if key is not None).items()}
    return {
        "here": "people",
        "people": [
            (
                person,
                [
                    (role.id, role_words(role.role, names.get(role.school_id or 0, role.body)))
                    for role in person.roles
                ],
            )
            for person in everybody
        ],
        "invited": [(one, role_words(one.role, names.get(one.school_id or 0, one.body))) for one in invited],
        "too_few": [role_words(role) for role in few],
        "may_end": visit.held.may(Right.END_ACCESS),
        "may_recover": visit.held.may(Right.RECOVER_ACCOUNT),
    }


def form_values(typed: dict[str, str], visit: Visit, problem: str = "") -> dict[str, Any]:
    """The form of an invitation, with the roles that whoever is signed in may give."""
    all_roles = visit.held.may(Right.INVITE_TO_PARTNERSHIP)
    roles = [role_words(role) for role in Role if all_roles or SCOPES[role] is Scope.SCHOOL]
    return {"here": "people", "typed": typed, "roles": roles, "problem": problem}
