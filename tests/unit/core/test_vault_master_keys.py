"""Several master keys at once: the newest wraps, each opens what it wrapped, and a bad key file says which line."""

from __future__ import annotations

import base64

import pytest

from everyfamily.core.keys.master_keys import (
    HIGHEST_VERSION,
    MasterKeyNotReadable,
    MasterKeys,
    MasterKeyVersionInUse,
    MasterKeyVersionMissing,
    first_master_key,
    read_master_keys,
    version_of,
)
from everyfamily.core.keys.vault import (
    KeyBundleNotGood,
    MasterKey,
    MasterKeyNotGood,
    SchoolKeys,
    ValueDoesNotOpen,
    Vault,
    new_key,
)


def line(version: int, key: bytes) -> str:
    return f"{version} {base64.b64encode(key).decode()}"


def test_a_line_that_is_a_key_alone_is_version_1() -> None:
    key = new_key()
    keys = read_master_keys(base64.b64encode(key).decode() + "\n", source="master.key")
    assert (keys.versions, keys.keys[0].key) == ((1,), key)


def test_the_newest_wraps_and_the_older_still_opens_what_it_wrapped() -> None:
    first = first_master_key()
    before = first.wrap(7, b"k" * 64)
    both = first.with_next()
    after = both.wrap(7, b"k" * 64)
    assert [version_of(blob) for blob in (before, after)] == [1, 2]
    assert both.unwrap(7, before) == both.unwrap(7, after) == b"k" * 64
    assert both.without(1).unwrap(7, after) == b"k" * 64


def test_what_a_missing_version_wrapped_names_the_version_and_no_key() -> None:
    both = first_master_key().with_next()
    wrapped = first_master_key().wrap(7, b"k" * 64)
    with pytest.raises(
        MasterKeyVersionMissing, match=r"version 1 of the master key, but only these are here: 2\."
    ):
        both.without(1).unwrap(7, wrapped)


def test_two_keys_of_one_version_are_not_each_others() -> None:
    with pytest.raises(ValueDoesNotOpen):
        first_master_key().unwrap(7, first_master_key().wrap(7, b"k" * 64))


def test_the_newest_is_not_forgotten_and_an_unknown_one_is_said() -> None:
    both = first_master_key().with_next()
    with pytest.raises(MasterKeyVersionInUse, match="Version 2 is the newest"):
        both.without(2)
    with pytest.raises(MasterKeyVersionMissing, match="no version 3"):
        both.without(3)


def test_there_is_no_version_beyond_the_last_byte() -> None:
    with pytest.raises(MasterKeyNotReadable, match="Version 255 is the last"):
        MasterKeys((MasterKey(new_key(), HIGHEST_VERSION),)).with_next()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"master\.key:1: There is no key"),
        ("\n \n", r"master\.key:1: There is no key"),
        (f"{line(1, b'a' * 32)}\nnonsense of three\n", r"master\.key:2: This line is not a version"),
        (f"0 {base64.b64encode(b'a' * 32).decode()}", r"master\.key:1: This line is not a version"),
        (f"256 {base64.b64encode(b'a' * 32).decode()}", r"master\.key:1: This line is not a version"),
        (f"\u00b2 {base64.b64encode(b'a' * 32).decode()}", r"master\.key:1: This line is not a version"),
        (
            f"{line(2, b'a' * 32)}\n\n{line(2, b'b' * 32)}",
            r"master\.key:3: Version 2 of the master key is there twice",
        ),
        ("secret-but-no-key", r"master\.key:1: The master key is not base64"),
        ("1 ümlaut", r"master\.key:1: The master key is not base64"),
    ],
)
def test_a_key_file_that_is_not_good_says_where_and_never_what(text: str, says: str) -> None:
    with pytest.raises(MasterKeyNotReadable, match=says) as caught:
        read_master_keys(text, source="master.key")
    assert not any(word in str(caught.value) for word in text.split() if len(word) > 3)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(MasterKeyNotGood, match="has 16 bytes and needs 32"):
        read_master_keys(line(1, b"a" * 16), source="master.key")


def test_neither_a_master_key_nor_a_schools_keys_show_in_a_traceback() -> None:
    keys, school = MasterKeys((MasterKey(b"m" * 32),)), SchoolKeys(b"v" * 32, b"i" * 32)
    assert "mmm" not in repr(keys) + repr(keys.keys[0])
    assert "vvv" not in repr(school)


def test_a_rotation_changes_the_values_key_and_keeps_the_index() -> None:
    keys = SchoolKeys.new()
    old, new = Vault.of(7, keys, 1), Vault.of(7, keys.rotated(), 2)
    assert old.blind_index("email", "ana@example.org") == new.blind_index("email", "ana@example.org")
    blob = new.encrypt("parent", 1, "Ana")
    assert blob[0] == 2
    for version in (1, 2):
        with pytest.raises(ValueDoesNotOpen):
            Vault.of(7, keys, version).decrypt("parent", 1, blob)


def test_a_bundle_of_one_key_is_both_keys_as_schools_first_had_it() -> None:
    key = new_key()
    keys = SchoolKeys.from_bundle(key)
    assert Vault.of(7, keys, 1).blind_index("email", "a") == Vault(7, key).blind_index("email", "a")
    assert Vault.of(7, keys, 1).decrypt("parent", 1, Vault(7, key).encrypt("parent", 1, "Ana")) == "Ana"


def test_the_index_key_opens_no_value() -> None:
    keys = SchoolKeys.new()
    blob = Vault.of(7, keys, 1).encrypt("parent", 1, "Ana")
    with pytest.raises(ValueDoesNotOpen):
        Vault(7, keys.index).decrypt("parent", 1, blob)


@pytest.mark.parametrize("length", [0, 1, 31, 33, 40, 63, 65, 128])
def test_what_is_not_a_schools_keys_is_not_taken_for_them(length: int) -> None:
    with pytest.raises(KeyBundleNotGood) as refused:
        SchoolKeys.from_bundle(b"k" * length)
    assert refused.value.code == "EF423"


def test_a_mailings_key_opens_for_that_mailing_alone() -> None:
    keys = first_master_key().with_next()
    wrapped = keys.wrap_for_mailing(7, b"k" * 32)
    assert keys.unwrap_for_mailing(7, wrapped) == b"k" * 32
    for opens in (
        lambda: keys.unwrap_for_mailing(8, wrapped),
        lambda: keys.unwrap(7, wrapped),
        lambda: keys.unwrap(-1, wrapped),
        lambda: keys.unwrap_for_mailing(7, bytes([1]) + wrapped[1:]),
        lambda: keys.unwrap_for_mailing(7, keys.wrap(-1, b"k" * 32)),
    ):
        with pytest.raises(ValueDoesNotOpen):
            opens()
