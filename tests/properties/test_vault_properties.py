"""A stored value opens in one place only, and no changed byte of it passes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everyfamily.core.keys.master_keys import MasterKeyNotReadable, MasterKeys, read_master_keys
from everyfamily.core.keys.vault import (
    MailingHash,
    MasterKey,
    MasterKeyNotGood,
    SchoolKeys,
    ValueDoesNotOpen,
    Vault,
)

KEYS = st.binary(min_size=32, max_size=32)
VALUES = st.text(st.characters(codec="utf-8"), max_size=60)
PLACES = st.tuples(
    st.sampled_from(["parent", "contact_point", "pupil"]), st.integers(1, 2**40), st.integers(1, 2**60)
)


@given(KEYS, PLACES, VALUES)
@settings(max_examples=50)
def test_a_value_comes_back(key: bytes, place: tuple[str, int, int], value: str) -> None:
    table, school, row = place
    vault = Vault(school, key)
    blob = vault.encrypt(table, row, value)
    assert vault.decrypt(table, row, blob) == value
    if len(value) > 3:
        assert value.encode() not in blob


@given(KEYS, KEYS, PLACES, PLACES, VALUES)
@settings(max_examples=50)
def test_it_opens_at_no_other_table_school_row_or_key(
    key: bytes, other_key: bytes, place: tuple[str, int, int], other: tuple[str, int, int], value: str
) -> None:
    table, school, row = place
    blob = Vault(school, key).encrypt(table, row, value)
    places = [(other[0], school, row), (table, other[1], row), (table, school, other[2]), other]
    tries = [(key, *one) for one in places if one != place]
    if other_key != key:
        tries.append((other_key, *place))
    for opening, at_table, at_school, at_row in tries:
        with pytest.raises(ValueDoesNotOpen):
            Vault(at_school, opening).decrypt(at_table, at_row, blob)


@given(KEYS, st.text(max_size=8), st.integers(1, 255))
@settings(max_examples=15)
def test_every_changed_byte_and_every_cut_is_refused(key: bytes, value: str, change: int) -> None:
    vault = Vault(7, key)
    blob = vault.encrypt("parent", 1, value)
    changed = [blob[:at] + bytes([blob[at] ^ change]) + blob[at + 1 :] for at in range(len(blob))]
    cut = [blob[:at] for at in range(len(blob))]
    for other in (*changed, *cut, blob + b"\0"):
        with pytest.raises(ValueDoesNotOpen):
            vault.decrypt("parent", 1, other)


@given(KEYS, KEYS, st.integers(1, 2**40), st.integers(1, 2**40))
@settings(max_examples=50)
def test_a_schools_key_opens_for_its_school_only(master: bytes, key: bytes, school: int, other: int) -> None:
    wrapped = MasterKey(master).wrap(school, key)
    assert MasterKey(master).unwrap(school, wrapped) == key
    if other != school:
        with pytest.raises(ValueDoesNotOpen):
            MasterKey(master).unwrap(other, wrapped)


@given(KEYS, KEYS, VALUES, VALUES)
@settings(max_examples=40)
def test_equal_values_meet_within_a_school_and_a_mailing_only(
    key: bytes, other_key: bytes, value: str, other: str
) -> None:
    school, mailing = Vault(7, key), MailingHash(key)
    assert school.blind_index("email", value) == Vault(7, key).blind_index("email", value)
    assert mailing.of("email", value) == MailingHash(key).of("email", value)
    assert school.blind_index("email", value) != school.blind_index("mobile", value)
    assert mailing.of("email", value) != mailing.of("text", value)
    assert school.blind_index("email", value) != mailing.of("email", value), "one key, two purposes"
    assert (school.blind_index("email", value) == school.blind_index("email", other)) == (value == other)
    assert (mailing.of("email", value) == mailing.of("email", other)) == (value == other)
    if other_key != key:
        assert school.blind_index("email", value) != Vault(8, other_key).blind_index("email", value)
        assert mailing.of("email", value) != MailingHash(other_key).of("email", value)


@given(st.sets(st.integers(1, 255), min_size=1, max_size=6), st.binary(min_size=64, max_size=64), st.data())
@settings(max_examples=40)
def test_a_key_file_reads_back_and_each_version_opens_what_it_wrapped(
    versions: set[int], bundle: bytes, data: st.DataObject
) -> None:
    keys = MasterKeys(tuple(MasterKey(data.draw(KEYS), version) for version in sorted(versions)))
    read = read_master_keys(keys.text(), source="master.key")
    assert (read.versions, read.text()) == (keys.versions, keys.text())
    for key in keys.keys:
        assert read.unwrap(7, key.wrap(7, bundle)) == bundle
    assert read.wrap(7, bundle)[0] == max(versions)
    assert not [line for line in keys.text().splitlines() if line.split()[1] in repr(keys)]


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_any_text_is_a_key_file_or_is_refused_in_a_sentence_that_does_not_quote_it(text: str) -> None:
    try:
        read_master_keys(text, source="master.key")
    except (MasterKeyNotReadable, MasterKeyNotGood) as problem:
        assert not [word for word in text.split() if len(word) > 8 and word in str(problem)]


@given(VALUES, st.integers(1, 255), st.integers(1, 255))
@settings(max_examples=40)
def test_a_rotation_keeps_every_hash_and_lets_no_old_key_open_a_new_value(value: str, old: int, new: int) -> None:
    keys = SchoolKeys.from_bundle(SchoolKeys.new().bundle)
    rotated = SchoolKeys.from_bundle(keys.rotated().bundle)
    before, after = Vault.of(7, keys, old), Vault.of(7, rotated, new)
    assert before.blind_index("email", value) == after.blind_index("email", value)
    for vault, blob in ((before, after.encrypt("parent", 1, value)), (after, before.encrypt("parent", 1, value))):
        with pytest.raises(ValueDoesNotOpen):
            vault.decrypt("parent", 1, blob)
