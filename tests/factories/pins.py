"""A small letter whose signatories have passkeys, and the signed list that has their keys."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from everyfamily.core.agreement.approvals import Approval, approve
from everyfamily.core.agreement.endorsements import Endorsement, KeyToEndorse, endorsement_bytes
from everyfamily.core.agreement.seals import digest_of
from everyfamily.core.agreement.signatory_keys import SignatoryKeys, signed_list
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.letters.files.record import build_record, letter_of
from tests.factories.authenticator import Authenticator, new_private
from tests.factories.records import KEYS, SEALED_AT, SEALING, small_record

LISTED_AT = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
ENDORSED_AT = SEALED_AT - timedelta(days=1)


@cache
def passkey_of(who: str) -> Authenticator:
    """The one passkey of somebody in the tests."""
    return Authenticator(new_private())


def file_key(key: SigningKey) -> ApprovalKey:
    """The public half of a key file."""
    return ApprovalKey.of_file(key.public_key)


def own_keys(*, more: Mapping[str, tuple[ApprovalKey, ...]] | None = None) -> dict[str, tuple[ApprovalKey, ...]]:
    """The council has its key file; the police have theirs and a passkey. With `more` keys of each."""
    own = {
        "council": (file_key(KEYS["council"]),),
        "police": (file_key(KEYS["police"]), passkey_of("police").key),
    }
    return {who: (*keys, *(more or {}).get(who, ())) for who, keys in own.items()}


def record_with(keys: Mapping[str, tuple[ApprovalKey, ...]], **letter: Any) -> dict[str, Any]:
    """The small record, of signatories with these keys; `letter` are fields of Letter."""
    made = letter_of(small_record())
    signatories = tuple(dataclasses.replace(who, keys=keys[who.id]) for who in made.signatories)
    made = dataclasses.replace(made, **{"signatories": signatories, **letter})
    again = build_record(
        made, {"en/letter.pdf": b"%PDF-1.7"}, findings=[], waivers=[], rule_set="1", templates={"template": "1"}
    )
    read: dict[str, Any] = json.loads(json.dumps(again))
    return read


def list_of(
    keys: Mapping[str, tuple[ApprovalKey, ...]],
    *,
    before: SignatoryKeys | None = None,
    key: SigningKey = SEALING,
    now: datetime = LISTED_AT,
    **more: Any,
) -> SignatoryKeys:
    """The list with these keys, signed with `key`."""
    letter = letter_of(small_record())
    signatories = [dataclasses.replace(who, keys=keys[who.id]) for who in letter.signatories if who.id in keys]
    return signed_list(letter.partnership, signatories, before=before, key=key, now=now, **more)


def asked(key: ApprovalKey, **fields: str) -> KeyToEndorse:
    """A further key of the police; `fields` are others of it."""
    whole = {"partnership": str(small_record()["letter"]["partnership"]), "body": "police", "signatory": "police"}
    return KeyToEndorse(**{**whole, **fields}, key=key)


def by_passkey(key: ApprovalKey, passkey: Authenticator, what: KeyToEndorse | None = None) -> Endorsement:
    """An endorsement of `key` (or of another that is asked for) by a passkey, on the day before the seal."""
    what, at = what or asked(key), ENDORSED_AT.isoformat(timespec="seconds")
    said = passkey.signed(endorsement_bytes(what, at))
    return Endorsement(what, passkey.key, at, said.signature, said.authenticator_data, said.client_data)


def approved(record: Mapping[str, Any], *, police: Authenticator | SigningKey | None = None) -> list[Approval]:
    """The approvals of the council by its key file, and of the police by their passkey or by another key."""
    what = {"reference": record["reference"], "digest": digest_of(record), "now": SEALED_AT}
    by = police if police is not None else passkey_of("police")
    return [
        approve(signatory="council", key=KEYS["council"], **what),
        approve(signatory="police", key=by, **what)
        if isinstance(by, SigningKey)
        else by.approves(signatory="police", **what),
    ]
