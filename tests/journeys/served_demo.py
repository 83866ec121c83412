"""The demonstration that is served with few children, for the stories that look at it from outside."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from everyfamily_demo.sign_ins import code_now
from everyfamily_postgres.launcher import find
from tests.factories.homes import new_home

CHILDREN = 240
FEW = f"""\
from everyfamily_demo import schools
schools.SMALL_ROLL = {CHILDREN}
"""
QUICK = """\
from django.contrib.auth.hashers import ScryptPasswordHasher
ScryptPasswordHasher.work_factor, ScryptPasswordHasher.parallelism = 2, 1
"""
"""The passwords of its people are hardly stretched when it makes them. The pages that it serves do so in full."""
KEPT = (
    FEW
    + QUICK
    + """\
import json
import shutil
from pathlib import Path

from everyfamily.cli.main import main
from everyfamily_demo import command

play = command._play


def kept(*asked):
    # Only now there are the tables that it is made of.
    from everyfamily_demo import steps
    steps.WORKERS = 1
    figures = play(*asked)
    shutil.copytree("demo/outbox", "sent")
    Path("figures.json").write_text(json.dumps(figures))
    return figures


command._play = kept
main()
"""
)
"""The command, with one worker for the days that are played. It also keeps what it would print as JSON, and what had
gone out before the second letter goes."""
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}


@dataclass
class Run:
    """A demonstration that is being served."""

    base: str
    site: str
    said: str
    folder: Path
    environment: dict[str, str]
    home: Path
    sessions: dict[str, Any] = field(default_factory=dict)
    """The cookies of each role that somebody signed in as."""

    def code(self, role: str, *, seconds: int) -> dict[str, str]:
        """What `everyfamily demo-code` shows, with `seconds` left to type it."""
        _wait_for_seconds(seconds)
        command = [sys.executable, "-m", "everyfamily.cli.main", "demo-code", role, "--out", str(self.folder)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return dict(line.split() for line in done.stdout.splitlines())  # type: ignore[misc]


def _wait_for_seconds(seconds: int) -> None:
    """Until a code is good for so long: one is good for 30 seconds of the clock."""
    left = 30 - time.time() % 30
    if left < seconds:
        time.sleep(left + 0.1)


def _two_free_ports() -> int:
    """The first of two ports in a row that are free."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port: int = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    place, home = tmp_path_factory.mktemp("run"), new_home()
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    environment = kept | {"HOME": str(home), "EVERYFAMILY_HOME": str(home / "ef")}
    port = _two_free_ports()
    command = [sys.executable, "-c", KEPT, "demo", "--port", str(port)]
    log = place / "said.txt"
    with log.open("w") as out:
        running = subprocess.Popen(command, cwd=place, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(3000):
            if running.poll() is not None or "Ctrl-C ends" in log.read_text():
                break
            time.sleep(0.1)
        said = log.read_text()
        assert "Ctrl-C ends" in said, said
        pages, site = f"http://localhost:{port + 1}", f"http://127.0.0.1:{port}"
        yield Run(pages, site, said, place / "demo", environment, home)
    finally:
        running.send_signal(signal.SIGTERM)
        ended = running.wait(60)
    assert ended == 0
    assert _still_running(home) == []
    stop_and_remove(home)


def _still_running(home: Path) -> list[str]:
    """Our programs that were started for this demonstration and did not end with it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            mine = f"EVERYFAMILY_HOME={home}".encode() in (process / "environ").read_bytes()
        except OSError:
            continue
        if mine and b"everyfamily.cli.main" in words:
            found.append(b" ".join(words).decode())
    return found


def come_in(page: Page, run: Run, role: str) -> None:
    """Sign in, or go on with the session of this role: a code opens nothing twice, so another would have to be waited
    for."""
    if role in run.sessions:
        page.context.add_cookies(run.sessions[role])
        page.goto(run.base)
        expect(page.get_by_role("heading", level=1)).to_contain_text("for you", timeout=30_000)
        return
    known = next(
        one for one in json.loads((run.folder / "keys" / "sign-ins.json").read_text()) if one["role"] == role
    )
    page.goto(f"{run.base}/sign-in/")
    page.get_by_label("Email").fill(known["email"])
    page.get_by_label("Password").fill(known["password"])
    page.locator("main form button").first.click()
    expect(page.get_by_label("Code")).to_be_visible(timeout=30_000)
    # Asked for only now: a code is good for the rest of its 30 seconds, and a busy machine takes long for a password.
    # One that ended on the way is asked for again, which is quicker than to wait each time until there is time left.
    inside = page.get_by_role("heading", level=1, name=re.compile("for you"))
    for _ in range(3):
        _wait_for_seconds(3)
        page.get_by_label("Code").fill(code_now(known["secret"], time.time()))
        page.locator("main form button").first.click()
        # The first page after signing in may take long on a machine that does more.
        expect(inside.or_(page.get_by_role("alert")).first).to_be_visible(timeout=30_000)
        if inside.is_visible():
            run.sessions[role] = page.context.cookies()
            return
    pytest.fail("no code of three was good")


def stop_and_remove(path: Path) -> None:
    server = find(path / "ef" / "demo")
    if server is not None:
        server.stop()
    shutil.rmtree(path, ignore_errors=True)


def everyfamily(
    *words: str, home: Path, cwd: Path, program: Sequence[str] = ("-m", "everyfamily.cli.main")
) -> subprocess.CompletedProcess[str]:
    """Run the command with an empty home folder and nothing of ours in the environment."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR")}
    environment = kept | {"HOME": str(home), "EVERYFAMILY_HOME": str(home / "ef")}
    return subprocess.run(
        [sys.executable, *program, *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
