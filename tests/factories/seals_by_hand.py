"""Seals that somebody made by hand: their own valid signatures over any record."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from everyfamily.core.agreement.approvals import approve
from everyfamily.core.agreement.seals import Seal, digest_of
from tests.factories.city import sealed_letter
from tests.factories.records import KEYS, SEALED_AT, SEALING


def demo_record() -> dict[str, Any]:
    """The record of the demo's letter, which renders, with signatories whose keys are at hand."""
    record: dict[str, Any] = json.loads(json.dumps(sealed_letter()[0].record))
    for who in (*record["letter"]["signatories"], *record["required_signatories"]):
        who["public_key"] = KEYS["police" if who["id"] == "police" else "council"].public_key
    return record


def seal_by_hand(record: dict[str, Any]) -> Seal:
    """Approve and seal a record, whatever is in it; `everyfamily seal` would refuse most of them.

    Raises what signing raises for a record that is no JSON.
    """
    digest = digest_of(record)
    required = record["required_signatories"]
    approvals = tuple(
        approve(reference=str(record["reference"]), digest=digest, signatory=who["id"], key=key, now=SEALED_AT)
        for who in required
        for key in KEYS.values()
        if key.public_key == who["public_key"]
    )
    at = SEALED_AT.isoformat(timespec="seconds")
    bare = Seal(record, digest, approvals, at, SEALING.public_key, "")
    return replace(bare, signature=SEALING.sign(bare.signed_bytes()))
