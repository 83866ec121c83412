"""The carriers of a round, each as a separate other side: what workers are told about it, and what it accepted.

The folder, the mail server and Notify's stand-in outlive every worker that is killed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.contract.notify_service import Service
from tests.faults.ground import TOKEN
from tests.faults.records import Taken, half_bundles, mailed, notified, printed, recorded

NEVER_PAUSE = {"EVERYFAMILY_FAILURE_SHARE": "1", "EVERYFAMILY_FAILURE_LEAST": "1000000"}


class OtherSide(ABC):
    """What takes messages in."""

    may_resend = False
    """Whether the rule of docs/channels/unknown.md can bring a second message to one contact point."""

    may_fail_a_letter = False
    """Whether it may say of a letter that its service failed, which pauses the mailing for a person."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.outbox = folder / "outbox"
        self.outbox.mkdir(mode=0o700)
        self.folder, self.seed = folder, seed

    @property
    def print_folder(self) -> Path:
        return self.outbox / "print"

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """What the workers, and other processes that ask, are told."""

    @abstractmethod
    def electronic(self) -> list[Taken]:
        """What was accepted that is not printed in the folder."""

    def taken(self) -> list[Taken]:
        """Everything that was accepted so far."""
        return self.electronic() + printed(self.print_folder)

    def count(self) -> int:
        """About how many by now: what is printed counts by the bundle."""
        bundles = sum(1 for _ in self.print_folder.glob("post/*/*/bundle-*.csv"))
        return bundles + sum(file.read_bytes().count(b"\n") for file in self.logs())

    @abstractmethod
    def logs(self) -> list[Path]:
        """Files with a line for each electronic message."""

    def half_bundles(self) -> list[str]:
        return half_bundles(self.print_folder)

    def close(self) -> None:
        """End what is behind it; a folder needs no end."""
        return


class Recording(OtherSide):
    """The recording carrier's outbox, and real print."""

    def __init__(self, folder: Path, seed: int, *, faults: str = "") -> None:
        super().__init__(folder, seed)
        self._faults = f"delay=0.006,answer_delay=0.008{faults}"

    def environment(self) -> dict[str, str]:
        return NEVER_PAUSE | {
            "EVERYFAMILY_OUTBOX": str(self.outbox),
            "EVERYFAMILY_CHANNELS": "recording",
            "EVERYFAMILY_FAULTS": self._faults,
        }

    def electronic(self) -> list[Taken]:
        return recorded(self.outbox)

    def logs(self) -> list[Path]:
        return [*self.outbox.glob("email.*.jsonl"), *self.outbox.glob("text.*.jsonl")]


class _Served(OtherSide):
    """A server in a separate process, which says where it is and serves until its input ends."""

    _log: Path

    def _serve(self, *command: str) -> dict[str, Any]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said

    def logs(self) -> list[Path]:
        return [self._log] if self._log.exists() else []

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


class MailServer(_Served):
    """SMTP that refuses, hangs and drops."""

    SHARES = "busy=0.05,full=0.05,gone=0.1,drop_before=0.05,drop_after=0.06,hang=0.03"
    PAUSES: Mapping[str, str] = NEVER_PAUSE

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed)
        self._log = folder / "mail.jsonl"
        self._mended = folder / "mended"
        said = self._serve(
            *("tests.faults.smtp_sink", "--log", str(self._log), "--seed", str(seed)),
            *("--shares", self.SHARES, "--until", str(self._mended)),
        )
        self._port = int(said["port"])

    def mend(self) -> None:
        """From now on every letter is accepted and answered."""
        self._mended.touch()

    def environment(self) -> dict[str, str]:
        return dict(self.PAUSES) | {
            "EVERYFAMILY_OUTBOX": str(self.outbox),
            "EVERYFAMILY_CHANNELS": "smtp",
            "EVERYFAMILY_SMTP_HOST": "127.0.0.1",
            "EVERYFAMILY_SMTP_PORT": str(self._port),
        }

    def electronic(self) -> list[Taken]:
        return mailed(self._log)


class HangingUp(MailServer):
    """Takes every letter and hangs up before it says so, until somebody repairs it."""

    SHARES = "drop_after=1"
    LEAST = 6
    PAUSES = {"EVERYFAMILY_FAILURE_SHARE": "0.2", "EVERYFAMILY_FAILURE_LEAST": str(LEAST)}


class Stand(_Served):
    """Notify's stand-in, and our address for its receipts."""

    may_resend = True
    may_fail_a_letter = True
    # What is silent and late is asked about before it is listed: the one way that the rule allows a second message.
    FAULTS = (
        "rate_limited=0.08,failing=0.05,failing_after=0.04,silent=0.03,dropped=0.04,late=0.3,twice=0.3,"
        "out_of_order=0.3,forged=0.6,hang=0.5,late_seconds=8,receipt_seconds=0.2"
    )
    # A forged word shows where the true one is a failure: "delivered" is further on than any of them.
    FATES = {"delivered": 0.6, "temporary-failure": 0.1, "permanent-failure": 0.15}

    def __init__(self, folder: Path, seed: int) -> None:
        super().__init__(folder, seed)
        self._receiver = Receiver()
        self._log = folder / "notify.jsonl"
        fates = ",".join(f"{name}={share}" for name, share in self.FATES.items())
        self._said = self._serve(
            *("tests.contract.notify_server", "--log", str(self._log), "--seed", str(seed)),
            *("--faults", self.FAULTS, "--fates", fates, "--callback", self._receiver.address, "--token", TOKEN),
        )
        self._fates = Service(seed=seed, fates=self.FATES)

    def environment(self) -> dict[str, str]:
        return NEVER_PAUSE | {
            "EVERYFAMILY_OUTBOX": str(self.outbox),
            "EVERYFAMILY_CHANNELS": "notify",
            "EVERYFAMILY_NOTIFY_KEY": self._said["key"],
            "EVERYFAMILY_NOTIFY_EMAIL_TEMPLATE": self._said["email_template"],
            "EVERYFAMILY_NOTIFY_TEXT_TEMPLATE": self._said["text_template"],
            "EVERYFAMILY_NOTIFY_BASE_URL": self._said["url"],
        }

    def electronic(self) -> list[Taken]:
        return notified(self._log)

    def fate_of(self, reference: str) -> str | None:
        """What the stand-in's last word on a message is; None: it says no more than that it took it in."""
        return self._fates._fate(reference)

    def close(self) -> None:
        self._fates.stop()
        super().close()
        self._receiver.close()


class Receiver:
    """Our page for receipts, served in this process."""

    def __init__(self) -> None:
        from everyfamily.config.serving import server_of
        from everyfamily.config.wsgi import application
        from everyfamily.people.database import access

        # This process plays the people and the workers' helpers too, and is no process that serves pages only.
        access._unless_opened[:] = [access.Access.everything()]
        self._server = server_of(application, host="127.0.0.1", port=0)
        self.address = f"http://127.0.0.1:{self._server.effective_port}/receipts/notify"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        # Its sockets are closed under it at the end.
        with suppress(OSError):
            self._server.run()

    def close(self) -> None:
        self._server.close()
        self._thread.join(2)
