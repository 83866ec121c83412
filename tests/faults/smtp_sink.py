"""A mail server that outlives the workers, in a separate process: `python -m tests.faults.smtp_sink`.

Prints its port as one JSON line, writes a line to --log for each letter that it accepted, before it answers, and serves
until its input ends. The seed decides what an address meets, only for its first call except for "gone".
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

MEETS = {
    "busy": "451 4.3.2 later, before the letter",
    "full": "451 4.3.0 later, after the letter",
    "gone": "550 5.1.1 no such address",
    "drop_before": "the connection ends before the letter was taken in",
    "drop_after": "the connection ends after the letter was taken in",
    "hang": "taken in; nothing is said, and after a while the connection ends",
}
_REFERENCE = re.compile(rb"^Message-ID: <([0-9a-f-]{36})@", re.MULTILINE | re.IGNORECASE)


class Sink:
    """The handler of aiosmtpd."""

    def __init__(
        self, log: Path, *, seed: int, shares: dict[str, float], seconds: float, until: Path | None = None
    ) -> None:
        self._log, self._seed, self._shares, self._seconds = log, seed, shares, seconds
        self._until = until
        self._calls: Counter[str] = Counter()

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self._calls[address] += 1
        meets = self._meets(address)
        if meets == "gone":
            return "550 5.1.1 no such address"
        if meets == "busy":
            return "451 4.3.2 later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        address = envelope.rcpt_tos[0]
        meets = self._meets(address)
        if meets == "full":
            return "451 4.3.0 later"
        if meets == "drop_before":
            server.transport.abort()
            return "451 nobody reads this"
        await asyncio.sleep(0.004)
        self._take(address, envelope.content)
        if meets == "hang":
            await asyncio.sleep(self._seconds)
        if meets in ("hang", "drop_after"):
            server.transport.abort()
            return "451 nobody reads this"
        # Where a worker dies, or its database does, between taking in and recording.
        await asyncio.sleep(0.006)
        return "250 2.0.0 OK"

    def _meets(self, address: str) -> str:
        if self._until is not None and self._until.exists():
            return ""
        digest = hashlib.blake2b(f"{self._seed}|{address}".encode(), digest_size=8).digest()
        place = int.from_bytes(digest, "big") / 2**64
        for name, share in self._shares.items():
            if place < share:
                return name if name == "gone" or self._calls[address] == 1 else ""
            place -= share
        return ""

    def _take(self, address: str, letter: bytes) -> None:
        found = _REFERENCE.search(letter)
        line = {"reference": found[1].decode() if found else "", "to": address}
        with self._log.open("ab", buffering=0) as file:
            file.write((json.dumps(line) + "\n").encode())


def main(arguments: list[str]) -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.smtp_sink", description=__doc__)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long a silence lasts")
    parser.add_argument("--shares", default="", help="; ".join(f"{name}: {what}" for name, what in MEETS.items()))
    parser.add_argument("--until", type=Path, help="once this file is there, nothing is amiss any more")
    said = parser.parse_args(arguments)
    shares = {
        name: float(share) for name, _, share in (one.partition("=") for one in said.shares.split(",") if one)
    }
    sink = Sink(said.log, seed=said.seed, shares=shares, seconds=said.seconds, until=said.until)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port, ident="sink")
    controller.start()
    print(json.dumps({"port": port}), flush=True)
    sys.stdin.read()
    controller.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
