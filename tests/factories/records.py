"""Records of letters without rendering: small, quick, and in the shape that letters/files/record.py makes."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

from everyfamily.core.agreement.approvals import approve
from everyfamily.core.agreement.seals import Seal, digest_of, seal
from everyfamily.core.keys.approval_keys import ApprovalKey
from everyfamily.core.keys.signing import SigningKey
from everyfamily.core.partnership.bodies import Body
from everyfamily.letters.files.record import build_record
from tests.factories.letters import make_letter

SEALED_AT = datetime(2027, 2, 26, 16, 0, tzinfo=UTC)
KEYS = {"council": SigningKey.new(), "police": SigningKey.new()}
SEALING = SigningKey.new()


@cache
def small_record() -> dict[str, Any]:
    """A letter that the council and the police must approve, with one finding; do not change it."""
    letter = make_letter()
    letter = dataclasses.replace(
        letter,
        bodies=(
            *letter.bodies,
            Body("police", "police", "Eastmere Police", ("Eastmere", "Police"), "<svg/>"),
        ),
        signatories=tuple(
            dataclasses.replace(who, id=name, body=name, keys=(ApprovalKey.of_file(key.public_key),))
            for who, (name, key) in zip(letter.signatories, KEYS.items(), strict=True)
        ),
    )
    record = build_record(
        letter,
        {"en/letter.pdf": b"%PDF-1.7", "en/email.txt": b"Keeping children safe"},
        findings=[{"code": "RD001", "severity": "advice", "message": "Sentence has 31 words."}],
        waivers=[],
        rule_set="1",
        templates={"template": "1"},
    )
    read: dict[str, Any] = json.loads(json.dumps(record))
    return read


def sealed(record: dict[str, Any] | None = None) -> Seal:
    """The record, approved by both and sealed."""
    record = small_record() if record is None else record
    approvals = [
        approve(reference=record["reference"], digest=digest_of(record), signatory=name, key=key, now=SEALED_AT)
        for name, key in KEYS.items()
    ]
    return seal(record, approvals, key=SEALING, now=SEALED_AT)
