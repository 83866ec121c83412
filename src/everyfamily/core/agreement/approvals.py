"""Who must agree before a letter may be sealed, and what an approval is.

An approval is a signature. Each signatory has their own Ed25519 key, protected by a passphrase, and the partnership's
file has its public half. Nobody without the key can sign as the police. An approval is given to one exact digest. If
any byte under the digest changes, the approval is for other words and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.signing import SigningKey, signature_is_good


class LetterState(StrEnum):
    """How far a letter is between being written and being stopped."""

    DRAFT = "draft"
    """Nobody has approved these words."""
    IN_REVIEW = "in review"
    """Some, but not all, required signatories have approved these words."""
    APPROVED = "approved"
    """Every required signatory has approved these words."""
    SEALED = "sealed"
    """Signed with the partnership's sealing key. It can be sent and cannot change."""
    WITHDRAWN = "withdrawn"
    """Sealed and then stopped, but never deleted."""


MOVES: dict[LetterState, frozenset[LetterState]] = {
    LetterState.DRAFT: frozenset({LetterState.IN_REVIEW, LetterState.APPROVED}),
    LetterState.IN_REVIEW: frozenset({LetterState.DRAFT, LetterState.APPROVED}),
    LetterState.APPROVED: frozenset({LetterState.DRAFT, LetterState.SEALED}),
    LetterState.SEALED: frozenset({LetterState.WITHDRAWN}),
    LetterState.WITHDRAWN: frozenset(),
}


class MoveNotAllowed(EveryfamilyError):
    """The letter cannot go from its present state to the one asked for."""

    code = "EF301"


class ApprovalNotGood(EveryfamilyError):
    """An approval is not by a required signatory, or its signature does not match."""

    code = "EF302"


@dataclass(frozen=True, slots=True)
class RequiredSignatory:
    """A signatory whose approval a letter needs. `public_key` is base64 of the raw Ed25519 key."""

    id: str
    organisation: str
    name: str
    title: str
    public_key: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One signatory's consent to one exact digest (hex SHA-256). `signature` is base64."""

    reference: str
    signatory: str
    digest: str
    approved_at: str
    """ISO 8601 with offset."""
    signature: str

    def signed_bytes(self) -> bytes:
        """What the signatory's key signs."""
        return approval_bytes(self.reference, self.signatory, self.digest, self.approved_at)


def approval_bytes(reference: str, signatory: str, digest: str, approved_at: str) -> bytes:
    """The text of an approval for signing. The first line makes sure that it cannot be taken for anything else."""
    return "\n".join(("everyfamily approval 1", reference, signatory, digest, approved_at)).encode()


def approve(*, reference: str, digest: str, signatory: str, key: SigningKey, now: datetime) -> Approval:
    """Sign a digest as a signatory at `now` (aware)."""
    at = now.isoformat(timespec="seconds")
    return Approval(reference, signatory, digest, at, key.sign(approval_bytes(reference, signatory, digest, at)))


def check_approval(approval: Approval, required: Iterable[RequiredSignatory]) -> RequiredSignatory:
    """Return whose approval it is. Raise ApprovalNotGood if it is nobody's or its signature does not match."""
    for signatory in required:
        if signatory.id != approval.signatory:
            continue
        if signature_is_good(signatory.public_key, approval.signature, approval.signed_bytes()):
            return signatory
        raise ApprovalNotGood(
            f"The signature in the approval by {signatory.organisation} does not fit its public key.",
            "Ask them to approve again with their own key, or correct public_key in the partnership's file.",
        )
    raise ApprovalNotGood(
        f'The approval names "{approval.signatory}", who is not a required signatory of this letter.',
        "Use the id of a signatory in the partnership's file.",
    )


def good_approvals(
    digest: str, approvals: Iterable[Approval], required: Iterable[RequiredSignatory]
) -> dict[str, Approval]:
    """Keep the approvals that count for `digest`: right words, required signatory, valid signature."""
    wanted = tuple(required)
    counted: dict[str, Approval] = {}
    for approval in approvals:
        if approval.digest != digest:
            continue
        counted[check_approval(approval, wanted).id] = approval
    return counted


def state_from_approvals(
    digest: str, approvals: Iterable[Approval], required: Iterable[RequiredSignatory]
) -> LetterState:
    """Say how far an unsealed letter has been agreed."""
    wanted = tuple(required)
    counted = good_approvals(digest, approvals, wanted)
    if not counted:
        return LetterState.DRAFT
    return LetterState.APPROVED if len(counted) == len(wanted) else LetterState.IN_REVIEW


def move(current: LetterState, to: LetterState) -> LetterState:
    """Return `to` if a letter may go there. Otherwise raise MoveNotAllowed."""
    if to not in MOVES[current]:
        raise MoveNotAllowed(
            f'A letter that is "{current}" cannot become "{to}".',
            "Compose a new letter with its own reference."
            if current in _ENDED
            else "Collect the approvals first.",
        )
    return to


_ENDED = frozenset({LetterState.SEALED, LetterState.WITHDRAWN})
