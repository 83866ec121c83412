"""`key` knows the partnership's own words, and takes none of them for a secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.letters.letter_commands import key

FILE = 'name = "Harbour Vale Partnership"\n[[signatories]]\nname = "Ottoline Farrow"\nrole = "TO FILL IN"\n'
OWN = "Ottoline Farrow 1979"


def made(folder: Path, *words: str, passphrase: str = OWN) -> Result:
    secret = folder / "passphrase.txt"
    secret.write_text(passphrase)
    out = folder / "keys" / "council.pem"
    out.parent.mkdir(exist_ok=True)
    return CliRunner().invoke(key, ["--out", str(out), "--passphrase-file", str(secret), *words])


@pytest.mark.parametrize("where", ["partnership.toml", "keys/partnership.toml", "elsewhere.toml"])
def test_a_passphrase_of_the_partnerships_own_words_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keys").mkdir()
    (tmp_path / where).write_text(FILE)
    words = ["--partnership", "elsewhere.toml"] if where == "elsewhere.toml" else []
    said = made(tmp_path, *words)
    assert getattr(said.exception, "code", "") == "EF389"
    assert not (tmp_path / "keys" / "council.pem").exists()
    (tmp_path / where).unlink()
    if not words:
        assert made(tmp_path).exit_code == 0, "nothing says whose words they are"


def test_a_file_that_is_not_finished_keeps_nobody_from_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "partnership.toml").write_text("name = \n")
    assert made(tmp_path, passphrase="kettle orbit walnut sleeve").exit_code == 0


def test_the_accounts_own_name_is_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("USER", "ofarrowsmith")
    assert made(tmp_path, passphrase="ofarrowsmith Eastmere 2026").exit_code != 0
