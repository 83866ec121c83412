"""`everyfamily check` on what is no letter: a sentence and a next step, exit 2, nothing written, nothing let out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from everyfamily.cli.letters.check_fixes import FileNotFixed, FixedFile
from everyfamily.cli.main import main

pytestmark = pytest.mark.slow
LETTER = "Dear parent\n\nWe meet on 3rd of March. Call 01514960123.\n"
EVERYFAMILY = [sys.executable, "-m", "everyfamily.cli.main", "check"]
STRANGE = "esc\x1b[31m\u202e\n::error::x.txt"


def check(
    *words: str | Path, at: Path, shell: str = "", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run it in a separate process; `shell` puts its streams somewhere else."""
    command = [*EVERYFAMILY, *map(str, words)]
    if shell:
        command = ["sh", "-c", f'"$@" {shell}', "sh", *command]
    return subprocess.run(
        command, cwd=at, capture_output=True, timeout=60, env={**os.environ, **(environment or {})}, check=False
    )


def is_plain(data: bytes) -> bool:
    return all(sign.isprintable() or sign == "\n" for sign in data.decode("utf-8"))


def check_here(*words: str | Path) -> tuple[int, str, str]:
    """Run it in this process, where its streams do not matter: what it ends with, prints and says."""
    done = CliRunner().invoke(main, ["check", *map(str, words)])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_text(LETTER, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "There is no such file."),
        ("n" * 300 + ".txt", "There is no such file."),
        ("n/" * 3_000, "There is no such file."),
        ("letter.txt/inside.txt", "There is no such file."),
        ("loop.txt", "There is no such file."),
        ("absent\x1b[31m\n.txt", "There is no such file."),
        ("pipe.txt", "This is a pipe or a device, not a file."),
        ("/dev/zero", "This is a pipe or a device, not a file."),
        (".", "This folder is not a letter and not a pack."),
    ],
)
def test_what_is_no_file_is_said_in_a_sentence(
    name: str, says: str, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(letter.parent / "pipe.txt")
    (letter.parent / "loop.txt").symlink_to("loop.txt")
    monkeypatch.chdir(letter.parent)
    code, printed, said = check_here(name)
    assert (code, printed) == (2, "")
    assert says in said
    assert said.count("\n") == 2 and is_plain(said.encode())


@pytest.mark.parametrize("option", ["--waivers", "--partnership"])
@pytest.mark.parametrize("name", ["pipe.toml", "/dev/zero"])
def test_an_option_takes_no_pipe_and_no_device(
    option: str, name: str, letter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(letter.parent / "pipe.toml")
    monkeypatch.chdir(letter.parent)
    code, _, said = check_here(letter, option, name)
    assert (code, "This is a pipe or a device" in said) == (2, True)


@pytest.mark.parametrize(
    ("words", "shell", "code", "says"),
    [
        (["-"], "<&-", 2, "There is no standard input."),
        (["-"], "< /dev/zero", 2, "more than 50 MB"),
        (["letter.txt"], "> /dev/full", 2, "EF704: The findings could not be written."),
        # 1: the number in it is an invented one, which nobody answers here.
        (["letter.txt"], ">&-", 1, ""),
        (["absent.txt"], "2>&-", 2, ""),
        (["letter.txt"], "<&- >&- 2>&-", 1, ""),
        (["letter.txt", "--json"], "| head -c 1", 0, ""),
    ],
)
def test_streams_that_lead_nowhere(words: list[str], shell: str, code: int, says: str, letter: Path) -> None:
    done = check(*words, at=letter.parent, shell=shell)
    assert (done.returncode, says in done.stderr.decode()) == (code, True), done.stderr
    assert b"EF001" not in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.parametrize("style", ["text", "github", "json"])
def test_no_name_of_a_file_brings_a_terminal_out_of_order(style: str, tmp_path: Path) -> None:
    (tmp_path / STRANGE).write_text(LETTER, encoding="utf-8")
    done = check(STRANGE, "--format", style, at=tmp_path)
    assert done.returncode in (0, 1), done.stderr
    assert is_plain(done.stdout)
    if style == "json":
        assert {row["file"] for row in json.loads(done.stdout)["findings"]} == {STRANGE}
    if style == "github":
        assert all(line.startswith("::") for line in done.stdout.decode().splitlines())
        assert "\n::error::" not in done.stdout.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8 are known to Linux alone")
def test_a_name_that_is_no_text_is_given_back_in_json(tmp_path: Path) -> None:
    name = os.fsdecode(b"bad\xff.txt")
    (tmp_path / name).write_text(LETTER, encoding="utf-8")
    rows = json.loads(check(name, "--json", at=tmp_path).stdout)["findings"]
    assert {row["file"] for row in rows} == {name}


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_terminal_without_the_letters_is_given_what_it_has(style: str, letter: Path) -> None:
    letter.write_text(f"Drodzy rodzice, {LETTER}Ręka", encoding="utf-8")
    done = check(letter, "--format", style, at=letter.parent, environment={"PYTHONIOENCODING": "latin-1"})
    assert done.returncode in (0, 1), done.stderr
    if style == "json":
        assert json.loads(done.stdout.decode("utf-8"))


def test_a_file_that_is_read_only_is_not_replaced(letter: Path) -> None:
    letter.chmod(0o444)
    code, _, said = check_here(letter, "--fix")
    assert (code, "EF705: The file is read-only." in said) == (2, True)
    assert letter.read_text(encoding="utf-8") == LETTER
    assert list(letter.parent.iterdir()) == [letter]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_what_fix_leaves_is_said(encoding: str, letter: Path) -> None:
    letter.write_text(f"{LETTER}Café\n", encoding=encoding)
    before = letter.read_bytes()
    _, printed, said = check_here(letter, "--fix")
    assert "no fixes written. 2 left to you" in said
    assert "--fix puts" not in printed
    assert letter.read_bytes() == before


def test_a_link_stays_a_link_and_the_file_behind_it_is_fixed(letter: Path) -> None:
    link = letter.parent / "link.txt"
    link.symlink_to(letter)
    assert check_here(link, "--fix")[0] in (0, 1)
    assert link.is_symlink()
    assert "on 3 March. Call 0151 496 0123." in letter.read_text(encoding="utf-8")


def test_a_file_that_was_changed_meanwhile_stays_as_it_is(letter: Path) -> None:
    fixed = FixedFile(letter, before="Dear all\n", after="Dear families\n", fixes=1)
    with pytest.raises(FileNotFixed, match="changed while it was checked"):
        fixed.write()
    assert letter.read_text(encoding="utf-8") == LETTER
    assert list(letter.parent.iterdir()) == [letter]


def test_a_file_that_vanished_is_not_made_again(letter: Path) -> None:
    fixed = FixedFile(letter, before=LETTER, after="Dear families\n", fixes=1)
    letter.unlink()
    with pytest.raises(FileNotFixed, match="cannot be written"):
        fixed.write()
    assert list(letter.parent.iterdir()) == []
