"""Approvals by passkey, endorsements, lists of keys and seals of the second kind come from others: read or refused."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyfamily.core.agreement.approvals import check_approval
from everyfamily.core.agreement.endorsements import Endorsement
from everyfamily.core.agreement.seals import Seal, problems, required_signatories
from everyfamily.core.agreement.signatory_keys import SignatoryKeys
from everyfamily.letters.files.agreeing import seal_record
from everyfamily.letters.files.letter_zip import approval_as_bytes, approval_in
from tests.factories.pins import approved, by_passkey, list_of, own_keys, passkey_of, record_with
from tests.factories.records import SEALED_AT, SEALING
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome
from tests.fuzz.test_letters import VALUES, places

NEW = passkey_of("new of the police")
RECORD = record_with(own_keys(more={"police": (NEW.key,)}))
KEYS = list_of(own_keys())
ENDORSED = by_passkey(NEW.key, passkey_of("police"))
APPROVALS = approved(RECORD, police=NEW)
MADE = seal_record(RECORD, APPROVALS, key=SEALING, now=SEALED_AT, keys=KEYS, endorsements=[ENDORSED])
OURS = [
    MADE.to_json().encode(),
    KEYS.to_json().encode(),
    ENDORSED.to_json().encode(),
    *(approval_as_bytes(one) for one in APPROVALS),
]
SEEDS = [*OURS, *corpus("approvals")]
WORDS = (
    b'"kind"',
    b'"passkey"',
    b'"keys"',
    b'"endorsements"',
    b'"ended_at"',
    b'"rp_id"',
    b'"format"',
    b"\\ud800",
)


@st.composite
def rearranged(draw: st.DrawFn) -> bytes:
    """One of ours that is still JSON: values of another kind, or moved. Not within the record, which test_letters.py
    does."""
    value: dict[str, Any] = json.loads(draw(st.sampled_from(OURS)))
    record = value.pop("record", None)
    for _ in range(draw(st.integers(1, 3))):
        held, key = draw(st.sampled_from(list(places(value)) or [({}, "x")]))
        if draw(st.booleans()) or not isinstance(held, dict):
            held[key] = copy.deepcopy(draw(VALUES))
        else:
            held[draw(st.sampled_from(("x", "kind", "keys", "rp_id", "ended_at")))] = held.pop(key, None)
    return json.dumps(value | ({"record": record} if record is not None else {})).encode()


def check(data: bytes) -> None:
    seal = outcome(lambda: Seal.from_json(data))
    if isinstance(seal, Seal) and not problems(seal):
        KEYS.faults_of(seal)
    keys = outcome(lambda: SignatoryKeys.from_json(data))
    if isinstance(keys, SignatoryKeys):
        json.dumps([keys.fault(SEALING.public_key), keys.faults_of(MADE), len(keys.counting())])
    endorsed = outcome(lambda: Endorsement.from_json(data))
    if isinstance(endorsed, Endorsement):
        json.dumps([endorsed.is_good(), endorsed.what.key.fingerprint])
    outcome(lambda: check_approval(approval_in(data, "police.json"), required_signatories(RECORD)))


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data)


@given(st.one_of(rearranged(), mutated(SEEDS, WORDS)))
@SHORT
def test_a_damaged_approval_list_or_endorsement_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.nightly
@given(st.one_of(rearranged(), mutated(SEEDS, WORDS)))
@LONG
def test_thousands_of_damaged_approvals_are_read_or_refused(data: bytes) -> None:
    check(data)
