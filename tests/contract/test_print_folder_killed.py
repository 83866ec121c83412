"""Processes that print into one folder at the same time, and are killed: real ones, at random moments."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily.core.sending.fallback import Channel
from tests.contract.rigs import NOW, manifests, message, rows_of
from tests.contract.test_print_folder import assert_the_files_agree, by_hand, post

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
_PRINTS = """
import sys
from pathlib import Path
from everyfamily.channels.post.print_folder import PrintFolder
from everyfamily.core.sending.fallback import Channel
from tests.contract.rigs import NOW, message
folder, channel, first, last = Path(sys.argv[1]), Channel(sys.argv[2]), *map(int, sys.argv[3:])
carrier = PrintFolder(folder)
print("ready", flush=True)
for number in range(first, last, 2):
    carrier.send([message(channel, number), message(channel, number + 1)], NOW)
    print(number, flush=True)
"""


def prints(folder: Path, channel: Channel, first: int, last: int) -> subprocess.Popen[str]:
    """A process that prints bundles of two and says each that the carrier took."""
    command = [sys.executable, "-c", _PRINTS, str(folder), channel.value, str(first), str(last)]
    return subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True)


def lines_of(process: subprocess.Popen[str]) -> list[int]:
    assert process.stdout is not None
    with process.stdout as out:
        return [int(line) for line in out.read().split() if line.isdigit()]


@pytest.mark.parametrize("channel", [Channel.POST, Channel.PUPIL_POST])
def test_two_processes_in_one_folder_lose_nothing(tmp_path: Path, channel: Channel) -> None:
    both = [prints(tmp_path, channel, first, first + 40) for first in (1, 101)]
    said = [lines_of(process) for process in both]
    assert [process.wait() for process in both] == [0, 0]
    assert [len(numbers) for numbers in said] == [20, 20]
    make = post if channel is Channel.POST else by_hand
    assert_the_files_agree(tmp_path, [*range(1, 41), *range(101, 141)], make)


@pytest.mark.parametrize("kills", [3, pytest.param(12, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("channel", [Channel.POST, Channel.PUPIL_POST])
def test_a_killed_process_leaves_what_it_was_told_of_and_no_letter_twice(
    tmp_path: Path, channel: Channel, kills: int
) -> None:
    chance = random.Random(f"killed {channel}")
    make = post if channel is Channel.POST else by_hand
    next_number = 1
    for _ in range(kills):
        process = prints(tmp_path, channel, next_number, 1000)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.0, 0.12))
        process.send_signal(signal.SIGKILL)
        said = lines_of(process)
        process.wait()
        # As a rescue does: what the dead worker had in hand is asked about, and sent again if it was never had.
        after = PrintFolder(tmp_path)
        reached = max(said, default=next_number - 2) + 2
        assert all(after.ask(make(number).reference, NOW) for number in said)
        if after.ask(make(reached).reference, NOW) is None:
            assert after.ask(make(reached + 1).reference, NOW) is None, "all of a bundle or nothing"
            after.send([message(channel, reached), message(channel, reached + 1)], NOW)
        next_number = reached + 2
        assert_the_files_agree(tmp_path, range(1, next_number), make)
    counts = Counter(row["reference"] for manifest in manifests(tmp_path) for row in rows_of(manifest))
    assert set(counts.values()) == {1}
    assert len(counts) == next_number - 1 >= 2 * kills
