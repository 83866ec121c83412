"""Who must agree before a letter may be sealed, and what an approval is.

An approval is a signature. Each signatory has keys of their own, and the partnership's file has the public halves: a
key file (Ed25519) under a passphrase, or a passkey that never leaves their device. Nobody without such a key can sign
as the police. An approval is given to one exact digest. If any byte under the digest changes, the approval is for other
words and counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from everyfamily.core.agreement.passkey_approvals import PasskeyFault, PasskeySignature, passkey_that_signed
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import require_whole_signs
from everyfamily.core.keys.approval_keys import ED25519, PASSKEY, ApprovalKey, keys_in
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
    """A signatory whose approval a letter needs, by any one of their keys."""

    id: str
    organisation: str
    name: str
    title: str
    keys: tuple[ApprovalKey, ...]

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read a row of a record's `required_signatories`. Raises KeyError, TypeError or ValueError."""
        own = ("id", "organisation", "name", "title")
        if row.keys() != {*own, "keys" if "keys" in row else "public_key"}:
            raise ValueError("a signatory has an id, an organisation, a name, a title and keys")
        return cls(**{name: row[name] for name in own}, keys=keys_in(row))


_OF_A_FILE = ("reference", "signatory", "digest", "approved_at", "signature")
_OF_A_PASSKEY = (*_OF_A_FILE, "kind", "authenticator_data", "client_data")


@dataclass(frozen=True, slots=True)
class Approval:
    """One signatory's consent to one exact digest (hex SHA-256). `signature` is base64."""

    reference: str
    signatory: str
    digest: str
    approved_at: str
    """ISO 8601 with offset."""
    signature: str
    kind: str = ED25519
    """What signed: ED25519, a key file; or PASSKEY, which also gives the two below."""
    authenticator_data: str = ""
    """Base64 of what the passkey's device said."""
    client_data: str = ""
    """Base64 of what its browser said: `clientDataJSON`, byte for byte."""

    def signed_bytes(self) -> bytes:
        """What the signatory's key signs. A passkey signs the challenge that is SHA-256 of it."""
        return approval_bytes(self.reference, self.signatory, self.digest, self.approved_at)

    def row(self) -> dict[str, str]:
        """As in a file of its own and in a seal. One by a key file has no `kind`, as before there were passkeys."""
        return {name: value for name, value in asdict(self).items() if name in _fields_of(self.kind)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read what `row` gives. Raises TypeError or ValueError for anything else.

        Reading proves nothing: call `check_approval`.
        """
        passkey = isinstance(row, Mapping) and row.get("kind") == PASSKEY
        if not isinstance(row, Mapping) or row.keys() != set(_OF_A_PASSKEY if passkey else _OF_A_FILE):
            raise TypeError("not the parts of an approval")
        if not all(isinstance(value, str) for value in row.values()):
            raise TypeError("an approval is text")
        require_whole_signs(row)
        return cls(**row)


def _fields_of(kind: str) -> tuple[str, ...]:
    return _OF_A_PASSKEY if kind == PASSKEY else _OF_A_FILE


def approval_bytes(reference: str, signatory: str, digest: str, approved_at: str) -> bytes:
    """The text of an approval for signing. The first line makes sure that it cannot be taken for anything else."""
    return "\n".join(("everyfamily approval 1", reference, signatory, digest, approved_at)).encode()


def approve(*, reference: str, digest: str, signatory: str, key: SigningKey, now: datetime) -> Approval:
    """Sign a digest as a signatory at `now` (aware)."""
    at = now.isoformat(timespec="seconds")
    return Approval(reference, signatory, digest, at, key.sign(approval_bytes(reference, signatory, digest, at)))


def key_of(approval: Approval, keys: Iterable[ApprovalKey]) -> ApprovalKey | None:
    """The key among `keys` that made the approval, or None."""
    return _key_or_fault(approval, keys)[0]


def _key_or_fault(
    approval: Approval, keys: Iterable[ApprovalKey]
) -> tuple[ApprovalKey | None, PasskeyFault | None]:
    signed = approval.signed_bytes()
    if approval.kind == PASSKEY:
        said = PasskeySignature(approval.signature, approval.authenticator_data, approval.client_data)
        return passkey_that_signed(signed, said, keys)
    if approval.authenticator_data or approval.client_data:
        return None, None
    for key in keys:
        if key.kind == approval.kind and signature_is_good(key.public_key, approval.signature, signed):
            return key, None
    return None, None


def check_approval(approval: Approval, required: Iterable[RequiredSignatory]) -> RequiredSignatory:
    """Return whose approval it is. Raise ApprovalNotGood if it is nobody's or its signature does not match."""
    for signatory in required:
        if signatory.id != approval.signatory:
            continue
        key, fault = _key_or_fault(approval, signatory.keys)
        if key is not None:
            return signatory
        if fault is not None:
            raise ApprovalNotGood(
                f"The approval by {signatory.organisation} does not count, because {fault}.",
                "Ask them to approve again with their own passkey, on the letter's own page.",
            )
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
