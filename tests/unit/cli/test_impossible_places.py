"""A place that cannot be written to, and a port that is taken, are said in a sentence with a code and a next step."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.commands import COMMANDS
from everyfamily.cli.mailings import return_commands
from everyfamily.cli.main import main
from everyfamily.core.keys.signing import SigningKey
from tests.factories.demonstration import PARTNERSHIP, ROOT

NOWHERE = "/proc/everyfamily/x"
PACK = ROOT / "packs" / "child-sexual-exploitation"


def run(*words: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(main, words, input="a long enough passphrase\n" * 2)


@pytest.fixture
def with_keys(tmp_path: Path) -> Path:
    """The demonstration's partnership with a public key for each signatory."""
    for file in PARTNERSHIP.parent.glob("*.svg"):
        shutil.copy(file, tmp_path)
    text = PARTNERSHIP.read_text(encoding="utf-8")
    for _ in range(2):
        text = text.replace('# public_key = "…"', f'public_key = "{SigningKey.new().public_key}"', 1)
    (tmp_path / "partnership.toml").write_text(text, encoding="utf-8")
    return tmp_path / "partnership.toml"


@pytest.mark.slow
def test_an_out_that_cannot_be_is_a_sentence(with_keys: Path, tmp_path: Path) -> None:
    (tmp_path / "passphrase.txt").write_text("a long enough passphrase for a test")
    key = run("key", "--out", NOWHERE, "--passphrase-file", str(tmp_path / "passphrase.txt"))
    compose = run(
        *("compose", str(PACK), "--partnership", str(with_keys), "--term", "spring-2027"),
        *("--dated", "2027-03-02", "--reference", "ES-2703-A1B2", "--out", NOWHERE),
    )
    for done in (key, compose):
        assert (done.exit_code, "EF001" in done.output) == (2, False)
        assert "EF912: /proc/everyfamily" in done.output
        assert "name another place" in done.output


def test_every_command_says_it_in_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a command writes to, the refusal passes through one door."""

    @click.command()
    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "coverage.html")

    for name in COMMANDS:
        monkeypatch.setattr(main, "get_command", lambda ctx, cmd: full)
        done = run(name)
        assert (done.exit_code, done.output.splitlines()) == (
            2,
            [
                "EF912: coverage.html cannot be used: no space left on device.",
                "  Make room on this disk, or name a place on another.",
            ],
        )


@pytest.mark.slow
def test_a_home_that_cannot_be_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    # What the demo sets for its own process does not stay for the next test.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    for name in ("DATABASE_URL", "EVERYFAMILY_OWNER_URL", "EVERYFAMILY_PLANNER_URL"):
        monkeypatch.delenv(name, raising=False)
    for command in (("schools",), ("demo", "--no-serve", "--out", "/tmp/ef-never-made")):
        done = run(*command, EVERYFAMILY_HOME="/proc/ef")
        assert (done.exit_code, "EF902: " in done.output, "/proc/ef" in done.output) == (2, True, True), (
            done.output
        )
        assert "Set EVERYFAMILY_HOME" in done.output


def test_a_busy_port_of_the_pages_is_said_before_they_answer(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_commands, "prepare_pages", lambda: pytest.fail("the database was started"))
    done = run("web", "--port", str(busy))
    assert done.exit_code == 2
    assert "The pages answer" not in done.output
    assert f"EF913: Something else on this machine answers on 127.0.0.1, port {busy}." in done.output
    assert f"--port {busy + 1}" in done.output


@pytest.mark.parametrize("proxy", ["*", "", "10.0.0.0/8", "proxy.example.org", "10.0.0.4, 10.0.0.5"])
def test_only_the_address_of_one_proxy_is_believed(proxy: str) -> None:
    said = run("web", "--proxy", proxy)
    assert said.exit_code == 2
    assert "Give the address of one proxy" in said.output
