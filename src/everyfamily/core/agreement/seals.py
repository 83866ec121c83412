"""What a seal covers, its digest, and how anyone can check it.

The seal covers every rendered artefact with its gaps open, the passages, the route records, the findings, waivers and
the version of the rules (docs/adr/0009). The record is plain JSON. Its digest is SHA-256 over one canonical form of it.
The approvals sign the digest. The seal signs the digest and the approvals, and is published as one JSON file for each
reference.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from everyfamily.core.agreement.approvals import (
    Approval,
    LetterState,
    RequiredSignatory,
    good_approvals,
    state_from_approvals,
)
from everyfamily.core.agreement.endorsements import Endorsement
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import KeyStandsTwice, read_json
from everyfamily.core.keys.signing import SigningKey, signature_is_good

FORMAT, FORMAT_OF_KEYS = "everyfamily seal 1", "everyfamily seal 2"
"""The second is for a letter of which a signatory has a passkey or several keys, or an endorsed key. Otherwise nothing
differs, so that everything that was sealed before stays as it is."""

Record = Mapping[str, Any]


class NotEveryoneApproved(EveryfamilyError):
    """A letter cannot be sealed before every required signatory has approved its digest."""

    code = "EF303"


class SignatoriesDiffer(EveryfamilyError):
    """The people who must approve a letter are not the people printed as its signatories."""

    code = "EF315"


class SealNotReadable(EveryfamilyError):
    """A seal file does not have our format."""

    code = "EF304"


def canonical(value: object) -> bytes:
    """Write a JSON value in the one form that is signed: sorted keys, no spaces, UTF-8, no NaN."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(record: Record) -> str:
    """SHA-256 of the record's canonical bytes, in hex."""
    return hashlib.sha256(canonical(record)).hexdigest()


def fingerprint(digest: str) -> str:
    """The first twenty hex digits in groups of four, for people to compare.

    It has eighty bits. Twelve digits could be matched by other words with some days' work on one machine.
    """
    return " ".join(digest[i : i + 4] for i in range(0, 20, 4))


def required_signatories(record: Record) -> tuple[RequiredSignatory, ...]:
    """The people whose approval the record asks for. They are covered by the digest too."""
    return tuple(RequiredSignatory.from_row(row) for row in record["required_signatories"])


_WHO = ("id", "organisation", "name", "title")


def signatory_faults(record: Record) -> list[str]:
    """Say where the people who must approve differ from those whose names and signatures the letter prints.

    Each printed signatory must be required with the same key, and nobody else may be. A council and a police body must
    be among them, as in every partnership's file. Without this, a name could be taken off the list of those who must
    approve and still be printed. Raises KeyError or TypeError for a record with a different structure.
    """
    letter, required = record["letter"], record["required_signatories"]
    printed = letter["signatories"]
    faults = []
    if record["reference"] != letter["reference"]:
        faults.append("The record has another reference than its letter.")
    if required != [{name: who[name] for name in (*_WHO, _keys_name(who))} for who in printed]:
        faults.append("The people who must approve are not the people printed as signatories.")
    if len({who["id"] for who in printed}) != len(printed):
        faults.append("Two signatories have the same id.")
    kinds = {body["id"]: body["kind"] for body in letter["bodies"]}
    signing = {kinds.get(who["body"]) for who in printed}
    faults.extend(f"Nobody from the {kind} signs it." for kind in ("council", "police") if kind not in signing)
    return faults


def _keys_name(row: Mapping[str, Any]) -> str:
    return "keys" if "keys" in row else "public_key"


def format_of(record: Record, endorsements: Sequence[Endorsement] = ()) -> str:
    """The format of the record's seal."""
    rows = record.get("required_signatories")
    of_keys = isinstance(rows, list) and any(isinstance(row, dict) and "keys" in row for row in rows)
    return FORMAT_OF_KEYS if of_keys or endorsements else FORMAT


@dataclass(frozen=True, slots=True)
class Seal:
    """A record, the approvals of its digest, and the partnership's signature over both."""

    record: Record
    digest: str
    approvals: tuple[Approval, ...]
    sealed_at: str
    sealing_key: str
    """Base64 of the partnership's public sealing key."""
    signature: str
    endorsements: tuple[Endorsement, ...] = ()
    """Of keys that signed an approval and were in no signed list of keys yet."""

    @property
    def format(self) -> str:
        """FORMAT or FORMAT_OF_KEYS."""
        return format_of(self.record, self.endorsements)

    def signed_bytes(self) -> bytes:
        """What the sealing key signs."""
        said: dict[str, Any] = {
            "digest": self.digest,
            "approvals": sorted((one.row() for one in self.approvals), key=lambda row: row["signatory"]),
            "sealed_at": self.sealed_at,
        }
        return f"{self.format}\n".encode() + canonical(said | self._endorsed())

    def _endorsed(self) -> dict[str, Any]:
        rows = [one.row() for one in self.endorsements]
        return {"endorsements": rows} if self.format == FORMAT_OF_KEYS else {}

    def to_json(self) -> str:
        """The published form: one readable JSON file for each reference."""
        return json.dumps(
            {
                "format": self.format,
                "digest": self.digest,
                "sealed_at": self.sealed_at,
                "sealing_key": self.sealing_key,
                "signature": self.signature,
                "approvals": [approval.row() for approval in self.approvals],
                "record": self.record,
                **self._endorsed(),
            },
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> Seal:
        """Read a published seal; raises SealNotReadable. Reading proves nothing, so call `problems`."""
        try:
            data = read_json(text)
            if data["format"] not in (FORMAT, FORMAT_OF_KEYS):
                raise ValueError(data["format"])
            of_keys = data["format"] == FORMAT_OF_KEYS
            if data.keys() != (_PARTS | {"endorsements"} if of_keys else _PARTS):
                raise _unsigned()
            approvals = tuple(Approval.from_row(row) for row in data["approvals"])
            read = cls(
                record=data["record"],
                digest=data["digest"],
                approvals=approvals,
                sealed_at=data["sealed_at"],
                sealing_key=data["sealing_key"],
                signature=data["signature"],
                endorsements=tuple(Endorsement.from_row(row) for row in data.get("endorsements", ())),
            )
            _require_kinds(read)
            if data["format"] != read.format:
                raise ValueError("the format of another record")
            canonical(data)
            return read
        except KeyStandsTwice as problem:
            raise SealNotReadable(
                "A key is in the seal twice, so two programs could read two different letters from it.",
                "Take it for a forgery, and fetch the seal again from the partnership's site.",
            ) from problem
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise SealNotReadable(
                "The file is not a seal in the format this version reads.",
                "Fetch the seal again from the partnership's site.",
            ) from problem


_PARTS = frozenset({"format", "digest", "sealed_at", "sealing_key", "signature", "approvals", "record"})


def _unsigned() -> SealNotReadable:
    return SealNotReadable(
        "The seal has other parts than its own, which nobody has signed.",
        "Take it for a forgery, and fetch the seal again from the partnership's site.",
    )


def _require_kinds(read: Seal) -> None:
    """Raise TypeError or KeyError unless the parts have the types that later code relies on."""
    words = [read.digest, read.sealed_at, read.sealing_key, read.signature, read.record["reference"]]
    objects = (read.record, read.record["artefacts"], read.record["letter"])
    if not all(isinstance(word, str) for word in words) or not all(isinstance(one, dict) for one in objects):
        raise TypeError("a record, its letter and its artefacts are objects; everything else here is text")


def seal(
    record: Record,
    approvals: Sequence[Approval],
    *,
    key: SigningKey,
    now: datetime,
    endorsements: tuple[Endorsement, ...] = (),
) -> Seal:
    """Seal an approved record at `now` (aware).

    Raises NotEveryoneApproved with who is missing, and SignatoriesDiffer if those printed are not those who must
    approve.
    """
    digest = digest_of(record)
    required = required_signatories(record)
    if state_from_approvals(digest, approvals, required) is not LetterState.APPROVED:
        counted = good_approvals(digest, approvals, required)
        missing = ", ".join(signatory.organisation for signatory in required if signatory.id not in counted)
        raise NotEveryoneApproved(
            f"The letter with fingerprint {fingerprint(digest)} is not approved by {missing or 'anyone'}.",
            "Ask each of them to approve exactly this letter.",
        )
    for fault in signatory_faults(record):
        raise SignatoriesDiffer(fault, "Compose the letter again, and ask again for every approval.")
    bare = Seal(
        record=record,
        digest=digest,
        approvals=tuple(good_approvals(digest, approvals, required).values()),
        sealed_at=now.isoformat(timespec="seconds"),
        sealing_key=key.public_key,
        signature="",
        endorsements=endorsements,
    )
    return replace(bare, signature=key.sign(bare.signed_bytes()))


def problems(seal: Seal, *, sealing_key: str | None = None) -> list[str]:
    """Say what is wrong with a seal, in sentences. An empty list means that it is valid.

    `sealing_key` is the partnership's known public key. Without it, we can only say that the seal agrees with itself,
    and callers must say so.
    """
    found: list[str] = []
    if digest_of(seal.record) != seal.digest:
        found.append("The record was changed after it was approved.")
    if not signature_is_good(seal.sealing_key, seal.signature, seal.signed_bytes()):
        found.append("The partnership's signature does not fit.")
    if sealing_key is not None and seal.sealing_key != sealing_key:
        found.append("It was sealed with a key that is not the partnership's.")
    try:
        required = required_signatories(seal.record)
        counted = good_approvals(seal.digest, seal.approvals, required)
        faults = signatory_faults(seal.record)
    except (EveryfamilyError, KeyError, TypeError, ValueError, AttributeError) as problem:
        return [
            *found,
            problem.fact if isinstance(problem, EveryfamilyError) else "Its signatories are unreadable.",
        ]
    found.extend(faults if required else ["It asks for nobody's approval."])
    found.extend(f"{who.organisation} has not approved it." for who in required if who.id not in counted)
    return found
