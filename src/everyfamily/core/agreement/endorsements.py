"""An endorsement: a key of a body says that a further key of the same body counts too.

It is how a signatory gets a new passkey without waiting for the person who holds the partnership's sealing key. Only a
key that is in the list which that person signed (signatory_keys.py) can endorse. An endorsed key endorses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Self

from everyfamily.core.agreement.passkey_approvals import PasskeySignature, passkey_fault
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import read_json, require_whole_signs
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey, signature_is_good

FORMAT = "everyfamily endorsement 1"
ENDORSEMENT_BYTES = 16 * 1024
"""More than any has."""

_ASKED = ("partnership", "body", "signatory")
_SIGNED = ("endorsed_at", "signature")
_BY_PASSKEY = ("authenticator_data", "client_data")


class EndorsementNotReadable(EveryfamilyError):
    """A file is not an endorsement."""

    code: ClassVar[str] = "EF324"


@dataclass(frozen=True, slots=True)
class KeyToEndorse:
    """A further key, and whose it is to be: `body` and `signatory` are ids of the partnership's file."""

    partnership: str
    """The partnership's name, so that an endorsement for one counts in no other."""
    body: str
    signatory: str
    key: ApprovalKey

    def _row(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _ASKED} | {"key": self.key.row()}

    @classmethod
    def _from_row(cls, row: Mapping[str, Any]) -> Self:
        asked = {name: _text(row[name]) for name in _ASKED}
        return cls(**asked, key=ApprovalKey.from_row(row["key"]))


def endorsement_bytes(what: KeyToEndorse, endorsed_at: str) -> bytes:
    """What the endorsing key signs (a passkey signs SHA-256 of it, as for an approval).

    The partnership's name is last: no other part can have a line break and still be the id of anything.
    """
    key = what.key
    parts = (what.body, what.signatory, key.kind, key.rp_id, key.public_key, endorsed_at, what.partnership)
    return "\n".join((FORMAT, *parts)).encode()


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A signature of the key `by` over a further key of the same body."""

    what: KeyToEndorse
    by: ApprovalKey
    endorsed_at: str
    """ISO 8601 with offset."""
    signature: str
    authenticator_data: str = ""
    client_data: str = ""

    def row(self) -> dict[str, Any]:
        """As in a file of its own and in a seal."""
        names = (*_SIGNED, *_BY_PASSKEY) if self.by.is_passkey else _SIGNED
        return self.what._row() | {"by": self.by.row()} | {name: getattr(self, name) for name in names}

    def to_json(self) -> str:
        """The file of its own."""
        return _json(self.row())

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Read what `row` gives. Raises ValueError, KeyError or TypeError. Reading proves nothing: call `is_good`."""
        by = ApprovalKey.from_row(row["by"])
        names = (*_SIGNED, *_BY_PASSKEY) if by.is_passkey else _SIGNED
        _part(row, {*_ASKED, "key", "by", *names})
        return cls(KeyToEndorse._from_row(row), by, **{name: _text(row[name]) for name in names})

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a file. Raises EndorsementNotReadable. Reading proves nothing: call `is_good`."""
        try:
            return cls.from_row(_read(text))
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise _not_readable() from problem

    def is_good(self) -> bool:
        """Whether the key `by` signed exactly this. It does not say that the key may."""
        signed = endorsement_bytes(self.what, self.endorsed_at)
        if self.by.is_passkey:
            said = PasskeySignature(self.signature, self.authenticator_data, self.client_data)
            return passkey_fault(signed, said, (self.by,)) is None
        bare = not self.authenticator_data and not self.client_data
        return bare and signature_is_good(self.by.public_key, self.signature, signed)


def endorse(what: KeyToEndorse, *, key: SigningKey, now: datetime) -> Endorsement:
    """Endorse a further key with a key file at `now` (aware)."""
    at = now.isoformat(timespec="seconds")
    return Endorsement(what, ApprovalKey.of_file(key.public_key), at, key.sign(endorsement_bytes(what, at)))


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps({"format": FORMAT, **row}, ensure_ascii=False, indent=1, sort_keys=True)


def _read(text: str | bytes) -> dict[str, Any]:
    data = read_json(text)
    require_whole_signs(data)
    if not isinstance(data, dict) or data.pop("format") != FORMAT:
        raise ValueError("another format")
    return data


def _part(row: Mapping[str, Any], wanted: set[str]) -> Mapping[str, Any]:
    if not isinstance(row, Mapping) or row.keys() != wanted:
        raise ValueError("other parts than its own")
    return row


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("all of it is text")
    return value


def _not_readable() -> EndorsementNotReadable:
    return EndorsementNotReadable(
        "The file is not an endorsement of a key in the format that this version reads.",
        "Get it again from the page of your keys.",
    )
