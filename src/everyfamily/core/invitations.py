"""What an invitation may say: whom, to which role, and for which school or body. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from everyfamily.core.actors import is_a_persons
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import SCOPES, Role, Scope

LASTS = timedelta(days=7)
LONGEST_NAME = 80


class NotInvitable(EveryfamilyError):
    """A name, an address or a scope with which nobody can be invited."""

    code = "EF270"

    def __init__(self, fact: str, fix: str, field: str = "") -> None:
        super().__init__(fact, fix)
        self.field = field
        """The field of the form in which it is mended: "name", "email", "role" or "body"."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One role for one person. `email` is in small letters. `school_id` and `body` are as the role's scope asks."""

    name: str
    email: str
    role: Role
    school_id: int | None = None
    body: str = ""


def offer_of(name: str, email: str, role: Role, *, school_id: int | None = None, body: str = "") -> Offer:
    """The offer, with the name and the address in one spelling. Raises NotInvitable, with a sentence for the form."""
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME or not name.isprintable() or not is_a_persons(name):
        raise NotInvitable(
            "This is not the name of a person.",
            "Give a first name and a last name, not a role. An account belongs to one person.",
            "name",
        )
    from email_validator import EmailNotValidError, validate_email  # only an invitation needs it

    try:
        address = validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as problem:
        raise NotInvitable(
            "This is not an email address.", "Give the work email of the person.", "email"
        ) from problem
    scope = SCOPES[role]
    if (school_id is not None) != (scope is Scope.SCHOOL) or bool(body) != (scope is Scope.BODY):
        where = {Scope.SCHOOL: "a school", Scope.BODY: "a body", Scope.PARTNERSHIP: "the whole partnership"}
        raise NotInvitable(f"The role of {role} is for {where[scope]}.", "Choose what it is for.", "role")
    return Offer(name, address.lower(), role, school_id, body)
