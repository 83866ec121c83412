"""A damaged key file is read or refused, and no refusal quotes a key."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given

from everyfamily.core.keys.master_keys import MasterKeys, read_master_keys
from everyfamily.people.keys.master_key_file import add_version, read_key_file, read_keys
from tests.fuzz.mutate import LONG, SHORT, corpus, mutated, outcome

SEEDS = corpus("master_key_file")
WORDS = (
    *(b"0 ", b"1 ", b"2 ", b"255 ", b"256 ", b"+1 ", b"01 ", b"1_0 ", b"=", b"==", b" ", b"\x0b", b"\x1c"),
    *("²".encode(), "٣ ".encode(), "\u2028".encode(), b"QUFB" * 11, b"#"),
)
FILES = mutated(SEEDS, WORDS)
_LONG_WORD = 20


def check(data: bytes) -> None:
    with TemporaryDirectory() as named:
        folder = Path(named)
        environment = {"EVERYFAMILY_HOME": str(folder / "home")}
        file = folder / "master.key"
        file.touch(0o600)
        file.write_bytes(data)
        found = outcome(lambda: read_key_file(file, environment))
        if isinstance(found, Exception):
            told = str(found)
            assert not [
                word for word in data.split() if len(word) >= _LONG_WORD and word.decode("latin-1") in told
            ]
            assert isinstance(outcome(lambda: add_version(file, environment)), Exception)
            assert file.read_bytes() == data
        else:
            read_again(found, file, environment)
        assert list(folder.iterdir()) == [file]


def read_again(keys: MasterKeys, file: Path, environment: dict[str, str]) -> None:
    """What was read is written as it is read, and a next version leaves every older one as it was."""
    text = keys.text()
    assert read_master_keys(text, source="again") == keys
    assert read_keys({"EVERYFAMILY_MASTER_KEY": text}) == keys
    version = outcome(lambda: add_version(file, environment))
    if not isinstance(version, Exception):
        assert version == keys.version + 1
        assert read_key_file(file, environment).keys[:-1] == keys.keys


@pytest.mark.parametrize("data", SEEDS, ids=range(len(SEEDS)))
def test_each_file_of_the_corpus_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.slow
@given(FILES)
@SHORT
def test_a_damaged_key_file_is_read_or_refused(data: bytes) -> None:
    check(data)


@pytest.mark.nightly
@given(FILES)
@LONG
def test_thousands_of_damaged_key_files_are_read_or_refused(data: bytes) -> None:
    check(data)
