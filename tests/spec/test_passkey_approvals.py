"""When a passkey's signature counts is the table's."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from everyfamily.core.agreement.approvals import (
    Approval,
    ApprovalNotGood,
    RequiredSignatory,
    approval_bytes,
    check_approval,
)
from everyfamily.core.agreement.passkey_approvals import PasskeySignature, challenge_of
from everyfamily.core.keys.approval_keys import PASSKEY, ApprovalKey
from everyfamily.core.keys.provable_keys import fault_of
from everyfamily.core.keys.signing import SigningKey
from tests.factories.authenticator import SITE, Authenticator, b64, new_private, that
from tests.factories.each import each
from tests.spec.tables import table

NOW = datetime(2027, 2, 23, 10, 30, tzinfo=UTC)
DIGEST, OTHER_DIGEST = "0" * 64, "1" * 64
REFERENCE = "ES-2703-K7R4"
CASES = table("passkey_approvals")["case"]


@cache
def passkey(algorithm: str = "ES256") -> Authenticator:
    return Authenticator(new_private("ES256" if algorithm in ("another", "council") else algorithm))


def said_in(case: dict[str, Any], made: Authenticator) -> PasskeySignature:
    """What the passkey gives in the case."""
    signed = {
        "another digest": ("police", OTHER_DIGEST, NOW),
        "another time": ("police", DIGEST, NOW + timedelta(seconds=1)),
        "another signatory": ("council", DIGEST, NOW),
    }.get(case.get("words", ""), ("police", DIGEST, NOW))
    message = approval_bytes(REFERENCE, *signed[:2], signed[2].isoformat(timespec="seconds"))
    client = {name: None if one == "-" else one for name, one in case.get("client", {}).items()}
    if case.get("words") == "padded":
        client["challenge"] = challenge_of(message) + "="
    if "more" in client:
        client["more"] = "x" * 1_000_000
    said = that(made, client=client).signed(message)
    data = base64.b64decode(said.client_data)
    if "twice" in case:
        again = json.dumps({case["twice"]: "forged"})[1:-1].encode()
        said = made.signed_client_data(data[:-1] + b"," + again + b"}")
    if "more" in case:
        said = made.signed_client_data(data, bytes.fromhex(case["more"]))
    if name := case.get("changed"):
        raw = base64.b64decode(getattr(said, name))
        # A space keeps the JSON what it says.
        raw = raw + b" " if name == "client_data" else raw[:-1] + bytes([raw[-1] ^ 1])
        said = replace(said, **{name: b64(raw)})
    if name := case.get("cut"):
        said = replace(said, **{name: b64(base64.b64decode(getattr(said, name))[:36])})
    return said


@each("case", CASES)
def test_a_passkeys_signature_counts_as_the_table_says(case: dict[str, Any]) -> None:
    algorithm = case.get("key", "ES256")
    site = case.get("site", SITE)
    made = that(passkey(algorithm), rp_id=site, origin=case.get("origin", f"https://{SITE}"))
    made = that(made, flags=int(case.get("flags", "05"), 16))
    own = passkey("ES256" if algorithm in ("another", "council") else algorithm)
    keys = (that(own, rp_id="localhost" if site == "localhost" else SITE).key,)
    who = RequiredSignatory("police", "Eastmere Police", "A. Person", "Chief Constable", keys)
    council = RequiredSignatory("council", "Eastmere", "B. Person", "Director", (passkey("council").key,))
    said = said_in(case, made)
    at = NOW.isoformat(timespec="seconds")
    approval = Approval(
        REFERENCE, "police", DIGEST, at, said.signature, PASSKEY, said.authenticator_data, said.client_data
    )
    if "fault" not in case:
        assert check_approval(approval, (council, who)) is who
        return
    with pytest.raises(ApprovalNotGood) as problem:
        check_approval(approval, (council, who))
    assert problem.value.fact == f"The approval by Eastmere Police does not count, because {case['fault']}."


def required(*keys: ApprovalKey) -> tuple[RequiredSignatory, ...]:
    return (RequiredSignatory("police", "Eastmere Police", "A. Person", "Chief Constable", keys),)


def test_any_key_of_theirs_will_do_and_a_key_file_is_no_passkey() -> None:
    spare, file = passkey("EdDSA"), SigningKey.new()
    keys = (ApprovalKey.of_file(file.public_key), passkey().key, spare.key)
    approval = spare.approves(reference=REFERENCE, digest=DIGEST, signatory="police", now=NOW)
    assert check_approval(approval, required(*keys)).id == "police"
    for wrong in (keys[:1], keys[:2], ()):
        with pytest.raises(ApprovalNotGood, match="does not fit a key of theirs"):
            check_approval(approval, required(*wrong))
    # The same raw key as a key file's: what a passkey signs is never what a key file signs.
    raw = b64(spare.private.public_key().public_bytes_raw())
    with pytest.raises(ApprovalNotGood):
        check_approval(replace(approval, kind="ed25519"), required(ApprovalKey.of_file(raw)))
    with pytest.raises(ApprovalNotGood):
        check_approval(
            replace(approval, kind="ed25519", authenticator_data="", client_data=""),
            required(ApprovalKey.of_file(raw)),
        )


def test_an_approval_by_passkey_travels_as_a_row_and_one_by_a_key_file_as_before() -> None:
    approval = passkey().approves(reference=REFERENCE, digest=DIGEST, signatory="police", now=NOW)
    assert Approval.from_row(json.loads(json.dumps(approval.row()))) == approval
    assert set(approval.row()) == {
        *("reference", "signatory", "digest", "approved_at", "signature"),
        *("kind", "authenticator_data", "client_data"),
    }
    for name in approval.row():
        with pytest.raises(TypeError):
            Approval.from_row({key: value for key, value in approval.row().items() if key != name})
        with pytest.raises(TypeError):
            Approval.from_row({**approval.row(), name: 5})
    with pytest.raises(TypeError):
        Approval.from_row({**approval.row(), "kind": "ed25519"})
    with pytest.raises(TypeError):
        Approval.from_row([])  # type: ignore[arg-type]


@each(
    "public_key, rp_id",
    [
        ("", SITE),
        ("x" * 900, SITE),
        (b64(b"not DER"), SITE),
        (SigningKey.new().public_key, SITE),
        (passkey().key.public_key[:-4] + "AAAA", SITE),
        (passkey().key.public_key, ""),
        (passkey().key.public_key, "https://letters.eastmere.example"),
        (passkey().key.public_key, "Letters.eastmere.example"),
        (passkey().key.public_key, "127.0.0.1"),
        (passkey().key.public_key, "letters.eastmere.example."),
        (passkey().key.public_key, "eastmere\n.example"),
    ],
)
def test_what_could_prove_nothing_is_no_passkey(public_key: str, rp_id: str) -> None:
    assert fault_of(ApprovalKey(PASSKEY, public_key, rp_id)) is not None


def test_a_passkey_and_a_key_file_are_keys_and_each_has_its_own_fingerprint() -> None:
    keys = [passkey(name).key for name in ("ES256", "EdDSA", "RS256")]
    keys.append(ApprovalKey.of_file(SigningKey.new().public_key))
    keys.append(replace(keys[0], rp_id="localhost"))
    assert [fault_of(key) for key in keys] == [None] * 5
    assert len({key.fingerprint for key in keys}) == 5
    assert all(len(key.fingerprint.split()) == 5 for key in keys)
    assert [ApprovalKey.from_row(key.row()) for key in keys] == keys
    assert keys[0] == replace(keys[0], label="another name for it")
    for row in (
        {},
        {"kind": "ed25519"},
        {**keys[0].row(), "label": "x"},
        {**keys[3].row(), "rp_id": ""},
        [],
        None,
    ):
        with pytest.raises(ValueError, match="not a key"):
            ApprovalKey.from_row(row)  # type: ignore[arg-type]
