"""Two hundred rounds of every kind, in two lanes, with other seeds each night."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from tests.faults.drivers import Driver, told
from tests.faults.round import KINDS

pytestmark = [pytest.mark.database, pytest.mark.faults, pytest.mark.nightly]

ROUNDS = int(os.environ.get("EVERYFAMILY_FAULT_ROUNDS", "200"))
LANES = 2


def test_no_family_is_lost_and_none_is_written_to_twice(
    note: Callable[[dict[str, Any]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    first = int(os.environ.get("EVERYFAMILY_FAULT_SEED", "0")) or secrets.randbelow(10**6)
    kinds = [kind for _, kind in zip(range(ROUNDS), _in_turn(), strict=False)]
    rounds: SimpleQueue[tuple[str, int]] = SimpleQueue()
    for number, kind in enumerate(kinds):
        rounds.put((kind, first + number))
    with capsys.disabled():
        print(f"\n  {ROUNDS} rounds; the first seed is {first}", flush=True)
        with ThreadPoolExecutor(LANES) as lanes:
            played = [
                one for lane in [lanes.submit(_lane, rounds) for _ in range(LANES)] for one in lane.result()
            ]
    for found in played:
        note(found)
    broken = [told(found) for found in played if found["broken"]]
    assert not broken, "\n".join(broken)
    assert len(played) == ROUNDS


def _in_turn():  # type: ignore[no-untyped-def]
    """Every kind as often as any other, in an order that does not put the long ones into one lane."""
    kinds = list(KINDS)
    while True:
        random.shuffle(kinds)
        yield from kinds


def _lane(rounds: SimpleQueue[tuple[str, int]]) -> list[dict[str, Any]]:
    played = []
    driver = Driver()
    try:
        while True:
            try:
                kind, seed = rounds.get_nowait()
            except Empty:
                return played
            found = driver.play(kind, seed)
            played.append(found)
            print(
                f"  {kind}, seed {seed}: {found.get('seconds')} s{' BROKEN' if found['broken'] else ''}",
                flush=True,
            )
    finally:
        driver.close()
