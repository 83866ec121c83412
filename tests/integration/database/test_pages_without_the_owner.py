"""The process that serves the pages never has the address of the tables' owner, and makes no tables."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from everyfamily.config import start
from everyfamily.config.databases import ADDRESSES
from everyfamily_postgres.launcher import Server

pytestmark = [pytest.mark.database, pytest.mark.slow]

OWNER = ADDRESSES["owner"]


@pytest.fixture(autouse=True)
def _without_the_owner(database: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(OWNER)


def _web(**more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "everyfamily.cli.main", "web", "--port", "8791"]
    return subprocess.run(command, env=os.environ | more, capture_output=True, text=True, timeout=120)


def test_the_pages_are_not_served_with_the_owners_address() -> None:
    said = _web(**{OWNER: "postgresql://everyfamily_owner:a-secret@db.example.org/everyfamily"})
    assert (said.returncode, "EF504" in said.stderr) == (2, True), said.stderr
    assert "EVERYFAMILY_OWNER_URL is set for the process that serves the pages." in said.stderr
    assert "a-secret" not in said.stderr + said.stdout


def test_the_pages_need_the_two_other_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    start.prepare_pages()
    monkeypatch.delenv(ADDRESSES["planner"])
    with pytest.raises(start.DatabaseAddressMissing, match="EVERYFAMILY_PLANNER_URL is not") as refused:
        start.prepare_pages()
    assert OWNER not in str(refused.value)


def test_the_pages_say_that_tables_are_behind_and_make_none(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core import management

    monkeypatch.setattr(management, "call_command", lambda *given, **more: pytest.fail("migrated"))
    monkeypatch.setattr(start, "_migrations_of", lambda app: iter(["9999_of_a_newer_program"]))
    with pytest.raises(start.TablesAreBehind):
        start.prepare_pages()


def test_an_empty_database_is_behind_too() -> None:
    from django.db import connections, transaction

    with transaction.atomic(using="default"):
        with connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL search_path TO pg_temp")
        assert start._tables_are_behind("default")


def test_beside_the_embedded_server_the_pages_let_the_owners_address_go(monkeypatch: pytest.MonkeyPatch) -> None:
    here = {name: os.environ[name] for name in (ADDRESSES["default"], ADDRESSES["planner"])}
    for name in here:
        monkeypatch.delenv(name)
    monkeypatch.setattr(start, "use_embedded", lambda: os.environ.update(here | {OWNER: "postgresql://owner"}))
    start.prepare_pages()
    assert OWNER not in os.environ


def test_the_demonstration_serves_its_pages_without_the_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    from pathlib import Path

    from everyfamily_demo import served

    started: list[dict[str, str]] = []

    class _Started:
        def __init__(self, command: list[str], env: dict[str, str], **more: object) -> None:
            started.append(env)

        def terminate(self) -> None: ...

        def wait(self, seconds: int) -> None: ...

    monkeypatch.setenv(OWNER, "postgresql://owner")
    monkeypatch.setattr(served.subprocess, "Popen", _Started)
    monkeypatch.setattr(served, "_wait_for", lambda *given: None)
    with served._pages(8127, Path(os.devnull), {"EVERYFAMILY_SEED": "7"}):
        pass
    assert (OWNER in started[0], started[0]["EVERYFAMILY_SEED"]) == (False, "7")
