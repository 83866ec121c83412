"""The whole product after the demonstration: the parent site, the screens for staff, and a worker, on this machine."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from everyfamily.config.databases import ADDRESSES
from everyfamily.core.errors import EveryfamilyError, SourceLocation
from everyfamily_demo.second_letter import NOW, let_time_pass, open_second_letter
from everyfamily_demo.sign_ins import SignIn, make_sign_ins
from everyfamily_demo.simulation import workers
from everyfamily_demo.third_letter import ask_for_third_letter, sealing_settings
from everyfamily_demo.workspace import Workspace

_LONGEST = 10 * 60
"""Seconds for which a process that lives may be starting, or stopping. A busy machine takes minutes for what takes
three seconds otherwise, and a process that ended is seen at once."""


class PagesNotThere(EveryfamilyError):
    """The pages for staff did not start."""

    code = "EF956"


@contextmanager
def product(workspace: Workspace, port: int, schools: Sequence[int]) -> Iterator[list[SignIn]]:
    """Serve the screens for staff during the block, with a second letter on its way, a third that waits for approval,
    and a clock that goes on.

    `schools` are those whose leads attest. Yields one sign-in for each role. Raises PagesNotThere.
    """
    from django.conf import settings as own

    settings = worker_and_pages_agree_on(workspace, port)
    own.SECRET_KEY = settings["EVERYFAMILY_SECRET_KEY"]  # the links of the first accounts are made here
    sign_ins = make_sign_ins(workspace.keys, sorted(schools)[:2], NOW - timedelta(days=30))
    log = workspace.folder / "workers.log"
    with workers(1, log, settings | sealing_settings(workspace)):
        open_second_letter(workspace, schools)
        ask_for_third_letter(workspace, NOW)
        threading.Thread(target=let_time_pass, args=(time.monotonic(),), daemon=True).start()
        with _pages(port, log, settings):
            yield sign_ins


def worker_and_pages_agree_on(workspace: Workspace, port: int) -> dict[str, str]:
    """The settings of both: the worker writes links that the pages open."""
    return {
        # A passkey needs a name, not a number.
        "EVERYFAMILY_BASE_URL": f"http://localhost:{port}",
        "EVERYFAMILY_SECRET_KEY": secrets.token_urlsafe(48),
        "EVERYFAMILY_PARTNERSHIP": str(workspace.folder / "partnership" / "partnership.toml"),
        "EVERYFAMILY_SITE_FOLDER": str(workspace.folder / "site"),
        # While somebody looks at pages, there is no work for minutes. The days before were played with far less.
        "EVERYFAMILY_POLLING_SECONDS": "0.5",
    }


@contextmanager
def _pages(port: int, log: Path, settings: Mapping[str, str]) -> Iterator[None]:
    command = [sys.executable, "-m", "everyfamily.cli.main", "web", "--port", str(port)]
    without = {name: value for name, value in os.environ.items() if name != ADDRESSES["owner"]}
    with log.open("ab") as out:
        running = subprocess.Popen(command, stdout=out, stderr=out, env={**without, **settings})
    try:
        _wait_for(port, running, log)
        yield
    finally:
        running.terminate()
        running.wait(_LONGEST)


def _wait_for(port: int, running: subprocess.Popen[bytes], log: Path) -> None:
    """Until the pages answer. Raises PagesNotThere."""
    until = time.monotonic() + _LONGEST
    while time.monotonic() < until and running.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise PagesNotThere("The pages for staff did not start.", "The log says why.", SourceLocation(str(log)))


def print_sign_ins(sign_ins: Sequence[SignIn], port: int, keys: Path) -> list[str]:
    """The lines that say where the pages are, as whom one may come in, and with which key the council approves."""
    width = max(len(one.role) for one in sign_ins)
    return [
        f"The pages for staff: http://localhost:{port}/  Sign in as one of these:",
        *(f"  {one.role:<{width}}  {one.email:<31}  {one.password}" for one in sign_ins),
        "For the code of one of them: `everyfamily demo-code ROLE`, such as `everyfamily demo-code lead`.",
        f"The council approves with the key file {keys}/childrens-services.pem; passphrase.txt beside it opens it.",
    ]
