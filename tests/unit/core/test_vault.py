"""A stored value opens in its own place, with its own key, and nowhere else."""

from __future__ import annotations

import pytest

from everyfamily.core.keys.vault import KEY_BYTES, MasterKey, MasterKeyNotGood, ValueDoesNotOpen, Vault, new_key


def test_a_value_comes_back_in_its_own_place() -> None:
    vault = Vault(7, new_key())
    assert vault.decrypt("contact_point", 12, vault.encrypt("contact_point", 12, "Zoë\n")) == "Zoë\n"


def test_an_empty_value_is_a_value() -> None:
    vault = Vault(7, new_key())
    assert vault.decrypt("parent", 1, vault.encrypt("parent", 1, "")) == ""


def test_equal_values_are_stored_differently() -> None:
    vault = Vault(7, new_key())
    assert vault.encrypt("parent", 1, "Ada") != vault.encrypt("parent", 1, "Ada")


def test_an_older_key_version_says_what_to_do() -> None:
    key = new_key()
    with pytest.raises(ValueDoesNotOpen, match=r"another key version\. Run the key rotation"):
        Vault(7, key, version=2).decrypt("parent", 1, Vault(7, key, version=1).encrypt("parent", 1, "Ada"))


@pytest.mark.parametrize("blob", [b"", b"\x01", b"\x01" + b"n" * 5, b"\x01" + b"n" * 12, b"\x01" + b"n" * 20])
def test_a_value_that_was_cut_off_does_not_open(blob: bytes) -> None:
    with pytest.raises(ValueDoesNotOpen):
        Vault(7, new_key()).decrypt("parent", 1, blob)


def test_an_error_names_the_place_and_not_the_value() -> None:
    blob = Vault(7, new_key()).encrypt("parent", 1, "Ada")
    with pytest.raises(ValueDoesNotOpen) as caught:
        Vault(7, new_key()).decrypt("parent", 1, blob)
    assert "parent|7|1" in str(caught.value)
    assert "Ada" not in str(caught.value)


def test_a_schools_key_opens_under_the_master_key_and_for_that_school_only() -> None:
    master, key = MasterKey(new_key()), new_key()
    wrapped = master.wrap(7, key)
    assert master.unwrap(7, wrapped) == key
    assert key not in wrapped
    for opens in (lambda: master.unwrap(8, wrapped), lambda: MasterKey(new_key()).unwrap(7, wrapped)):
        with pytest.raises(ValueDoesNotOpen):
            opens()


@pytest.mark.parametrize("length", [0, KEY_BYTES - 1, KEY_BYTES + 1])
def test_a_master_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MasterKeyNotGood, match=f"has {length} bytes and needs 32"):
        MasterKey(b"k" * length)
