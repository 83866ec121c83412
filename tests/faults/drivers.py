"""A driver as a test holds it: a process that plays rounds, and is ended whole whatever happens."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

LONGEST = 420.0
"""Seconds for one round; it gives itself up long before."""


class Driver:
    """One ground, many rounds."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._home = Path(self._read()["home"])

    def play(self, kind: str, seed: int) -> dict[str, Any]:
        """Play one round; its figures, and what is broken."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{kind} {seed}\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """End it, its workers, and its server."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._end()
        self._process.stdout.close()

    def _read(self) -> dict[str, Any]:
        out = self._process.stdout
        assert out is not None
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            line = out.readline() if selector.select(LONGEST) else ""
        if not line:
            self._end()
            raise AssertionError("the driver of the rounds ended, or did not come back")
        found: dict[str, Any] = json.loads(line)
        return found

    def _end(self) -> None:
        from everyfamily_postgres.launcher import start

        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            if hasattr(self, "_home"):
                start(self._home).stop()


def told(found: dict[str, Any]) -> str:
    """What is broken in a round, and how to play it again."""
    lines = "\n  ".join(found["broken"])
    by_hand = f"echo '{found['kind']} {found['seed']}' | EVERYFAMILY_FAULT_KEEP=1 python -m tests.faults.driver"
    return f"{found['kind']}, seed {found['seed']}:\n  {lines}\nAgain: {by_hand}"
