"""The demo asks for its port before the minute that it takes, and only where it will serve."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from everyfamily_demo import command


class Begun(Exception):
    """What ends a demo that has begun."""


def demo(out: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["demo", "--out", str(out), *options])


def begins_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a demo begin, and end it before it has a folder and a database."""

    def begun(out: Path, *, seed: int) -> None:
        raise Begun

    monkeypatch.setenv("EVERYFAMILY_DEBUG", "1")
    monkeypatch.setattr(command, "choose_workspace", begun)


def test_a_busy_port_is_said_before_anything_is_laid(
    tmp_path: Path, busy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins_no_further(monkeypatch)
    done = demo(tmp_path / "demo", "--port", str(busy))
    assert done.exit_code == 2
    assert "EF356" in done.stderr
    assert f"Something else is served on port {busy} of this machine." in done.stderr
    assert f"Name another, such as {busy + 1}." in done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("option", ["--no-serve", "--json"])
def test_a_demo_that_serves_nothing_needs_no_port(
    tmp_path: Path, busy: int, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    begins_no_further(monkeypatch)
    assert isinstance(demo(tmp_path / "demo", "--port", str(busy), option).exception, Begun)
