"""Homes for embedded servers: short, because a socket's path is; new, because rights are part of the test."""

from __future__ import annotations

import atexit
import contextlib
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from everyfamily_postgres import launcher
from everyfamily_postgres.folders import POINTER, Folders
from everyfamily_postgres.launcher import Server, find, start
from everyfamily_postgres.roles import SUPERUSER
from everyfamily_postgres.throwaway import mark
from tests.factories.homes import new_home

# Enough for a test, and quick to start on a busy machine. `fsync` stays on: one test is about keeping rows.
SMALL = {"shared_buffers": "16MB", "max_connections": "20"}


@pytest.fixture
def home() -> Iterator[Path]:
    """The path of a home that does not exist yet; its server is stopped and its files removed afterwards."""
    path = new_home()
    yield path
    clear_away(path)


@pytest.fixture(scope="module")
def used_home() -> Iterator[Path]:
    """The path of a home that tests of a module share: each starts its server, and leaves it running or stopped.

    To make a database takes longer than all that these tests do with it.
    """
    path = new_home()
    yield path
    clear_away(path)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for the tests that only look."""
    path = new_home()
    mark(path, "tests")
    yield start(path, settings=SMALL)
    clear_away(path)


@pytest.fixture(autouse=True)
def _data_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """initdb runs once in a test process. A further home that this process makes gets a copy of those data, with the
    superuser's password that is in them: to make them took longer than all the rest. `used_home`, `server` and the
    commands in processes of their own make theirs."""
    make, passwords_of = launcher._make_data, launcher.load_passwords

    def made(folders: Folders, password: str) -> None:
        if not _made:
            make(folders, password)
            _made.append((_copied(folders.data, new_home("ef-initdb-")), password))
            atexit.register(shutil.rmtree, _made[0][0], ignore_errors=True)
            return
        shutil.rmtree(folders.unfinished_data, ignore_errors=True)
        _copied(_made[0][0], folders.unfinished_data).rename(folders.data)

    def with_the_one(path: Path, *, database_exists: bool) -> Mapping[str, str]:
        passwords = passwords_of(path, database_exists=database_exists)
        if _made and not database_exists:
            passwords = {**passwords, SUPERUSER: _made[0][1]}
            path.write_text(json.dumps(passwords))
        return passwords

    monkeypatch.setattr(launcher, "_make_data", made)
    monkeypatch.setattr(launcher, "load_passwords", with_the_one)


_made: list[tuple[Path, str]] = []
"""The data that were made first in this process, and the superuser's password in them."""


def _copied(data: Path, to: Path) -> Path:
    subprocess.run(["cp", "-a", str(data), str(to)], check=True)
    return to


@pytest.fixture
def start_small() -> Callable[[Path], Server]:
    """Start a server with modest settings."""
    return lambda path: start(path, settings=SMALL)


def clear_away(path: Path) -> None:
    running = find(path)
    if running is not None:
        running.stop()
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree((path / POINTER).read_text().strip())
    shutil.rmtree(path, ignore_errors=True)
