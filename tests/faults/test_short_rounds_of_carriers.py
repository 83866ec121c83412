"""Carriers refuse, hang and fall silent; disks are full; people press, pause and decide. One round of each.

They are played in `make nightly`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.drivers import Driver, told

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.faults, pytest.mark.nightly]

KINDS = ("decisions", "unknown storm", "mail server", "notify", "disk full", "two people")


@pytest.mark.parametrize("kind", KINDS)
def test_no_family_is_lost_and_none_is_written_to_twice(
    driver: Driver, kind: str, seed: int, note: Callable[[dict[str, Any]], None]
) -> None:
    found = driver.play(kind, seed)
    note(found)
    assert not found["broken"], told(found)
    assert found["messages"] > 30 and found["faults"]
