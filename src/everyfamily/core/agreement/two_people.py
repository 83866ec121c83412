"""What one person may ask for about a sealed letter, and a second must agree to.

To stop is one person's, at once. To withdraw a letter for good is not, because nobody can undo it. Nor is to let a
mailing go on that somebody else stopped, because they had a reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError


class Act(StrEnum):
    """What waits for a second person."""

    WITHDRAW = "withdraw"
    GO_ON = "go on"


class AskingOver(EveryfamilyError):
    """What was asked for was agreed to or taken back meanwhile."""

    code = "EF453"


class AnotherPersonNeeded(EveryfamilyError):
    """Somebody would do with one pair of eyes what takes two."""

    code = "EF454"


class WithdrawalWaits(EveryfamilyError):
    """Somebody asked for the letter to be withdrawn, so it does not go out."""

    code = "EF455"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that somebody asked for."""

    id: int
    reference: str
    act: Act
    why: str
    at: datetime
    by: str
    account: int | None
    """None if it was asked on the machine itself."""

    def is_of(self, who: Actor) -> bool:
        """Whether this person asked for it."""
        return is_same_person(who, self.by, self.account)

    def require_another(self, who: Actor) -> None:
        """Raise AnotherPersonNeeded if the person who agrees is the one who asked."""
        if self.is_of(who):
            raise AnotherPersonNeeded(
                f"You asked for it yourself, so somebody else must agree to {_OF[self.act]}.",
                "Ask a coordinator or a signatory to look at the letter’s page.",
            )


def over() -> AskingOver:
    """It does not wait any more."""
    return AskingOver("This was agreed to or taken back meanwhile.", "Look at the letter’s page again.")


_OF = {Act.WITHDRAW: "withdraw it", Act.GO_ON: "let it go on"}


def is_same_person(who: Actor, name: str, account: int | None) -> bool:
    """Whether somebody is the one on record: by their account, and on the machine itself by the name they gave."""
    if who.account is not None or account is not None:
        return who.account == account
    return who.text.casefold() == name.casefold()


def stopped_by_another(who: Actor, pauses: Iterable[tuple[str, int | None]], asked: Iterable[Asked]) -> bool:
    """Whether anybody else paused the mailing, or asked for its letter to be withdrawn since it was paused."""
    return any(not is_same_person(who, name, account) for name, account in pauses) or any(
        one.act is Act.WITHDRAW and not one.is_of(who) for one in asked
    )
