"""The demonstration waits for its pages as long as they are starting, also on a machine that is busy for minutes."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.journeys.site_servers import free_port

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("database")]

LISTENS_LATE = """
import socket, sys, time
time.sleep(0.3)
listening = socket.create_server(("127.0.0.1", int(sys.argv[1])))
time.sleep(60)
"""


def test_it_waits_while_the_process_is_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily_demo import served

    # A quarter of a minute goes by at each look: so it was on the machine of the trial, where two others never rested.
    clock = iter(range(0, 10_000, 15))
    monkeypatch.setattr(served, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=time.sleep))
    port = free_port()
    running = subprocess.Popen([sys.executable, "-c", LISTENS_LATE, str(port)])
    try:
        served._wait_for(port, running, Path("workers.log"))
    finally:
        running.kill()
        running.wait()


def test_a_process_that_ended_is_said_at_once() -> None:
    from everyfamily_demo import served

    running = subprocess.Popen([sys.executable, "-c", ""])
    running.wait()
    with pytest.raises(served.PagesNotThere):
        served._wait_for(free_port(), running, Path("workers.log"))
