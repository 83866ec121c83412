"""A seal is made when everybody has agreed, reads back the same, and says what is wrong with it."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from everyfamily.core.agreement.approvals import approve
from everyfamily.core.agreement.known_signatories import unknown_signatories
from everyfamily.core.agreement.seals import (
    NotEveryoneApproved,
    Seal,
    SealNotReadable,
    SignatoriesDiffer,
    canonical,
    digest_of,
    fingerprint,
    problems,
    seal,
)
from everyfamily.core.keys.approval_keys import ApprovalKey, keys_in
from everyfamily.core.keys.signing import SigningKey
from tests.factories.each import each
from tests.factories.records import KEYS, SEALED_AT, SEALING, sealed, small_record


def test_a_good_seal_has_no_problems() -> None:
    assert problems(sealed(), sealing_key=SEALING.public_key) == []
    assert problems(sealed()) == []


def test_it_reads_back_the_same() -> None:
    assert Seal.from_json(sealed().to_json()) == sealed()
    assert Seal.from_json(sealed().to_json().encode()) == sealed()


def test_a_value_is_spelled_in_one_way() -> None:
    assert canonical({"b": [1, "é"], "a": None}) == '{"a":null,"b":[1,"é"]}'.encode()
    with pytest.raises(ValueError, match="JSON"):
        canonical(float("nan"))


def test_a_fingerprint_is_what_two_people_can_read_to_each_other() -> None:
    assert fingerprint("0123456789abcdef" * 4) == "0123 4567 89ab cdef 0123"


def test_who_has_not_agreed_is_named() -> None:
    record = small_record()
    who = record["required_signatories"][0]["id"]
    given = approve(
        reference=record["reference"], digest=digest_of(record), signatory=who, key=KEYS[who], now=SEALED_AT
    )
    with pytest.raises(NotEveryoneApproved) as caught:
        seal(record, [given], key=SEALING, now=SEALED_AT)
    missing = record["required_signatories"][1]["organisation"]
    assert caught.value.fact.endswith(f"is not approved by {missing}.")


def test_a_letter_that_nobody_must_approve_is_not_sealed() -> None:
    with pytest.raises(NotEveryoneApproved, match="not approved by anyone"):
        seal({**small_record(), "required_signatories": []}, [], key=SEALING, now=SEALED_AT)


def forged(record: dict[str, Any]) -> Seal:
    """What the holder of the sealing key could make without us."""
    made = replace(sealed(), record=record, digest=digest_of(record), approvals=())
    return replace(made, signature=SEALING.sign(made.signed_bytes()))


def test_the_sealing_key_alone_seals_nothing() -> None:
    assert problems(forged(small_record())) == [
        f"{who['organisation']} has not approved it." for who in small_record()["required_signatories"]
    ]
    nobody = {**small_record(), "required_signatories": []}
    assert problems(forged(nobody)) == ["It asks for nobody's approval."]


def _record(**letter: object) -> dict[str, Any]:
    return {**small_record(), "letter": {**small_record()["letter"], **letter}}


POLICE_NOT_ASKED = {**small_record(), "required_signatories": small_record()["required_signatories"][:1]}
DIFFERING = {
    "the police are printed and not asked": (POLICE_NOT_ASKED, "not the people printed"),
    "another key is printed": (
        _record(
            signatories=[
                {**who, "public_key": SEALING.public_key} for who in small_record()["letter"]["signatories"]
            ]
        ),
        "not the people printed",
    ),
    "another name is printed": (
        _record(signatories=[{**who, "name": "Nobody"} for who in small_record()["letter"]["signatories"]]),
        "not the people printed",
    ),
    "no police": (
        {
            **_record(signatories=small_record()["letter"]["signatories"][:1]),
            "required_signatories": small_record()["required_signatories"][:1],
        },
        "Nobody from the police signs it",
    ),
    "another reference": ({**small_record(), "reference": "ES-2703-ZZZZ"}, "another reference"),
}


@pytest.mark.parametrize("name", list(DIFFERING))
def test_who_is_printed_must_be_who_approves(name: str) -> None:
    record, words = DIFFERING[name]
    approvals = [
        approve(
            reference=record["reference"],
            digest=digest_of(record),
            signatory=row["id"],
            key=KEYS[row["id"]],
            now=SEALED_AT,
        )
        for row in record["required_signatories"]
    ]
    with pytest.raises(SignatoriesDiffer, match=words):
        seal(record, approvals, key=SEALING, now=SEALED_AT)
    assert any(words in sentence for sentence in problems(forged(record)))


def test_the_partnerships_own_signatories_are_asked_with_their_own_keys() -> None:
    known = {row["id"]: keys_in(row) for row in small_record()["required_signatories"]}
    organisations = {row["id"]: row["organisation"] for row in small_record()["required_signatories"]}
    assert unknown_signatories(small_record(), sealed().approvals, known) == []
    assert unknown_signatories(
        small_record(), sealed().approvals, {**known, "police": (ApprovalKey.of_file(SEALING.public_key),)}
    ) == [f"{organisations['police']} did not approve it with a key that is in the partnership's file."]
    assert unknown_signatories(small_record(), sealed().approvals, {"council": known["council"]}) != []
    assert unknown_signatories(small_record(), sealed().approvals, {**known, "health": ()}) == [
        'The partnership\'s signatory "health" was not asked.'
    ]


@pytest.mark.parametrize("rows", [None, 5, "council", [{"id": "council"}], [None], ["council"]])
def test_signatories_that_cannot_be_read_are_a_problem(rows: object) -> None:
    assert problems(forged({**small_record(), "required_signatories": rows})) == [
        "Its signatories are unreadable."
    ]
    without = {name: value for name, value in small_record().items() if name != "required_signatories"}
    assert problems(forged(without)) == ["Its signatories are unreadable."]


def test_a_changed_record_is_a_problem() -> None:
    changed = replace(sealed(), record={**small_record(), "rule_set": "2"})
    assert problems(changed) == ["The record was changed after it was approved."]


def test_another_sealing_key_is_a_problem() -> None:
    assert problems(sealed(), sealing_key=SigningKey.new().public_key) == [
        "It was sealed with a key that is not the partnership's."
    ]
    thief = SigningKey.new()
    stolen = replace(sealed(), sealing_key=thief.public_key)
    assert problems(stolen) == ["The partnership's signature does not fit."]
    resealed = replace(stolen, signature=thief.sign(stolen.signed_bytes()))
    assert problems(resealed) == [], "it agrees with itself: only the known key tells"
    assert problems(resealed, sealing_key=SEALING.public_key) == [
        "It was sealed with a key that is not the partnership's."
    ]


def test_a_changed_approval_is_a_problem() -> None:
    first, second = sealed().approvals
    organisation = {row["id"]: row["organisation"] for row in small_record()["required_signatories"]}
    later = replace(sealed(), approvals=(replace(first, approved_at="2027-02-27T16:00:00+00:00"), second))
    assert problems(later) == [
        "The partnership's signature does not fit.",
        f"The signature in the approval by {organisation[first.signatory]} does not fit its public key.",
    ]
    taken_out = replace(sealed(), approvals=(second,))
    assert problems(taken_out) == [
        "The partnership's signature does not fit.",
        f"{organisation[first.signatory]} has not approved it.",
    ]


def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(sealed().to_json())
    return data


@pytest.mark.parametrize("name", list(_data()))
def test_a_seal_without_a_part_is_not_readable(name: str) -> None:
    data = _data()
    del data[name]
    with pytest.raises(SealNotReadable):
        Seal.from_json(json.dumps(data))


@each("name", list(_data()))
@each("value", [None, 5, [], [5], "x", {"x": 5}])
def test_a_part_of_another_kind_is_refused_or_a_problem(name: str, value: object) -> None:
    try:
        read = Seal.from_json(json.dumps({**_data(), name: value}))
    except SealNotReadable:
        return
    assert problems(read)


@each("name", list(_data()["approvals"][0]))
@each("value", [None, 5, "", ["x"]])
def test_an_approval_of_another_kind_is_refused_or_a_problem(name: str, value: object) -> None:
    data = _data()
    data["approvals"][0][name] = value
    try:
        read = Seal.from_json(json.dumps(data))
    except SealNotReadable:
        return
    assert problems(read)


@pytest.mark.parametrize("text", ["", "[]", "null", "5", '"x"', "{", '{"format": "everyfamily seal 2"}', b"\xff"])
def test_what_is_no_seal_is_not_readable(text: str | bytes) -> None:
    with pytest.raises(SealNotReadable):
        Seal.from_json(text)


def test_a_number_that_json_does_not_have_is_not_readable() -> None:
    with pytest.raises(SealNotReadable):
        Seal.from_json(sealed().to_json().replace('"rule_set": "1"', '"rule_set": NaN'))


@pytest.mark.parametrize("key", ["digest", "record", "reference", "signatories", "approved_at"])
def test_a_key_that_stands_twice_is_no_seal(key: str) -> None:
    """A reader of the first sees another letter than a reader of the last."""
    text = sealed().to_json()
    assert f'"{key}":' in text
    with pytest.raises(SealNotReadable, match="is in the seal twice"):
        Seal.from_json(text.replace(f'"{key}":', f'"{key}": "forged", "{key}":', 1))


def test_what_nobody_signed_is_not_passed_over() -> None:
    data = json.loads(sealed().to_json()) | {"note": "Ring 0151 496 0999 instead."}
    with pytest.raises(SealNotReadable, match="nobody has signed") as refused:
        Seal.from_json(json.dumps(data))
    assert "0999" not in refused.value.fact


def test_a_forged_seal_under_keys_of_small_order_is_not_good() -> None:
    """The identity, with the signature (identity, 0), fits any message."""
    identity = base64.b64encode((1).to_bytes(32, "little")).decode()
    fits_all = base64.b64encode((1).to_bytes(32, "little") + bytes(32)).decode()
    forged = replace(sealed(), sealing_key=identity, signature=fits_all)
    assert problems(forged) == ["The partnership's signature does not fit."]
    assert "The partnership's signature does not fit." in problems(forged, sealing_key=identity)
