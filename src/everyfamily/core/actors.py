"""Who acts: the one value that every action takes, and that the audit trail and the `*_by` columns keep."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from everyfamily.core.errors import EveryfamilyError

LONGEST = 80
"""Characters that the tables have for an actor."""
_OF_ROLES = frozenset(
    {
        *("lead", "safeguarding", "office", "school", "head", "teacher", "council", "police", "team", "officer"),
        *(
            "admin",
            "administrator",
            "manager",
            "secretary",
            "deputy",
            "designated",
            "dsl",
            "senco",
            "staff",
            "user",
        ),
    }
)


class ActorKind(StrEnum):
    """How somebody came to act."""

    PERSON = "person"
    """Signed in with an account."""
    COMMAND = "command"
    """Named on the command line; nobody has checked who types."""
    WORKER = "worker"
    """The product itself."""
    LINK = "link"
    """Anyone who has the address of a school's return."""


class MayOnlyClose(EveryfamilyError):
    """Somebody whose right at the school is to close would let an adult have the letter."""

    code = "EF690"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something. `name` is a person's or a role's, or the product's own word for what it does."""

    kind: ActorKind
    name: str
    account: int | None = None
    """The id of the account, for a person who signed in."""
    role: str = ""
    """The role in which a person acts ("lead")."""
    body: str = ""
    """The body or school for which a person acts."""
    only_closes: bool = False
    """At their school, this person may close and not open (core/permissions.py). Every act that opens asks."""

    @classmethod
    def typed(cls, name: str) -> Self:
        """Whoever a command names."""
        return cls(ActorKind.COMMAND, name)

    @classmethod
    def worker(cls, name: str = "worker") -> Self:
        """The product itself; `name` says as what ("worker", "letter withdrawn")."""
        return cls(ActorKind.WORKER, name)

    @classmethod
    def link(cls, link: int) -> Self:
        """Whoever files with the link of this number."""
        return cls(ActorKind.LINK, f"link {link}")

    def require_may_open(self) -> None:
        """Raise MayOnlyClose for somebody who may only close."""
        if self.only_closes:
            raise MayOnlyClose(
                "This lets somebody have the letter, or goes on with sending, and you may not do that yet.",
                "Another lead of your school does it now. If you came in by the school’s mailbox, you can when your "
                "first day is over.",
            )

    @property
    def text(self) -> str:
        """For the audit trail and the `*_by` columns: one line of at most 80 characters."""
        return " ".join(self.name.split())[:LONGEST]

    @property
    def is_person(self) -> bool:
        """A person is named: by an account, or by two words on the command line that are not a role's."""
        if self.kind is ActorKind.PERSON:
            return self.account is not None
        return self.kind is ActorKind.COMMAND and is_a_persons(self.name)


def is_a_persons(name: str) -> bool:
    """Whether a name is a person's, as far as its words show: two words at least, and none that is a role's."""
    words = name.lower().split()
    return len(words) >= 2 and not _OF_ROLES & set(words)


WORKING = Actor.worker()
"""The product, at work that nobody asked for just now."""
