"""Worker processes and what keeps them running: like a service manager, it starts one that ended again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE = 45.0
"""Seconds in which a worker that was told to stop must have ended: a page takes up to twenty."""
PAUSE = 0.3
"""Seconds before one that ended by itself is started again."""


class Keeper:
    """Keeps `count` workers. Those it kills are started again as well."""

    def __init__(self, count: int, folder: Path, environment: dict[str, str]) -> None:
        self._count = count
        self._folder = folder
        self._environment = os.environ | environment
        self._running: list[subprocess.Popen[bytes]] = []
        self._logs: dict[int, Path] = {}
        self._not_before = 0.0
        self.kills = 0
        self.stalls = 0
        self.ended: list[int] = []
        """Exit codes of those that ended by themselves."""

    def tend(self) -> None:
        """Start what is missing."""
        for process in list(self._running):
            if (code := process.poll()) is not None:
                self._running.remove(process)
                self.ended.append(code)
                self._not_before = time.monotonic() + PAUSE
        while len(self._running) < self._count and time.monotonic() >= self._not_before:
            self._running.append(self._start())

    def kill_one(self, rng: random.Random) -> None:
        """SIGKILL, most often to one that has begun to work."""
        if self._running:
            up = [process for process in self._running if self._is_up(process)]
            self._kill([rng.choice(up if up and rng.random() < 0.8 else self._running)])

    def kill_all(self) -> None:
        """SIGKILL to every one, at one time."""
        self._kill(list(self._running))

    def stop_one(self, rng: random.Random) -> tuple[int, int | None]:
        """SIGTERM; returns its process id and how it ended (None: not in time, and it was killed)."""
        until = time.monotonic() + GRACE
        while not (up := [process for process in self._running if self._is_up(process)]):
            assert time.monotonic() < until, "no worker came up"
            time.sleep(0.05)
            self.tend()
        process = rng.choice(up)
        self._running.remove(process)
        process.send_signal(signal.SIGTERM)
        return process.pid, _wait(process)

    def stall_one(self, rng: random.Random, seconds: float) -> None:
        """SIGSTOP to one that is running, for this long; then another is killed, and its replacement starts."""
        up = [process for process in self._running if self._is_up(process)]
        if len(up) < 2:
            return
        stalled, other = rng.sample(up, 2)
        stalled.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._kill([other])
        until = time.monotonic() + GRACE
        self.tend()
        while not self._is_up(self._running[-1]) and time.monotonic() < until:
            time.sleep(0.05)
            self.tend()
        # It has registered by then, and struck the stalled one off.
        time.sleep(0.5)
        stalled.send_signal(signal.SIGCONT)
        self.stalls += 1

    def stop_all(self) -> list[tuple[int, int | None]]:
        """SIGTERM to all; process ids and exit codes as of `stop_one`."""
        until = time.monotonic() + GRACE
        while not all(self._is_up(process) for process in self._running) and time.monotonic() < until:
            time.sleep(0.05)
            self.tend()
        stopping, self._running = self._running, []
        for process in stopping:
            process.send_signal(signal.SIGTERM)
        return [(process.pid, _wait(process)) for process in stopping]

    def close(self) -> None:
        """Leave no process behind."""
        self._kill(list(self._running), count=False)

    def pids(self) -> list[int]:
        return [process.pid for process in self._running]

    def words(self) -> str:
        """What the workers said."""
        return "".join(log.read_text() for log in self._logs.values())

    def _is_up(self, process: subprocess.Popen[bytes]) -> bool:
        """Whether it listens to SIGTERM: before that it has nothing in hand that could be finished."""
        try:
            status = Path(f"/proc/{process.pid}/status").read_text()
        except FileNotFoundError:
            return False
        caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
        return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "everyfamily.cli.main", "worker"]
        path = self._folder / f"worker-{len(self._logs)}.log"
        with path.open("ab") as log:
            process = subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self._logs[process.pid] = path
        return process

    def _kill(self, processes: list[subprocess.Popen[bytes]], *, count: bool = True) -> None:
        for process in processes:
            process.kill()
            self._running.remove(process)
        for process in processes:
            process.wait()
        self.kills += len(processes) if count else 0


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    try:
        return process.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None
