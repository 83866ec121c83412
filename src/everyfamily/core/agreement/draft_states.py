"""How far a letter that is being written is, and what keeps it from being sealed.

    writing -> asked -> approved -> sealed

Asked: its words are frozen, and wait for approvals. Any later change of a word, a waiver, the date, or of what the
settings put into the letter makes the frozen version overtaken: the letter is being written again, and whatever was
approved counts for nothing. Reviewers must have spoken before the seal, not before the approvals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class DraftState(StrEnum):
    """How far a draft is."""

    WRITING = "writing"
    """Nobody was asked to approve the words that it has now."""
    ASKED = "asked"
    """Its words are frozen, and somebody who must approve them has not done so yet."""
    APPROVED = "approved"
    """Everybody who must has approved exactly these words."""
    SEALED = "sealed"
    """It is a letter now, and never changes."""
    ENDED = "ended"
    """Somebody gave it up before it was sealed."""


class WhyNotSealed(StrEnum):
    """What keeps a frozen version from being sealed."""

    NOT_FROZEN = "its words are not frozen"
    OVERTAKEN = "the letter has other words now"
    NOT_APPROVED = "somebody has not approved it"
    NOT_REVIEWED = "no reviewer has spoken"
    CHANGE_ASKED = "a reviewer asks for a change"
    SEALED = "it is sealed"
    ENDED = "it was given up"


@dataclass(frozen=True, slots=True)
class DraftStanding:
    """What is known of a draft and its newest frozen version. `required` and `approved` are ids of signatories."""

    is_frozen: bool = False
    is_overtaken: bool = False
    required: frozenset[str] = frozenset()
    approved: frozenset[str] = frozenset()
    needs_review: bool = False
    """There is somebody whose role is reviewer."""
    is_reviewed: bool = False
    change_is_asked: bool = False
    is_sealed: bool = False
    is_ended: bool = False

    @property
    def missing(self) -> frozenset[str]:
        """Those who must approve and have not."""
        return self.required - self.approved


def state_of(standing: DraftStanding) -> DraftState:
    """How far the draft is."""
    if standing.is_sealed:
        return DraftState.SEALED
    if standing.is_ended:
        return DraftState.ENDED
    if not standing.is_frozen or standing.is_overtaken:
        return DraftState.WRITING
    # A version for which nobody was asked is approved by nobody.
    return DraftState.ASKED if standing.missing or not standing.required else DraftState.APPROVED


def why_not_sealed(standing: DraftStanding) -> tuple[WhyNotSealed, ...]:
    """Everything that keeps it from being sealed. Empty if it may be."""
    return tuple(_reasons(standing))


def _reasons(standing: DraftStanding) -> Iterator[WhyNotSealed]:
    if standing.is_sealed:
        yield WhyNotSealed.SEALED
        return
    if standing.is_ended:
        yield WhyNotSealed.ENDED
    if not standing.is_frozen:
        yield WhyNotSealed.NOT_FROZEN
    if standing.is_overtaken:
        yield WhyNotSealed.OVERTAKEN
    if standing.missing or not standing.required:
        yield WhyNotSealed.NOT_APPROVED
    if standing.needs_review and not standing.is_reviewed:
        yield WhyNotSealed.NOT_REVIEWED
    if standing.change_is_asked:
        yield WhyNotSealed.CHANGE_ASKED
