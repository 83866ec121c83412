"""How a passkey comes to approve letters for a body: one person makes it, a second one of the same body confirms it.

Anyone who could put a key in by themselves would be the police. So a key waits until a colleague has compared its
fingerprint by phone, and every key that is new or has ended is shown beside each approval for 90 days. Even then it
counts only if the record of a letter names it, and the seal takes no key that the partnership has not pinned. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.approval_keys import ApprovalKey

SHOWN_FOR = timedelta(days=90)
"""How long a key that is new or has ended is shown beside each approval."""


class KeyOver(EveryfamilyError):
    """The key has ended, is confirmed already, or there is none."""

    code = "EF392"


class KeyNeedsAnother(EveryfamilyError):
    """The person who made a key cannot be the second person for it, and neither can anybody outside its body."""

    code = "EF393"


class PasskeyNotMade(EveryfamilyError):
    """What the browser sent is no new passkey for approving."""

    code = "EF394"


class EndorsementNotGood(EveryfamilyError):
    """What somebody gave is no endorsement of this key by a key of the body that counts."""

    code = "EF396"


class KeyHasEnded(EveryfamilyError):
    """Somebody approved with a key that its body has ended."""

    code = "EF398"


class KeyState(StrEnum):
    """How far a key is."""

    WAITS = "waits"
    """A second person of the body has not confirmed it."""
    CONFIRMED = "confirmed"
    """Confirmed. It approves nothing until the settings name it."""
    COUNTS = "counts"
    """The settings name it: a letter that is sent for approval from now on takes its approvals. It can be sealed with
    them once the key is in the signed list, or endorsed."""
    ENDED = "ended"
    """It approves nothing more."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A passkey that was just made, as its browser and device say it."""

    credential_id: str
    """Base64 for addresses, without padding."""
    key: ApprovalKey
    may_be_copied: bool


@dataclass(frozen=True, slots=True)
class EnrolledKey:
    """A signatory's passkey, and what became of it."""

    id: int
    signatory: str
    account: int
    credential_id: str
    key: ApprovalKey
    may_be_copied: bool
    made_by: str
    made_at: datetime
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    endorsement: str = ""
    ended_by: str = ""
    ended_at: datetime | None = None

    def state(self, *, is_named: bool) -> KeyState:
        """How far it is. `is_named`: the settings in force name it for its signatory."""
        if self.ended_at is not None:
            return KeyState.ENDED
        if self.confirmed_at is None:
            return KeyState.WAITS
        return KeyState.COUNTS if is_named else KeyState.CONFIRMED

    def is_news(self, now: datetime) -> bool:
        """Whether it was made or ended in the last 90 days."""
        return max(self.made_at, self.ended_at or self.made_at) >= now - SHOWN_FOR


def require_confirmable(key: EnrolledKey | None, *, account: int, body: str) -> EnrolledKey:
    """Raise KeyOver and KeyNeedsAnother unless this account, which acts for this body, may confirm the key."""
    if key is None or key.signatory != body or key.ended_at is not None or key.confirmed_at is not None:
        raise KeyOver("This key does not wait for anybody.", "Look at the keys of your body again.")
    if key.account == account:
        raise KeyNeedsAnother(
            "You made this key, so you cannot confirm it.", "Ask a second person who signs for your body."
        )
    return key


def require_not_ended(key: ApprovalKey | None, known: Iterable[EnrolledKey]) -> None:
    """Raise KeyHasEnded if the key that approved is one that its body has ended, whatever the settings still name."""
    if any(one.key == key and one.ended_at is not None for one in known):
        raise KeyHasEnded(
            "Your body has ended this key, so it approves nothing.",
            "Use another key, and ask your administrator to take this one out of the settings.",
        )
