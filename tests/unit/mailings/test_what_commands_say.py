"""Lines of commands that look after an installation, and words that commands take."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from everyfamily.channels.email.mailbox import header_of
from everyfamily.cli.mailings.pause_commands import _references, _said
from everyfamily.cli.operation import mailbox_commands, noted_heads
from everyfamily.config.start import (
    DatabaseAddressMissing,
    DatabaseIsADemonstrations,
    _refuse_a_demonstrations,
    require_every_address,
)
from everyfamily.core.audit_chain import Head
from everyfamily.core.sending.fallback import Channel
from everyfamily.mailings.queries.health import Health, NotBegun, Workers
from everyfamily.mailings.queries.health_steps import _long, health_steps

ALIVE, SILENT = Workers(2, 3.0), Workers(0, 7200.0)
LATE = NotBegun("ES-2703-K7R4", 900001, datetime(2027, 3, 2, 9, 0, tzinfo=UTC), "Una Marsh")


@pytest.mark.parametrize(
    ("found", "good", "lines"),
    [
        (Health(1, ALIVE, ()), True, 0),
        (Health(0, SILENT, ()), True, 0),
        (Health(1, SILENT, ()), False, 1),
        (Health(1, ALIVE, (LATE,)), False, 1),
        (Health(1, ALIVE, (), ("ES-2703-K7R4",)), False, 1),
        (Health(1, ALIVE, (), failed_jobs=1), False, 1),
        (Health(1, SILENT, (LATE,), ("ES-2703-K7R4",), 2), False, 4),
    ],
)
def test_health_says_each_thing_that_somebody_must_do(found: Health, good: bool, lines: int) -> None:
    said = list(health_steps(found))
    assert found.is_good is good
    assert len(said) == lines


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1.4, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "120 minutes"),
        (7200, "2 hours"),
        (90_000, "25 hours"),
    ],
)
def test_a_silence_is_said_in_the_unit_that_fits(seconds: float, words: str) -> None:
    assert _long(seconds) == words


def test_what_is_said_about_unknown_messages_is_a_channel_and_a_word() -> None:
    assert _said(("email=went", "pupil post=next-way")) == {Channel.EMAIL: "went", Channel.PUPIL_POST: "next-way"}
    for wrong in ("email", "email=perhaps", "fax=went", "=went"):
        with pytest.raises(click.UsageError):
            _said((wrong,))


def test_references_are_found_anywhere_in_a_log(tmp_path: Path) -> None:
    ours = "0a1b2c3d-0000-4000-8000-00000000000f"
    (tmp_path / "log").write_bytes(f"250 ok <{ours.upper()}@x> and {ours}\n\xff\n".encode("latin-1"))
    assert _references(tmp_path / "log") == {ours}


@pytest.mark.parametrize(
    ("data", "header"),
    [
        (b"A: 1\r\n\r\nwords\n\n", b"A: 1\r\n\r\n"),
        (b"A: 1\n\nwords\r\n\r\n", b"A: 1\n\n"),
        (b"\n\nwords", b"\n\n"),
        (b"A: 1\n", b"A: 1\n"),
    ],
)
def test_a_header_ends_with_its_first_empty_line(data: bytes, header: bytes) -> None:
    assert header_of(data) == header


def maildir(folder: Path, inbox: int) -> str:
    for part in ("tmp", "new", "cur"):
        (folder / part).mkdir(parents=True)
    for number in range(inbox):
        (folder / "new" / f"{number}.x").write_text("A: 1\n\n")
    return f"maildir:{folder}"


def test_mailboxes_are_counted_and_one_that_is_away_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    def run(*words: str, bounces: str = "", replies: str = "") -> tuple[int, str]:
        monkeypatch.setattr(settings, "EVERYFAMILY_BOUNCES", {"mailbox": bounces, "password": "", "to": ""})
        monkeypatch.setattr(settings, "EVERYFAMILY_REPLIES", {"mailbox": replies, "password": ""})
        monkeypatch.setattr(mailbox_commands, "prepare", lambda **options: None)
        done = CliRunner().invoke(mailbox_commands.mailboxes, words)
        return done.exit_code, done.output

    code, said = run()
    assert (code, said.count("not read")) == (0, 2)
    code, said = run(bounces=maildir(tmp_path / "bounces", 2), replies=maildir(tmp_path / "replies", 3))
    assert code == 0
    assert "bounces: 2 to read, 0 done, 0 for a person to look at." in said
    assert "replies: 3 in the inbox." in said
    code, said = run("--json", bounces=f"maildir:{tmp_path}/bounces", replies=f"maildir:{tmp_path}/nowhere")
    found: dict[str, Any] = json.loads(said)
    assert code == 1
    assert found["bounces"]["inbox"] == 2
    assert found["replies"].startswith("EF")


def test_heads_are_noted_for_the_next_check_and_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulated = [False]
    monkeypatch.setattr(noted_heads, "is_simulated", lambda: simulated[0])
    monkeypatch.setattr(noted_heads, "heads_file", lambda: tmp_path / "outbox/audit-heads")
    heads = {"school-1": Head(3, "0" * 64)}
    assert noted_heads.noted_heads() == {}
    simulated[0] = True
    assert noted_heads.note_heads(heads) is None
    simulated[0] = False
    file = noted_heads.note_heads(heads)
    assert file is not None
    assert file.stat().st_mode & 0o777 == 0o600
    assert noted_heads.noted_heads() == heads
    simulated[0] = True
    assert noted_heads.noted_heads() == {}, "a demonstration notes nothing"
    simulated[0] = False
    noted_heads.set_heads_aside()
    assert noted_heads.noted_heads() == {}
    noted_heads.set_heads_aside()


def test_a_demonstrations_database_is_refused_but_by_its_own_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.config import start

    made: list[tuple[str, str] | None] = [("demo", "x")]
    monkeypatch.setattr(start, "read_mark", lambda home: made[0])
    monkeypatch.delenv("EVERYFAMILY_CLOCK", raising=False)
    with pytest.raises(DatabaseIsADemonstrations):
        _refuse_a_demonstrations(tmp_path)
    monkeypatch.setenv("EVERYFAMILY_CLOCK", "database")
    _refuse_a_demonstrations(tmp_path)
    monkeypatch.delenv("EVERYFAMILY_CLOCK")
    for made[0] in (None, ("families", "x")):
        _refuse_a_demonstrations(tmp_path)


def test_each_role_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("DATABASE_URL", "EVERYFAMILY_OWNER_URL", "EVERYFAMILY_PLANNER_URL")
    for name in names:
        monkeypatch.setenv(name, "postgresql://x")
    require_every_address()
    monkeypatch.delenv(names[2])
    with pytest.raises(DatabaseAddressMissing, match="EVERYFAMILY_PLANNER_URL is not"):
        require_every_address()
    monkeypatch.delenv(names[1])
    with pytest.raises(DatabaseAddressMissing, match="EVERYFAMILY_OWNER_URL and EVERYFAMILY_PLANNER_URL are not"):
        require_every_address()
