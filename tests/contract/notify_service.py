"""What is behind the stand-in for GOV.UK Notify: notifications, their statuses, receipts, and faults.

Written from Notify's public documentation. It never treats two calls as one: each that it accepted is a message that a
family would have had, and is in `taken` and in the log.
"""

from __future__ import annotations

import hashlib
import heapq
import http.client
import itertools
import json
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SERVICE = "2f9c1d7e-0a4b-4c57-9e63-5a1b7f20c8d4"
SECRET = "c81e6a40-77d3-4f0e-8b52-93d1e4a6f705"
KEY = f"stand-in-{SERVICE}-{SECRET}"
EMAIL_TEMPLATE = "5b3c2a10-6f8e-4d21-b7a9-0c4e8d9f1a26"
TEXT_TEMPLATE = "8d7e6f5a-4b3c-4a2d-9e1f-0a9b8c7d6e5f"
TEMPLATES = {
    EMAIL_TEMPLATE: ("email", {"subject": "((subject))", "body": "((body))"}),
    TEXT_TEMPLATE: ("sms", {"body": "((body))"}),
}
FINAL = {"delivered", "temporary-failure", "permanent-failure", "technical-failure"}


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of references, 0 to 1, that meet a fault; which ones is seeded, so that every process agrees."""

    rate_limited: float = 0.0
    """The first call is answered 429, and nothing is accepted."""
    failing: float = 0.0
    """The first call is answered 500, and nothing is accepted."""
    failing_after: float = 0.0
    """Taken in, and the first call answered 500."""
    silent: float = 0.0
    """Taken in, and the first call never answered: after `hang` seconds the connection ends."""
    dropped: float = 0.0
    """Taken in, and the connection ends at once."""
    late: float = 0.0
    """Taken in and answered, and in the list only `late_seconds` later."""
    twice: float = 0.0
    """The receipt comes twice."""
    out_of_order: float = 0.0
    """A receipt with an earlier word comes after the last one."""
    forged: float = 0.0
    """Somebody without the token sends a receipt that says the contrary, before and after."""
    hang: float = 2.0
    late_seconds: float = 2.0
    receipt_seconds: float = 0.0
    """How long after a message was accepted its receipt is sent."""


@dataclass
class Notification:
    """One accepted message."""

    id: str
    reference: str | None
    kind: str
    to: str
    fields: dict[str, str]
    created_at: datetime
    listed_from: float
    """On the monotonic clock."""
    status: str
    pdf: bytes = b""
    postage: str | None = None
    completed_at: datetime | None = None


@dataclass(order=True)
class _Due:
    at: float
    number: int
    body: dict[str, Any] = field(compare=False)
    token: str = field(compare=False)
    path: str = field(compare=False, default="")
    tries: int = field(compare=False, default=0)


class Service:
    """The state of the stand-in; safe for several threads.

    `fates` are shares of final statuses, by reference; the rest stay as accepted. `callback` is where receipts go,
    `token` is what they come with, and `returned` is where returned letters are reported.
    """

    def __init__(
        self,
        *,
        seed: int = 7,
        faults: Faults | None = None,
        fates: dict[str, float] | None = None,
        callback: str = "",
        returned: str = "",
        token: str = "",
        log: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.seed, self.faults, self.fates = seed, faults or Faults(), fates or {}
        self.callback, self.returned, self.token = callback, returned, token
        self.clock = clock
        self.taken: list[Notification] = []
        self.calls: Counter[str] = Counter()
        self.next_answers: list[tuple[int, object] | str] = []
        """Answers to the next calls that send, instead of the service's own; "hang up" and "silent" are none."""
        self.answers_to_receipts: list[int] = []
        """Status codes with which our receipts were met; 0 for no answer."""
        self.daily_limit: int | None = None
        self.page_size = 250
        self._log = log
        self._lock = threading.Lock()
        self._due: list[_Due] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition(self._lock)
        self._stopped = False
        self._posting = False
        self._postman = threading.Thread(target=self._post_receipts, daemon=True)
        self._postman.start()

    def meets(self, fault: str, reference: str) -> bool:
        """Whether a reference meets a fault."""
        share = getattr(self.faults, fault)
        return bool(share) and self._place(fault, reference) < share

    def take(
        self, kind: str, reference: str | None, to: str, fields: dict[str, str], **more: Any
    ) -> Notification:
        """Take a message in, and send its receipt when that is due."""
        now = self.clock()
        name = reference or ""
        late = self.faults.late_seconds if self.meets("late", name) else 0.0
        status = "pending-virus-check" if kind == "letter" else "created"
        one = Notification(
            str(uuid.uuid4()), reference, kind, to, fields, now, time.monotonic() + late, status, **more
        )
        with self._lock:
            self.taken.append(one)
            self._write_down(one)
        if (fate := self._fate(name)) is not None:
            self._later(self.faults.receipt_seconds, lambda: self.move(one, fate))
        return one

    def move(self, one: Notification, status: str) -> None:
        """Give a notification another status; of an email or text that has come to its end a receipt is sent."""
        one.status = status
        if status in FINAL or one.kind == "letter":
            one.completed_at = self.clock()
        if self.callback and one.kind != "letter" and status in FINAL:
            self.send_receipts(one)

    def send_receipts(self, one: Notification) -> None:
        """Send the receipt of a notification, with whatever faults its reference meets."""
        name, receipt = one.reference or "", self.receipt(one)
        contrary = {**receipt, "status": "permanent-failure" if one.status == "delivered" else "delivered"}
        if self.meets("forged", name):
            self.post(contrary, token="not the token that was agreed")
        self.post(receipt)
        if self.meets("twice", name):
            self.post(receipt)
        if self.meets("out_of_order", name):
            self.post({**receipt, "status": "sending"}, after=0.05)
        if self.meets("forged", name):
            self.post(contrary, token="not the token that was agreed", after=0.05)

    def receipt(self, one: Notification) -> dict[str, Any]:
        """A delivery receipt as documented."""
        return {
            "id": one.id,
            "reference": one.reference,
            "to": one.to,
            "status": one.status,
            "created_at": stamp(one.created_at),
            "completed_at": stamp(one.completed_at),
            "sent_at": stamp(one.created_at),
            "notification_type": one.kind,
            "template_id": EMAIL_TEMPLATE if one.kind == "email" else TEXT_TEMPLATE,
            "template_version": 1,
        }

    def tell_returned(self, one: Notification) -> None:
        """Send word that a letter came back, as documented."""
        said = {
            "notification_id": one.id,
            "reference": one.reference,
            "date_sent": stamp(one.created_at),
            "sent_by": None,
            "template_name": "Pre-compiled PDF",
            "template_id": "00000000-0000-4000-8000-000000000000",
            "template_version": 1,
            "spreadsheet_file_name": None,
            "spreadsheet_row_number": None,
            "upload_letter_file_name": None,
        }
        self.post(said, path=self.returned)

    def post(self, body: dict[str, Any], *, token: str = "", after: float = 0.0, path: str = "") -> None:
        """Send a callback after some seconds; one met with 5xx, 429 or silence is sent again, five times at most."""
        due = _Due(
            time.monotonic() + after, next(self._numbers), body, token or self.token, path or self.callback
        )
        with self._wake:
            heapq.heappush(self._due, due)
            self._wake.notify()

    def settled(self, timeout: float = 10.0) -> None:
        """Wait until no callback is due any more."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            with self._lock:
                if not self._due and not self._posting:
                    return
            time.sleep(0.01)
        raise TimeoutError("callbacks are still due")

    def listed(self, reference: str | None, kinds: list[str], older_than: str | None) -> list[Notification]:
        """A page of what can be seen by now, newest first."""
        with self._lock:
            seen = [one for one in reversed(self.taken) if one.listed_from <= time.monotonic()]
        if older_than is not None:
            at = next((index for index, one in enumerate(seen) if one.id == older_than), len(seen))
            seen = seen[at + 1 :]
        found = [one for one in seen if reference in (None, one.reference) and (not kinds or one.kind in kinds)]
        return found[: self.page_size]

    def stop(self) -> None:
        """End the thread that sends receipts."""
        with self._wake:
            self._stopped = True
            self._wake.notify()
        self._postman.join(5)

    def _fate(self, reference: str) -> str | None:
        place = self._place("fate", reference)
        for status, share in self.fates.items():
            if place < share:
                return status
            place -= share
        return None

    def _place(self, what: str, reference: str) -> float:
        digest = hashlib.blake2b(f"{self.seed}|{what}|{reference}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if not seconds:
            act()
            return
        timer = threading.Timer(seconds, act)
        timer.daemon = True
        timer.start()

    def _write_down(self, one: Notification) -> None:
        if self._log is None:
            return
        body = one.pdf or json.dumps(one.fields, sort_keys=True).encode()
        line = {
            "id": one.id,
            "reference": one.reference,
            "type": one.kind,
            "to": one.to,
            "body": hashlib.sha256(body).hexdigest(),
            "at": one.created_at.isoformat(),
        }
        # One write before the answer: what was accepted is there even if this process dies now.
        with self._log.open("ab", buffering=0) as file:
            file.write((json.dumps(line) + "\n").encode())

    def _post_receipts(self) -> None:
        while True:
            with self._wake:
                while not self._stopped and (not self._due or self._due[0].at > time.monotonic()):
                    self._wake.wait(max(self._due[0].at - time.monotonic(), 0.001) if self._due else None)
                if self._stopped:
                    return
                due = heapq.heappop(self._due)
                self._posting = True
            code = _post(due)
            with self._wake:
                self._posting = False
                self.answers_to_receipts.append(code)
                if (code == 0 or code == 429 or code >= 500) and due.tries < 5:
                    due.tries, due.at = due.tries + 1, time.monotonic() + 0.2
                    heapq.heappush(self._due, due)


def _post(due: _Due) -> int:
    parts = urlsplit(due.path)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {due.token}"}
    try:
        connection.request("POST", parts.path, json.dumps(due.body), headers)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def stamp(at: datetime | None) -> str | None:
    """A time as Notify writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at is not None else None
