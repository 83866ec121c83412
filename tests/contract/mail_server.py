"""A real SMTP server in this process, which can be told how to answer each address."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

HANG_UP = "hang up"


@dataclass
class Taken:
    """One letter that the server said yes to, or took and kept silent about."""

    to: str
    raw: bytes
    sender: str = ""
    """On the envelope."""

    @property
    def mail(self) -> EmailMessage:
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class Script:
    """What the server says, by the part of the address before the @; else it says yes.

    `idle_after` letters it ends the connection without a word, as servers do with one that was idle.
    """

    sender: str | None = None
    recipient: dict[str, str] = field(default_factory=dict)
    letter: dict[str, str] = field(default_factory=dict)
    idle_after: int = 0
    pipelining: bool = False
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return ["250-PIPELINING", *responses] if self.pipelining else responses

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.sender is not None:
            return self.sender
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.recipient.get(address.partition("@")[0], "250 2.1.5 OK")
        if answer == HANG_UP:
            server.transport.abort()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        answer = self.letter.get(envelope.rcpt_tos[0].partition("@")[0], "250 2.0.0 OK")
        if answer.startswith("250") or answer == HANG_UP:
            assert isinstance(envelope.content, bytes)
            self.taken.append(Taken(envelope.rcpt_tos[0], envelope.content, envelope.mail_from or ""))
        if answer == HANG_UP:
            server.transport.abort()
        if self.idle_after and len(self.taken) % self.idle_after == 0:
            asyncio.get_running_loop().call_later(0.01, server.transport.abort)
        return answer


class MailServer:
    """The server on a free port of 127.0.0.1, and its script."""

    def __init__(self) -> None:
        self.script = Script()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._controller: Controller | None = None

    def start(self) -> MailServer:
        """Listen on its port; also again after `stop`."""
        self._controller = Controller(self.script, hostname="127.0.0.1", port=self.port, ident="test")
        self._controller.start()
        return self

    def stop(self) -> None:
        """Stop it; a second time does nothing."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None
