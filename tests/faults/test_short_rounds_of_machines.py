"""Workers, all of them, the database and its connections die; the clock is put forward and back. One round of each.

One more in `make test`, in which people decide while workers die; these in `make nightly`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.drivers import Driver, told

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.faults]

OTHERS = ("worker killed", "all workers killed", "database killed", "connections cut", "clock", "worker stalled")
KINDS = ["worker killed, people decide", *(pytest.param(kind, marks=pytest.mark.nightly) for kind in OTHERS)]


@pytest.mark.parametrize("kind", KINDS)
def test_no_family_is_lost_and_none_is_written_to_twice(
    driver: Driver, kind: str, seed: int, note: Callable[[dict[str, Any]], None]
) -> None:
    found = driver.play(kind, seed)
    note(found)
    assert not found["broken"], told(found)
    assert found["messages"] > 30 and found["faults"]
