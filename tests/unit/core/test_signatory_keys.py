"""Which keys count for a seal is what the person with the sealing key signed, whatever the settings say."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from everyfamily.core.agreement.approvals import Approval
from everyfamily.core.agreement.endorsements import (
    Endorsement,
    EndorsementNotReadable,
    endorse,
)
from everyfamily.core.agreement.seals import FORMAT_OF_KEYS, Seal, SealNotReadable, format_of, problems
from everyfamily.core.agreement.signatory_keys import KeyListNotReadable, KeyNotPinned, SignatoryKeys
from everyfamily.core.keys.signing import SigningKey
from everyfamily.letters.files.agreeing import seal_record
from everyfamily.letters.files.record import letter_of
from tests.factories.each import each
from tests.factories.pins import (
    ENDORSED_AT,
    approved,
    asked,
    by_passkey,
    file_key,
    list_of,
    own_keys,
    passkey_of,
    record_with,
)
from tests.factories.records import KEYS, SEALED_AT, SEALING, sealed, small_record

NEW = passkey_of("new of the police")
AT = ENDORSED_AT


def with_new() -> dict[str, Any]:
    """A letter that names a further passkey of the police."""
    return record_with(own_keys(more={"police": (NEW.key,)}))


def seal_it(
    record: dict[str, Any], approvals: list[Approval], keys: SignatoryKeys, *endorsements: Endorsement
) -> Seal:
    return seal_record(record, approvals, key=SEALING, now=SEALED_AT, keys=keys, endorsements=endorsements)


def test_a_letter_approved_by_passkey_is_sealed_and_verified_by_the_list() -> None:
    record, keys = record_with(own_keys()), list_of(own_keys())
    made = seal_it(record, approved(record), keys)
    assert (made.format, made.endorsements, keys.fault(SEALING.public_key)) == (FORMAT_OF_KEYS, (), None)
    assert problems(made, sealing_key=SEALING.public_key) == []
    again = Seal.from_json(made.to_json())
    assert again == made
    assert keys.faults_of(again) == []
    assert letter_of(again.record).signatories[1].keys == own_keys()["police"]
    by_file = seal_it(record, approved(record, police=KEYS["police"]), keys)
    assert problems(by_file) == keys.faults_of(by_file) == []


def test_a_letter_of_key_files_only_is_sealed_as_before_there_were_passkeys() -> None:
    keys = {who: (file_key(key),) for who, key in KEYS.items()}
    assert record_with(keys)["required_signatories"] == small_record()["required_signatories"]
    assert record_with(keys)["letter"]["signatories"] == small_record()["letter"]["signatories"]
    data = json.loads(sealed().to_json())
    assert data["format"] == "everyfamily seal 1"
    assert data.keys() == {
        *("format", "digest", "sealed_at", "sealing_key", "signature", "approvals", "record"),
    }
    assert data["approvals"][0].keys() == {"reference", "signatory", "digest", "approved_at", "signature"}
    assert list_of(keys).faults_of(sealed()) == []


@each("name", ["format", "endorsements", "approvals", "record"])
def test_a_seal_of_the_new_kind_is_read_in_its_one_form(name: str) -> None:
    record = with_new()
    made = seal_it(
        record,
        approved(record, police=NEW),
        list_of(own_keys()),
        endorse(asked(NEW.key), key=KEYS["police"], now=AT),
    )
    data = json.loads(made.to_json())
    wrong: dict[str, list[Any]] = {
        "format": ["everyfamily seal 1", "everyfamily seal 3"],
        "endorsements": [None, 5, [5], [{}], [{**data["endorsements"][0], "more": ""}], {}],
        "approvals": [[{**data["approvals"][1], "kind": "ed25519"}]],
        "record": [small_record()],
    }
    assert format_of(data["record"]) == data["format"] == FORMAT_OF_KEYS
    for value in wrong[name]:
        with suppress(SealNotReadable):
            assert problems(Seal.from_json(json.dumps({**data, name: value})))
    for gone in ([], [*data["endorsements"] * 2]):
        assert problems(Seal.from_json(json.dumps({**data, "endorsements": gone}))) == [
            "The partnership's signature does not fit."
        ]


def test_a_key_that_is_in_the_settings_and_not_in_the_list_seals_nothing() -> None:
    """Somebody who can write everything in the database puts a passkey of their own into the settings."""
    record = with_new()
    with pytest.raises(KeyNotPinned, match="did not approve it with a key that is in the signed list of keys"):
        seal_it(record, approved(record, police=NEW), list_of(own_keys()))
    # That the letter names it harms nothing while the police sign with their own.
    assert seal_it(record, approved(record), list_of(own_keys()))


def test_nobody_in_the_list_is_left_out_and_nobody_is_put_in_their_place() -> None:
    thief = SigningKey.new()
    record = record_with({**own_keys(), "police": (file_key(thief),)})
    with pytest.raises(KeyNotPinned, match="did not approve it with a key"):
        seal_it(record, approved(record, police=thief), list_of(own_keys()))
    more = list_of(own_keys())
    health = replace(more.signatories[0], id="health", body="health")
    bare = replace(more, signatories=(*more.signatories, health))
    three = replace(bare, signature=SEALING.sign(bare.signed_bytes()))
    record = record_with(own_keys())
    with pytest.raises(KeyNotPinned, match='"health" was not asked'):
        seal_it(record, approved(record), three)
    other = record_with(own_keys(), partnership="Another Safeguarding Partnership")
    with pytest.raises(KeyNotPinned, match="another partnership's"):
        seal_it(other, approved(other), list_of(own_keys()))


def test_a_key_that_ended_seals_nothing_and_what_it_sealed_before_stays_good() -> None:
    record, first = record_with(own_keys()), list_of(own_keys())
    made = seal_it(record, approved(record), first)
    without = {**own_keys(), "police": own_keys()["police"][:1]}
    ended = list_of(without, before=first, now=SEALED_AT + timedelta(days=1))
    assert ended.faults_of(made) == []
    with pytest.raises(KeyNotPinned):
        seal_record(record, approved(record), key=SEALING, now=SEALED_AT + timedelta(days=1), keys=ended)
    backdated = list_of(without, before=first, now=SEALED_AT)
    assert backdated.faults_of(made) != []
    # It stays ended in every later list, and somebody who signs no more stays for their old letters.
    later = list_of(without, before=ended, now=SEALED_AT + timedelta(days=9))
    assert later.faults_of(made) == []
    gone = list_of({"council": own_keys()["council"]}, before=later, now=SEALED_AT + timedelta(days=20))
    assert gone.faults_of(made) == []
    assert gone.asked_at(SEALED_AT + timedelta(days=30)) == {"council"}
    # Somebody who signs only since then was not to be asked.
    council = list_of({"council": own_keys()["council"]})
    both = list_of(own_keys(), before=council, now=SEALED_AT + timedelta(days=1))
    assert both.asked_at(SEALED_AT) == {"council"}


def test_a_key_of_the_same_body_lets_a_further_key_count() -> None:
    record, keys = with_new(), list_of(own_keys())
    for endorsement in (
        endorse(asked(NEW.key), key=KEYS["police"], now=AT),
        by_passkey(NEW.key, passkey_of("police")),
    ):
        made = seal_it(record, approved(record, police=NEW), keys, endorsement, endorsement)
        assert made.endorsements == (endorsement,)
        again = Seal.from_json(made.to_json())
        assert problems(again) == keys.faults_of(again) == []
        assert keys.faults_of(replace(again, endorsements=())) != []
        assert Endorsement.from_json(endorsement.to_json()) == endorsement
        # If the police sign with a key of the list, the seal needs no endorsement.
        assert seal_it(record, approved(record), keys, endorsement).endorsements == ()


@each(
    "wrong",
    [
        endorse(asked(NEW.key), key=KEYS["council"], now=AT),
        endorse(asked(NEW.key, body="council"), key=KEYS["council"], now=AT),
        endorse(asked(NEW.key, signatory="council"), key=KEYS["police"], now=AT),
        endorse(asked(NEW.key, partnership="Another"), key=KEYS["police"], now=AT),
        endorse(asked(passkey_of("of nobody").key), key=KEYS["police"], now=AT),
        endorse(asked(NEW.key), key=SigningKey.new(), now=AT),
        by_passkey(NEW.key, NEW),
        by_passkey(NEW.key, passkey_of("of nobody")),
        replace(endorse(asked(NEW.key), key=KEYS["council"], now=AT), by=file_key(KEYS["police"])),
        replace(endorse(asked(NEW.key), key=KEYS["police"], now=AT), endorsed_at=SEALED_AT.isoformat()),
        replace(endorse(asked(NEW.key), key=KEYS["police"], now=AT), client_data="x"),
        replace(by_passkey(passkey_of("of nobody").key, passkey_of("police")), what=asked(NEW.key)),
        by_passkey(NEW.key, replace(passkey_of("police"), flags=1)),
    ],
)
def test_no_other_endorsement_lets_a_key_count(wrong: Endorsement) -> None:
    record = with_new()
    with pytest.raises(KeyNotPinned):
        seal_it(record, approved(record, police=NEW), list_of(own_keys()), wrong)


def test_an_endorsed_key_endorses_nothing_and_ends_with_the_next_list_that_does_not_have_it() -> None:
    newer = passkey_of("newest of the police")
    first = endorse(asked(NEW.key), key=KEYS["police"], now=AT)
    record = record_with(own_keys(more={"police": (NEW.key, newer.key)}))
    with pytest.raises(KeyNotPinned):
        seal_it(record, approved(record, police=newer), list_of(own_keys()), first, by_passkey(newer.key, NEW))
    made = seal_it(record, approved(record, police=NEW), list_of(own_keys()), first)
    later = SEALED_AT + timedelta(days=1)
    ended = list_of(own_keys(), before=list_of(own_keys()), now=later, endorsements=[first])
    assert ended.faults_of(made) == []
    with pytest.raises(KeyNotPinned):
        seal_record(
            record, approved(record, police=NEW), key=SEALING, now=later, keys=ended, endorsements=[first]
        )
    kept = list_of(
        own_keys(more={"police": (NEW.key,)}), before=list_of(own_keys()), now=later, endorsements=[first]
    )
    assert seal_record(record, approved(record, police=NEW), key=SEALING, now=later, keys=kept).endorsements == ()


def test_a_list_counts_only_with_the_signature_of_the_key_that_seals() -> None:
    keys, thief = list_of(own_keys()), SigningKey.new()
    assert SignatoryKeys.from_json(keys.to_json()) == keys
    assert list_of(own_keys(), key=thief).fault(SEALING.public_key) is not None
    record = record_with(own_keys())
    made = seal_it(record, approved(record), keys)
    forged = list_of(own_keys(more={"police": (NEW.key,)}), key=thief)
    for wrong in (
        forged,
        replace(forged, sealing_key=SEALING.public_key),
        replace(keys, signed_at=AT.isoformat()),
    ):
        assert len(wrong.faults_of(made)) == 1
    assert keys.faults_of(replace(made, sealed_at="yesterday")) == [
        "The day on which it was sealed cannot be read."
    ]


def changed(**parts: Any) -> str:
    return json.dumps(json.loads(list_of(own_keys()).to_json()) | parts)


_ROW = json.loads(list_of(own_keys()).to_json())["signatories"][0]


@each(
    "text",
    [
        *("", "[]", "null", "{", '{"format": "everyfamily signatory keys 2"}', b"\xff"),
        changed(format="everyfamily seal 1"),
        changed(more=""),
        changed(signed_at="2027-01-11T09:00:00"),
        changed(signed_at=5),
        changed(signatories={}),
        changed(signatories=[_ROW, _ROW]),
        changed(signatories=[{**_ROW, "keys": [5]}]),
        changed(signatories=[{**_ROW, "keys": [{"kind": "password", "public_key": "x"}]}]),
        changed(signatories=[{**_ROW, "keys": [{**_ROW["keys"][0], "ended_at": "soon"}]}]),
        changed(signatories=[{**_ROW, "since": "2027"}]),
        changed(signatories=[{**_ROW, "more": ""}]),
        changed(signatories=[None]),
    ],
)
def test_what_is_no_list_is_not_readable(text: str | bytes) -> None:
    with pytest.raises(KeyListNotReadable):
        SignatoryKeys.from_json(text)


@each("text", ["", "[]", "null", "5", "{", b"\xff", "[" * 100_000])
def test_what_is_no_endorsement_is_not_readable(text: str | bytes) -> None:
    with pytest.raises(EndorsementNotReadable):
        Endorsement.from_json(text)
