"""The key that signs links and the keys that it replaced, from a variable or a file."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from everyfamily.config.environment import SettingNotRight
from everyfamily.config.secret_keys import earlier_secret_keys, earlier_sign_in_keys, secret_key
from everyfamily.core.keys.secret_key import NO_KEY, SHORTEST, may_sign, sign_in_key_in

KEY, EARLIER = "EVERYFAMILY_SECRET_KEY", "EVERYFAMILY_EARLIER_SECRET_KEYS"
NEW, OLD, OLDER = "new key, " * 5, "old key, " * 5, "older key " * 5


def _file(folder: Path, text: str) -> str:
    file = folder / "keys"
    file.write_text(text)
    file.chmod(0o600)
    return str(file)


def test_nothing_set_is_no_key_and_no_earlier_one() -> None:
    assert secret_key({}) == NO_KEY
    assert not may_sign(NO_KEY)
    assert earlier_secret_keys({}) == []


def test_a_variable_has_one_key_a_line() -> None:
    assert earlier_secret_keys({KEY: NEW, EARLIER: OLD}) == [OLD]
    assert earlier_secret_keys({KEY: NEW, EARLIER: f"{OLD}\n{OLDER}\n"}) == [OLD, OLDER]


def test_files_have_them_too(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    environment = {
        f"{KEY}_FILE": _file(tmp_path / "new", f"{NEW}\n"),
        f"{EARLIER}_FILE": _file(tmp_path, f"{OLD}\r\n\n{OLDER}"),
    }
    assert secret_key(environment) == NEW
    assert earlier_secret_keys(environment) == [OLD, OLDER]


@pytest.mark.parametrize("more", ["", f"\n{OLDER}"])
def test_the_key_itself_is_no_earlier_one(more: str) -> None:
    with pytest.raises(SettingNotRight) as raised:
        earlier_secret_keys({KEY: NEW, EARLIER: NEW + more})
    assert "has the key of EVERYFAMILY_SECRET_KEY in it" in raised.value.fact
    assert NEW not in f"{raised.value.fact} {raised.value.fix}"


@pytest.mark.parametrize("wrong", ["x" * (SHORTEST - 1), NO_KEY, NO_KEY + " at all"])
def test_an_earlier_key_that_could_be_guessed_is_refused(wrong: str) -> None:
    with pytest.raises(SettingNotRight) as raised:
        earlier_secret_keys({KEY: NEW, EARLIER: f"{OLD}\n{wrong}"})
    assert EARLIER in raised.value.fact
    assert wrong not in f"{raised.value.fact} {raised.value.fix}"


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = _file(tmp_path, OLD)
    Path(file).chmod(0o644)
    with pytest.raises(SettingNotRight):
        earlier_secret_keys({KEY: NEW, f"{EARLIER}_FILE": file})
    with pytest.raises(SettingNotRight):
        earlier_secret_keys({KEY: NEW, EARLIER: OLD, f"{EARLIER}_FILE": file})


def _of_sign_in(sign: bytes) -> str:
    return base64.b64encode(sign * 32).decode()


def test_earlier_keys_for_sign_in_are_one_a_line(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    environment = {
        "EVERYFAMILY_SIGN_IN_KEY_FILE": _file(tmp_path / "new", _of_sign_in(b"n") + "\n"),
        "EVERYFAMILY_EARLIER_SIGN_IN_KEYS_FILE": _file(tmp_path, f"{_of_sign_in(b'o')}\n{_of_sign_in(b'p')}\n"),
    }
    assert earlier_sign_in_keys(environment) == [b"o" * 32, b"p" * 32]
    assert earlier_sign_in_keys({}) == []


@pytest.mark.parametrize(
    "wrong", ["x", _of_sign_in(b"o")[:-8], "not base64, and long enough to be a key of 32 bytes"]
)
def test_a_line_that_is_no_key_for_sign_in_is_refused(wrong: str) -> None:
    with pytest.raises(SettingNotRight) as raised:
        earlier_sign_in_keys({"EVERYFAMILY_EARLIER_SIGN_IN_KEYS": f"{_of_sign_in(b'o')}\n{wrong}"})
    assert wrong not in f"{raised.value.fact.removesuffix('.')} {raised.value.fix}".split()
    with pytest.raises(ValueError):
        sign_in_key_in(wrong)


def test_the_key_for_sign_in_of_today_is_no_earlier_one(tmp_path: Path) -> None:
    """Otherwise somebody who forgot to make a new key would believe that it was changed."""
    same = _file(tmp_path, _of_sign_in(b"n"))
    named = {"EVERYFAMILY_SIGN_IN_KEY_FILE": same, "EVERYFAMILY_EARLIER_SIGN_IN_KEYS_FILE": same}
    with pytest.raises(SettingNotRight) as raised:
        earlier_sign_in_keys(named)
    assert "has the key of EVERYFAMILY_SIGN_IN_KEY_FILE in it" in raised.value.fact
