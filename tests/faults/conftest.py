"""A driver for each file of rounds, and the figures of every round that was played."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.drivers import Driver


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    """A process that plays rounds on its own PostgreSQL."""
    one = Driver()
    yield one
    one.close()


@pytest.fixture
def seed() -> int:
    """EVERYFAMILY_FAULT_SEED, or 1."""
    return int(os.environ.get("EVERYFAMILY_FAULT_SEED", "1"))


@pytest.fixture
def note(record_property: Any) -> Any:
    """Keeps a round's figures: for the table at the end (tests/conftest.py), and in EVERYFAMILY_FAULT_REPORT."""

    def keep(found: dict[str, Any]) -> None:
        record_property("round", json.dumps(found))
        if report := os.environ.get("EVERYFAMILY_FAULT_REPORT"):
            # One line a round, in one write: several test processes add to it.
            with Path(report).open("ab", buffering=0) as file:
                file.write((json.dumps(found) + "\n").encode())

    return keep
