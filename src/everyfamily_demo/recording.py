"""The recording carrier: shipped, contract-tested, and the default. Nothing real is sent.

It writes each message to an outbox folder and plays a carrier with receipts from a script with a seed
(carrier_script.py). It can be told to refuse, to hang, or to accept a message and then not answer. It never removes
duplicates, so the outbox shows every message that a carrier would have sent.
"""

from __future__ import annotations

import fcntl
import hashlib
import heapq
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.channels.errors import CarrierRefused, NoAnswer
from everyfamily.channels.events import DeliveryEvent
from everyfamily.channels.kept_files import AT_THE_PRESS, make_closed_folder
from everyfamily.core.sending.fallback import AttemptStatus, Channel
from everyfamily_demo.carrier_script import fate


@dataclass(frozen=True, slots=True)
class Faults:
    """Shares of contact values, 0 to 1, that meet a fault. The seed decides which ones."""

    refuse: float = 0.0
    """The first call is refused before anything is accepted."""
    silent: float = 0.0
    """Accepted, and then no answer."""
    delay: float = 0.0
    """Seconds that each call takes before the message is accepted."""
    answer_delay: float = 0.0
    """Seconds between accepting a message and answering. A crash in this time leaves it unknown."""


class RecordingChannel(Carrier):
    """Sends everything to a folder (mode 0700, because it contains contact values)."""

    name: ClassVar[str] = "recording"
    channels: ClassVar[frozenset[Channel]] = frozenset(Channel)
    has_receipts: ClassVar[bool] = True
    carries_files: ClassVar[bool] = True

    def __init__(
        self, outbox: Path, *, seed: int, faults: Faults | None = None, paper: Carrier | None = None
    ) -> None:
        """`paper` prints real files for post. Without it, a line in the outbox stands for the letter."""
        self._outbox = outbox
        self._paper = paper
        self._seed = seed
        self._faults = faults or Faults()
        self._files: dict[Channel, Any] = {}
        self._bodies: set[str] = set()
        self._inbox = ReceiptBox(outbox, seed=seed)
        make_closed_folder(outbox)

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        first = messages[0]
        _wait(self._faults.delay)
        if first.calls == 0 and self._meets("refuse", first, self._faults.refuse):
            raise CarrierRefused("The recording carrier was told to refuse.", "It is tried again later.")
        answers = [Submission(message.reference, AttemptStatus.ACCEPTED) for message in messages]
        if self._paper is not None and first.channel in self._paper.channels:
            answers = self._print(self._paper, messages, now)
        else:
            for message in messages:
                self._write(message, now)
        _wait(self._faults.answer_delay)
        if self._meets("silent", first, self._faults.silent):
            raise NoAnswer("The recording carrier took it and was told not to answer.", "Wait for its receipt.")
        return answers

    def refuses_demonstrations(self) -> bool:
        return False

    def batch_of(self, channel: Channel) -> int:
        if self._paper is not None and channel in self._paper.channels:
            return self._paper.batch_of(channel)
        return 1

    def answers_for(self, channel: Channel) -> bool:
        return self._paper is not None and channel in self._paper.channels

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        if self._paper is None:
            return super().ask(reference, now)
        event = self._paper.ask(reference, now)
        if event is not None:
            self._write_what_was_printed(reference)
        return event

    def receipts(self, now: datetime) -> list[DeliveryEvent]:
        return self._inbox.due(now)

    def close(self) -> None:
        while self._files:
            self._files.popitem()[1].close()

    def _meets(self, fault: str, message: Message, share: float) -> bool:
        # Not for a bundle: which message is first in it depends on which worker was quicker, and a rehearsal must be
        # repeatable.
        if not share or self.batch_of(message.channel) > 1:
            return False
        digest = hashlib.blake2b(f"{self._seed}|{fault}|{message.contact_value}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64 < share

    def _print(self, paper: Carrier, messages: Sequence[Message], now: datetime) -> list[Submission]:
        """Print, and then write the lines, which are in their own file meanwhile.

        If a process dies between the two, it leaves a bundle that counts. The process that asks about it writes its
        lines, so that its receipts are played.
        """
        at_the_press = self._outbox / f"{_stem(messages[0].channel)}.{os.getpid()}{AT_THE_PRESS}"
        with _private(at_the_press) as file:
            file.truncate(0)
            file.write(b"".join(_line(message, now) for message in messages))
        try:
            answers = paper.send(messages, now)
            for message, answer in zip(messages, answers, strict=True):
                if answer.status is AttemptStatus.ACCEPTED:
                    self._write(message, now)
        finally:
            at_the_press.unlink(missing_ok=True)
        return answers

    def _write_what_was_printed(self, reference: str) -> None:
        """Write the line of a message if it was printed by a process that died before writing it."""
        for path in self._outbox.glob(f"*{AT_THE_PRESS}"):
            with path.open("rb") as file:
                # Two workers may ask about the same dead process.
                fcntl.flock(file, fcntl.LOCK_EX)
                for raw in file:
                    line = json.loads(raw) if raw.endswith(b"\n") else {}
                    if line.get("reference") == reference and not self._is_written(line["channel"], reference):
                        self._file(Channel(line["channel"])).write(raw)

    def _is_written(self, channel: str, reference: str) -> bool:
        quoted = json.dumps(reference).encode()
        return any(
            quoted in path.read_bytes() for path in self._outbox.glob(f"{_stem(Channel(channel))}.*.jsonl")
        )

    def _write(self, message: Message, now: datetime) -> None:
        # One unbuffered write: what a carrier accepted is there even if we die now.
        self._file(message.channel).write(_line(message, now))
        self._keep_body(message)

    def _file(self, channel: Channel) -> Any:
        if channel not in self._files:
            self._files[channel] = _private(self._outbox / f"{_stem(channel)}.{os.getpid()}.jsonl")
        return self._files[channel]

    def _keep_body(self, message: Message) -> None:
        """Keep each body once. Messages name it. 60,000 copies of one letter would be a gigabyte."""
        key = f"{message.channel.value} {message.body.key}"
        if key in self._bodies:
            return
        self._bodies.add(key)
        folder = self._outbox / "bodies"
        folder.mkdir(mode=0o700, exist_ok=True)
        stem = key.replace(" ", "_")
        values = {f.name: getattr(message.body, f.name) for f in fields(message.body) if f.compare}
        _keep(folder / f"{stem}.json", json.dumps(values, ensure_ascii=False, indent=1))
        if message.body.html is not None:
            _keep(folder / f"{stem}.html", message.body.html)
        if message.body.text:
            _keep(folder / f"{stem}.txt", message.body.text)
        for file in message.body.files:
            _keep(folder / f"{stem}.{file.name}", file.content)


def _stem(channel: Channel) -> str:
    return channel.value.replace(" ", "-")


def _line(message: Message, now: datetime) -> bytes:
    line = {
        "reference": message.reference,
        "at": now.isoformat(),
        "channel": message.channel.value,
        "to": message.to,
        "address": list(message.address),
        "group": message.group,
        "body": message.body.key,
    }
    return (json.dumps(line, ensure_ascii=False) + "\n").encode()


def _wait(seconds: float) -> None:
    if seconds:
        time.sleep(seconds)


def _keep(path: Path, body: str | bytes) -> None:
    """Write one body. Every worker writes the same bytes, so none cuts off what another has written."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(body.encode() if isinstance(body, str) else body)
        file.truncate()


def _private(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)


class ReceiptBox:
    """Reads an outbox and says which receipts have come in by a given time."""

    def __init__(self, outbox: Path, *, seed: int) -> None:
        self._outbox = outbox
        self._seed = seed
        self._read: dict[Path, int] = {}
        self._waiting: list[tuple[datetime, str, str, str]] = []

    def due(self, now: datetime) -> list[DeliveryEvent]:
        """Receipts due up to `now` that were not given before."""
        for line in self._new_lines():
            self._expect(line)
        events = []
        while self._waiting and self._waiting[0][0] <= now:
            at, reference, status, reason = heapq.heappop(self._waiting)
            events.append(DeliveryEvent(reference, AttemptStatus(status), at, reason))
        return events

    def next_at(self) -> datetime | None:
        """When the next receipt comes in, or None if none is waiting."""
        for line in self._new_lines():
            self._expect(line)
        return self._waiting[0][0] if self._waiting else None

    def _new_lines(self) -> Iterator[dict[str, Any]]:
        for path in sorted(self._outbox.glob("*.jsonl")):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                for raw in file:
                    if not raw.endswith(b"\n"):
                        break
                    self._read[path] = self._read.get(path, 0) + len(raw)
                    yield json.loads(raw)

    def _expect(self, line: dict[str, Any]) -> None:
        value = line["to"] or "\n".join(line["address"])
        heard = fate(line["channel"], value, self._seed)
        if heard.event is not None:
            at = datetime.fromisoformat(line["at"]) + heard.after
            heapq.heappush(self._waiting, (at, line["reference"], heard.event, _REASONS.get(heard.event, "")))


_REASONS = {
    "permanent-failure": "the contact point does not exist",
    "temporary-failure": "could not be delivered in time",
    "returned": "the post came back",
}
