"""The list of signatories' keys that the person who holds the partnership's sealing key has signed.

Anyone who can put a key in can be the police. The settings are in a database, and somebody may come to write there who
should not. So the keys that count are in this list too: a file beside the sealing key, signed with it by a person who
compared each key by phone, and published with the seals. Sealing and verifying believe it and not the database. A key
stays in the list after it has ended, so that what it approved before can still be verified.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Self

from everyfamily.core.agreement.approvals import Approval
from everyfamily.core.agreement.endorsements import Endorsement
from everyfamily.core.agreement.known_signatories import Known, unknown_signatories
from everyfamily.core.agreement.seals import Record, Seal, canonical
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import read_json
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey, signature_is_good
from everyfamily.core.partnership.bodies import Signatory

FORMAT = "everyfamily signatory keys 1"
NAMED_IN = "the signed list of keys"
_FIELDS = ("partnership", "signed_at", "sealing_key", "signature")


class KeyListNotReadable(EveryfamilyError):
    """A file is not a signed list of signatories' keys."""

    code: ClassVar[str] = "EF318"


class KeyNotPinned(EveryfamilyError):
    """Somebody approved with a key that the signed list does not have, so the letter is not sealed."""

    code: ClassVar[str] = "EF322"


@dataclass(frozen=True, slots=True)
class PinnedKey:
    """A key, and when it ended (ISO 8601, aware), or None while it counts."""

    key: ApprovalKey
    ended_at: str | None = None

    def counts_at(self, at: datetime) -> bool:
        """Whether it had not ended."""
        return self.ended_at is None or at < datetime.fromisoformat(self.ended_at)


@dataclass(frozen=True, slots=True)
class PinnedSignatory:
    """A signatory: `id`, `body` and `organisation` as in the partnership's file."""

    id: str
    body: str
    organisation: str
    since: str
    """When the signatory came into the list. No letter that was sealed before had to ask them."""
    keys: tuple[PinnedKey, ...]

    def keys_at(self, at: datetime) -> tuple[ApprovalKey, ...]:
        """The keys that counted."""
        return tuple(one.key for one in self.keys if one.counts_at(at))


@dataclass(frozen=True, slots=True)
class SignatoryKeys:
    """The signed list. Reading one proves nothing: call `fault`."""

    partnership: str
    signatories: tuple[PinnedSignatory, ...]
    signed_at: str
    sealing_key: str
    signature: str

    def known_at(self, at: datetime, endorsements: Iterable[Endorsement] = ()) -> Known:
        """The keys of each signatory that counted at `at` (aware), with those that are endorsed."""
        known = {who.id: set(who.keys_at(at)) for who in self.signatories}
        for one in self.endorsed_at(at, endorsements):
            known[one.what.signatory].add(one.what.key)
        return known

    def endorsed_at(self, at: datetime, endorsements: Iterable[Endorsement]) -> Iterator[Endorsement]:
        """The endorsements that count: by a key of the same body that counts, of a key that the list does not have."""
        by_id = {who.id: who for who in self.signatories}
        listed = {one.key.public_key for who in self.signatories for one in who.keys}
        for one in endorsements:
            who = by_id.get(one.what.signatory)
            if who is None or (one.what.partnership, one.what.body) != (self.partnership, who.body):
                continue
            of_body = [key for other in self.signatories if other.body == who.body for key in other.keys_at(at)]
            if one.by in of_body and one.what.key.public_key not in listed and one.is_good():
                yield one

    def counting(self) -> list[tuple[str, ApprovalKey]]:
        """Each key that had not ended when the list was signed, with its signatory's id."""
        at = datetime.fromisoformat(self.signed_at)
        return [(who.id, key) for who in self.signatories for key in who.keys_at(at)]

    def asked_at(self, at: datetime) -> frozenset[str]:
        """The signatories who had to be asked."""
        return frozenset(
            who.id for who in self.signatories if who.keys_at(at) and datetime.fromisoformat(who.since) <= at
        )

    def unknown(
        self,
        record: Record,
        approvals: Iterable[Approval],
        at: datetime,
        endorsements: Iterable[Endorsement] = (),
    ) -> list[str]:
        """Say in sentences where those who approved a record, sealed at `at` (aware), are not those in the list."""
        if record["letter"].get("partnership") != self.partnership:
            return ["The signed list of keys is another partnership's."]
        known = self.known_at(at, endorsements)
        return unknown_signatories(record, approvals, known, named_in=NAMED_IN, asked=self.asked_at(at))

    def fault(self, sealing_key: str) -> str | None:
        """Why the list does not count where seals are signed with `sealing_key`, in a sentence, or None."""
        if self.sealing_key != sealing_key:
            return "The list of keys was signed with another key than the partnership's sealing key."
        if not signature_is_good(self.sealing_key, self.signature, self.signed_bytes()):
            return "The signature under the list of keys does not fit."
        return None

    def faults_of(self, seal: Seal) -> list[str]:
        """Say in sentences what is wrong with a seal that has no `problems`, if this list is published with it."""
        if (fault := self.fault(seal.sealing_key)) is not None:
            return [fault]
        try:
            at = _aware(seal.sealed_at)
        except ValueError:
            return ["The day on which it was sealed cannot be read."]
        return self.unknown(seal.record, seal.approvals, at, seal.endorsements)

    def signed_bytes(self) -> bytes:
        """What the sealing key signs."""
        said = {name: value for name, value in self._row().items() if name != "signature"}
        return FORMAT.encode() + b"\n" + canonical(said)

    def _row(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS} | {
            "signatories": [_signatory_row(who) for who in self.signatories]
        }

    def to_json(self) -> str:
        """The published form."""
        return json.dumps({"format": FORMAT, **self._row()}, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a published list. Raises KeyListNotReadable."""
        try:
            data = read_json(text)
            if data.keys() != {"format", "signatories", *_FIELDS} or data["format"] != FORMAT:
                raise ValueError("another format")
            if not all(isinstance(data[name], str) for name in _FIELDS):
                raise TypeError("all of it is text")
            found = tuple(_signatory(row) for row in _list(data["signatories"]))
            _aware(data["signed_at"])
            read = cls(signatories=found, **{name: data[name] for name in _FIELDS})
            if len({who.id for who in found}) != len(found):
                raise ValueError("a signatory is there twice")
            read.signed_bytes()
            return read
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
            raise KeyListNotReadable(
                "The file is not a list of signatories' keys in the format that this version reads.",
                "Get it again from the person who holds the partnership's sealing key.",
            ) from problem


def require_pinned(
    keys: SignatoryKeys,
    record: Record,
    approvals: Iterable[Approval],
    *,
    now: datetime,
    endorsements: Iterable[Endorsement] = (),
) -> tuple[Endorsement, ...]:
    """The endorsements that a seal at `now` needs. Raises KeyNotPinned if a key that signed is not in the list.

    `approvals` are good (`good_approvals`).
    """
    good, approved = {one.what.key: one for one in keys.endorsed_at(now, endorsements)}, tuple(approvals)
    for fault in keys.unknown(record, approved, now, good.values()):
        raise KeyNotPinned(
            fault,
            "Find out whose key it is. If it is theirs, let the person who holds the sealing key sign the list again.",
        )
    return tuple(
        one
        for one in good.values()
        if keys.unknown(record, approved, now, [other for other in good.values() if other is not one])
    )


def signed_list(
    partnership: str,
    signatories: Iterable[Signatory],
    *,
    before: SignatoryKeys | None,
    endorsements: Iterable[Endorsement] = (),
    key: SigningKey,
    now: datetime,
) -> SignatoryKeys:
    """The next list, signed at `now` (aware).

    A key that was in the one `before`, or was endorsed since, and is not a signatory's now, ends.
    """
    at = now.isoformat(timespec="seconds")
    known: dict[str, PinnedSignatory] = {who.id: who for who in before.signatories} if before else {}
    if before is not None:
        for one in before.endorsed_at(now, endorsements):
            was = known[one.what.signatory]
            known[was.id] = replace(was, keys=(*was.keys, PinnedKey(one.what.key)))
    there = {who.id: who for who in signatories}
    made = [
        PinnedSignatory(
            who.id,
            who.body,
            who.organisation,
            known[who.id].since if who.id in known else at,
            (*(PinnedKey(one) for one in who.keys), *_ended(known.get(who.id), who.keys, at)),
        )
        for who in there.values()
    ]
    made += [replace(who, keys=tuple(_ended(who, (), at))) for who in known.values() if who.id not in there]
    bare = SignatoryKeys(partnership, tuple(made), at, key.public_key, "")
    return replace(bare, signature=key.sign(bare.signed_bytes()))


def _ended(before: PinnedSignatory | None, now: tuple[ApprovalKey, ...], at: str) -> Iterator[PinnedKey]:
    for one in before.keys if before is not None else ():
        if one.key not in now:
            yield PinnedKey(one.key, one.ended_at or at)


def _signatory_row(who: PinnedSignatory) -> dict[str, Any]:
    keys = [one.key.row() | ({"ended_at": one.ended_at} if one.ended_at else {}) for one in who.keys]
    return {"id": who.id, "body": who.body, "organisation": who.organisation, "since": who.since, "keys": keys}


def _signatory(row: Mapping[str, Any]) -> PinnedSignatory:
    own = ("id", "body", "organisation", "since")
    if row.keys() != {*own, "keys"} or not all(isinstance(row[name], str) for name in own):
        raise ValueError("other parts than its own")
    _aware(row["since"])
    keys = tuple(_pinned(one) for one in _list(row["keys"]))
    return PinnedSignatory(**{name: row[name] for name in own}, keys=keys)


def _pinned(row: Mapping[str, Any]) -> PinnedKey:
    ended = row.get("ended_at")
    if ended is not None:
        _aware(ended)
    return PinnedKey(
        ApprovalKey.from_row({name: value for name, value in row.items() if name != "ended_at"}), ended
    )


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _aware(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at
