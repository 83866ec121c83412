"""Homes for embedded servers: short, because a socket's path is; new, because rights are part of the test."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from everyfamily_postgres.folders import POINTER
from everyfamily_postgres.launcher import Server, find, start
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
