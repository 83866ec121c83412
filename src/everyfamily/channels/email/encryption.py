"""Whether email may leave for a server with these settings: encrypted, or unencrypted only to this machine."""

from __future__ import annotations

import ipaddress
from typing import ClassVar

from everyfamily.core.errors import EveryfamilyError


class MailInTheClear(EveryfamilyError):
    """Email would cross a network unencrypted: families' addresses, and a letter about harm to children."""

    code: ClassVar[str] = "EF420"


def is_this_machine(host: str) -> bool:
    """Whether a host is a loopback address, or the name that every machine has for itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def refuse_clear_text(host: str, *, encrypted: bool) -> None:
    """Raise MailInTheClear unless the connection is encrypted or stays on this machine."""
    if not encrypted and not is_this_machine(host):
        raise MailInTheClear(
            "Email would go to the mail server in the clear, and the server is not this machine.",
            "Set EVERYFAMILY_SMTP_TLS to starttls or tls (docs/channels/smtp.md).",
        )
