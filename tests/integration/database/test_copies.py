"""A machine is copied with its database and its marker while a worker sends, and the copy goes on.

Real workers, a real copy of a running PostgreSQL, and a count on the other side: what the carrier has, whatever became
of the machine. The machine's ids are files of the test (tests/factories/worker_on_machine.py).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import City, adult
from tests.factories.recovered import copy_of, started

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.faults]

FAMILIES = 24
LATER = 4
"""At a school that begins after the others."""
LONGEST = 240
"""Seconds that something may take that takes two: these tests wait for an end, they time nothing."""


@dataclass
class Machine:
    """Where a worker runs: its ids, its outbox and its database."""

    folder: Path
    outbox: Path
    server: Server

    def is_started_as(self, machine: str, boot: str) -> None:
        (self.folder / "machine-id").write_text(machine)
        (self.folder / "boot_id").write_text(boot)

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.server.dsn(Role.APP),
            "EVERYFAMILY_OWNER_URL": self.server.dsn(Role.OWNER),
            "EVERYFAMILY_PLANNER_URL": self.server.dsn(Role.PLANNER),
            "EVERYFAMILY_OUTBOX": str(self.outbox),
            "EVERYFAMILY_CLOCK": "database",
            "EVERYFAMILY_STALLED_SECONDS": "3",
            "EVERYFAMILY_FAULTS": "delay=0.02,answer_delay=0.01",
        }

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A worker process; killed at the end if it still runs."""
        with (self.folder / "worker.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.factories.worker_on_machine", str(self.folder)],
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def words(self) -> str:
        return (self.folder / "worker.log").read_text()

    def sends_until(self, letters: int) -> None:
        """A worker sends until so many families have the letter, and ends as it is told."""
        with self.worker() as process:
            wait_for(lambda: process.poll() is not None or len(had_it(self.outbox)) >= letters, "more letters")
            wait_for(lambda: process.poll() is not None or listens(process.pid), "its loop")
            process.terminate()
            assert process.wait(timeout=LONGEST) == 0, self.words()

    def refuses_or_sends(self) -> str:
        """What a worker does that is started here: "" if it works on, or the words with which it refuses."""
        with self.worker() as process:
            wait_for(lambda: process.poll() is not None or listens(process.pid), "its loop")
            if process.poll() is None:
                # Longer than it takes to send to everybody, if it does.
                time.sleep(3)
            return self.words() if process.poll() == 2 else ""

    def types(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "everyfamily.cli.main", *words, "--by", "Pat Example"],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )


def wait_for(condition: Callable[[], object], what: str, seconds: float = LONGEST) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s for {what}"
        time.sleep(0.02)


def listens(pid: int) -> bool:
    """Whether it listens to SIGTERM: before that it would only die of it."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    caught = next(line.split()[1] for line in status if line.startswith("SigCgt:"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def had_it(outbox: Path) -> Counter[str]:
    """How often each family's inbox had the letter, as the carrier in this outbox knows."""
    lines = [line for file in outbox.glob("*.jsonl") for line in file.read_text().split("\n")[:-1]]
    return Counter(json.loads(line)["to"] for line in lines)


@pytest.fixture
def first(city: City, database: Server, tmp_path: Path) -> Machine:
    """The machine, with the mailing of one of its two schools begun."""
    from everyfamily.mailings.edges.tasks import begin_school

    for urn, name, count in ((900001, "ana", FAMILIES), (900002, "bea", LATER)):
        rows = [
            adult(f"P{n}", f"{name.title()} Ferris{n}", EMAIL=f"{name}{n}@example.org", HAS_CARE="no")
            for n in range(count)
        ]
        city.school(urn, rows, order=["email"])
    city.open()
    begin_school.defer(mailing_id=city.mailing, school_id=city.schools[900001])
    machine = Machine(tmp_path, tmp_path / "outbox", database)
    machine.is_started_as("0123456789abcdef", "boot 1")
    return machine


def in_mid_send(machine: Machine, process: subprocess.Popen[Any]) -> None:
    wait_for(lambda: process.poll() is not None or len(had_it(machine.outbox)) >= 5, "the first letters")
    assert process.poll() is None, machine.words()


@contextmanager
def halted(process: subprocess.Popen[Any]) -> Iterator[None]:
    """A copy of a machine is of one moment."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def is_asked(machine: Machine, said: str, code: str = "EF579") -> None:
    """Nothing is sent until a person has answered, and not by the answer."""
    before = had_it(machine.outbox)
    assert code in said, said
    done = machine.types("after-restore", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["uncertain"] > 0
    assert machine.types("resume", "--reference", "ES-2703-K7R4").returncode == 0
    with machine.worker() as process:
        time.sleep(3)
        assert process.poll() is None, machine.words()
    assert had_it(machine.outbox) == before


def test_a_snapshot_of_a_running_machine_that_was_put_back_sends_nothing_by_itself(
    first: Machine, tmp_path: Path
) -> None:
    with first.worker() as process:
        in_mid_send(first, process)
        with halted(process):
            data = copy_of(first.server, tmp_path / "copy")
            outbox = {file: file.read_bytes() for file in first.outbox.iterdir() if file.is_file()}
        wait_for(lambda: len(had_it(first.outbox)) == FAMILIES, "the rest")
    real = had_it(first.outbox)
    assert set(real.values()) == {1}
    # In the same files: a snapshot has the same inodes.
    for file in first.outbox.iterdir():
        if file.is_file() and file not in outbox:
            file.unlink()
    for file, content in outbox.items():
        file.write_bytes(content)
    with started(data, first.server) as server:
        again = Machine(tmp_path, first.outbox, server)
        again.is_started_as("0123456789abcdef", "boot 2")
        then = had_it(again.outbox)
        said = again.refuses_or_sends()
        twice = had_it(again.outbox) - then
        assert not twice, f"{len(twice)} of {FAMILIES} twice"
        is_asked(again, said)


@pytest.mark.nightly
def test_a_clone_beside_the_first_sends_nothing_by_itself(first: Machine, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    beside.mkdir()
    with first.worker() as process:
        in_mid_send(first, process)
        with halted(process):
            data = copy_of(first.server, tmp_path / "copy")
            shutil.copytree(first.outbox, beside / "outbox")
        with started(data, first.server) as server:
            clone = Machine(beside, beside / "outbox", server)
            # The same ids, and even the same boot: only the files are others.
            clone.is_started_as("0123456789abcdef", "boot 1")
            then = had_it(clone.outbox)
            said = clone.refuses_or_sends()
            wait_for(lambda: len(had_it(first.outbox)) == FAMILIES, "the rest")
            twice = had_it(clone.outbox) - then
            assert not twice, f"{len(twice)} of {FAMILIES} twice"
            is_asked(clone, said)
    assert set(had_it(first.outbox).values()) == {1}


@pytest.mark.nightly
def test_a_copied_database_with_an_empty_outbox_believes_nobody(first: Machine, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    beside.mkdir()
    with first.worker() as process:
        in_mid_send(first, process)
        data = copy_of(first.server, tmp_path / "copy")
    with started(data, first.server) as server:
        copy = Machine(beside, beside / "outbox", server)
        copy.is_started_as("fedcba9876543210", "its boot")
        assert "EF571" in copy.refuses_or_sends()
        done = copy.types("after-restore", "--not-restored", "--why", "a new machine")
        said = copy.refuses_or_sends()
        assert not had_it(copy.outbox), f"{len(had_it(copy.outbox))} of {FAMILIES} twice"
        assert (done.returncode, "EF571" in done.stderr) == (2, True), done.stderr
        is_asked(copy, said, "EF571")


@pytest.mark.nightly
def test_a_reboot_after_a_clean_stop_and_a_kill_on_the_same_boot_ask_nothing(first: Machine, city: City) -> None:
    from everyfamily.mailings.edges.tasks import begin_school

    with first.worker() as process:
        in_mid_send(first, process)
        process.kill()
        process.wait()
    # All but the one that the first had in hand.
    first.sends_until(FAMILIES - 1)
    first.is_started_as("0123456789abcdef", "boot 2")
    before = len(had_it(first.outbox))
    begin_school.defer(mailing_id=city.mailing, school_id=city.schools[900002])
    first.sends_until(before + LATER)
    assert set(had_it(first.outbox).values()) == {1}
