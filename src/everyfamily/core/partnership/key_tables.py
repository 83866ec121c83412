"""The keys of a signatory in the partnership's TOML file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from everyfamily.core.files.toml_files import StrictModel, like
from everyfamily.core.keys.approval_keys import LONGEST_KEY, ApprovalKey
from everyfamily.core.keys.provable_keys import fault_of
from everyfamily.core.keys.signing import is_public_key


def _public_key(text: str) -> str:
    if not is_public_key(text):
        raise ValueError("is not a public key that a signature could be proven with")
    return text


_PUBLIC_KEY = r"^[A-Za-z0-9+/]{43}=$"
PublicKey = Annotated[
    str,
    Field(json_schema_extra={"pattern": _PUBLIC_KEY}),
    AfterValidator(like(_PUBLIC_KEY, "write the 44 characters that were printed when the key was made")),
    AfterValidator(_public_key),
]
"""The public half of a key file."""


class ApprovalKeyTable(StrictModel):
    """[[signatories.keys]]: a passkey of the person, or a further key file."""

    kind: Literal["passkey", "ed25519"]
    public_key: Annotated[str, Field(max_length=LONGEST_KEY)]
    """Base64: of a key file as it was printed, of a passkey as the page shows it."""
    rp_id: str = ""
    """The site that a passkey is for, such as letters.example.org."""
    label: Annotated[str, Field(max_length=40)] = ""
    """What its owner calls it, such as "security key". It is never part of a letter."""

    def key(self) -> ApprovalKey:
        """As a value."""
        return ApprovalKey(self.kind, self.public_key, self.rp_id, self.label)

    @model_validator(mode="after")
    def _proves_something(self) -> Self:
        if self.kind == "ed25519" and self.rp_id:
            raise ValueError("only a passkey has an rp_id")
        if (fault := fault_of(self.key())) is not None:
            raise ValueError(f"it {fault}")
        return self


def fault_of_keys(keys: Mapping[str, Iterable[ApprovalKey]], *, demonstration: bool) -> tuple[str, str] | None:
    """What is wrong with all keys together (by signatory), and what to do.

    With a key that two people have, one could approve for the other.
    """
    owner: dict[str, str] = {}
    for who, own in keys.items():
        for key in own:
            if key.public_key in owner:
                first = owner[key.public_key]
                return (
                    f'The signatory "{who}" has a key that "{first}" has already.',
                    "Give each signatory keys of their own, and name each only once.",
                )
            owner[key.public_key] = who
            if key.rp_id == "localhost" and not demonstration:
                return (
                    f'A passkey of "{who}" is for this machine only (localhost).',
                    "Make the passkey on the address where your people sign in.",
                )
    return None
