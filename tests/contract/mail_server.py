"""A real SMTP server in this process, which can be told how to answer each address."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

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
    """What the server says, by the part of the address before the @; otherwise it says yes.

    `idle_after` letters it ends the connection without a word, as servers do with one that was idle.
    """

    sender: str | None = None
    recipient: dict[str, str] = field(default_factory=dict)
    letter: dict[str, str] = field(default_factory=dict)
    idle_after: int = 0
    pipelining: bool = False
    claims_starttls: bool = False
    """It offers STARTTLS, and says 454 to anyone who wants it."""
    hides_sign_in: bool = False
    sign_in: str | None = None
    """What it says to anyone who signs in, without checking."""
    taken: list[Taken] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What it was told of anybody: senders and passwords."""
    connections: int = 0

    async def handle_EHLO(
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        offered = [line for line in responses if not (self.hides_sign_in and "AUTH" in line)]
        more = {"250-PIPELINING": self.pipelining, "250-STARTTLS": self.claims_starttls}
        # The first line is the server's name.
        return [*offered[:1], *(line for line, offers in more.items() if offers), *offered[1:]]

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.said.append("sender")
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
    """The server on a free port of 127.0.0.1, and its script.

    `starttls` offers STARTTLS under that certificate and takes no letter without it; `tls` speaks TLS from the first
    byte. With a `password` it wants user "eastmere" and that password.
    """

    def __init__(
        self,
        *,
        starttls: ssl.SSLContext | None = None,
        tls: ssl.SSLContext | None = None,
        password: str | None = None,
    ) -> None:
        self.script = Script()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._controller: Controller | None = None
        self._tls = tls
        self._more: dict[str, Any] = {}
        if starttls is not None:
            self._more |= {"tls_context": starttls, "require_starttls": True}
        if password is not None:
            self._more |= {
                # aiosmtpd does not see that a connection is TLS from the first byte, and warns.
                "auth_required": tls is None,
                "auth_require_tls": tls is None,
                "authenticator": self._signs_in,
            }
        self._password = password or ""

    def start(self) -> MailServer:
        """Listen on its port; also again after `stop`."""
        self._controller = Controller(
            self.script, hostname="127.0.0.1", port=self.port, ident="test", ssl_context=self._tls, **self._more
        )
        self._controller.start()
        return self

    def _signs_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.script.said.append("password")
        if self.script.sign_in is not None:
            return AuthResult(success=False, handled=False, message=self.script.sign_in)
        return AuthResult(success=data == LoginPassword(b"eastmere", self._password.encode()), handled=False)

    def stop(self) -> None:
        """Stop it; a second time does nothing."""
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None
