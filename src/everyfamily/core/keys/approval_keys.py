"""A key with which a signatory approves: a key file of their own, or a passkey that their device keeps.

The public half of a key file is base64 of the raw Ed25519 key, as `everyfamily key` prints it. That of a passkey is
base64 of its SubjectPublicKeyInfo (DER), as a browser's `getPublicKey()` gives it, with the site that it is for. A
passkey is an ES256, EdDSA or RS256 key (COSE -7, -8, -257): the last is what Windows makes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

ED25519, PASSKEY = "ed25519", "passkey"
KINDS: Final = (ED25519, PASSKEY)

LONGEST_KEY = 800
"""Characters of a public key. One of RSA with 4,096 bits has 736."""


@dataclass(frozen=True, slots=True)
class ApprovalKey:
    """One key of a signatory. `public_key` is base64 (see above), `rp_id` the site of a passkey and "" otherwise.

    `label` is what its owner calls it. It is not part of the key: two keys with other labels are equal, and no record
    or seal holds it.
    """

    kind: str
    public_key: str
    rp_id: str = ""
    label: str = field(default="", compare=False)

    @classmethod
    def of_file(cls, public_key: str) -> Self:
        """The key of a key file, by its public half."""
        return cls(ED25519, public_key)

    @property
    def is_passkey(self) -> bool:
        """Whether a device keeps it."""
        return self.kind == PASSKEY

    @property
    def fingerprint(self) -> str:
        """Twenty hex digits in groups of four, for two people to compare by phone. They cover the kind and the site."""
        digest = hashlib.sha256("\n".join((self.kind, self.rp_id, self.public_key)).encode()).hexdigest()
        return " ".join(digest[i : i + 4] for i in range(0, 20, 4))

    def row(self) -> dict[str, str]:
        """As in a record, a list of keys or an endorsement."""
        row = {"kind": self.kind, "public_key": self.public_key}
        return row | {"rp_id": self.rp_id} if self.is_passkey else row

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read what `row` gives. Raises ValueError for anything else. `fault_of` says whether the key can
        prove something."""
        passkey = isinstance(row, Mapping) and row.get("kind") == PASSKEY
        wanted = {"kind", "public_key", "rp_id"} if passkey else {"kind", "public_key"}
        if (
            not isinstance(row, Mapping)
            or row.keys() != wanted
            or not all(isinstance(v, str) for v in row.values())
        ):
            raise ValueError("not a key")
        if row["kind"] not in KINDS:
            raise ValueError("not a key of a kind that is known")
        return cls(**row)


def keys_in(row: Mapping[str, Any]) -> tuple[ApprovalKey, ...]:
    """The keys of a signatory's row in a record: its one `public_key`, or its `keys`. Raises ValueError."""
    if "keys" in row:
        if not isinstance(row["keys"], list | tuple):
            raise ValueError("not keys")
        return tuple(ApprovalKey.from_row(one) for one in row["keys"])
    public = row.get("public_key")
    if public is None:
        return ()
    if not isinstance(public, str):
        raise ValueError("not a key")
    return (ApprovalKey.of_file(public),)


def keys_row(keys: tuple[ApprovalKey, ...]) -> dict[str, Any]:
    """What a signatory's row in a record says of their keys.

    A signatory with only one key file has `public_key`, so that their letters keep the digest that older versions gave
    them.
    """
    if not keys:
        return {"public_key": None}
    if [key.kind for key in keys] == [ED25519]:
        return {"public_key": keys[0].public_key}
    return {"keys": [key.row() for key in keys]}
