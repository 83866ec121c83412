"""An email as bytes on the wire: built once for each body, with each family's three lines put in front.

Building the MIME tree takes 2.5 ms, ten times the rest of the call (measured, 28 kB). Emails differ only in To,
Message-ID and Date.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime, formataddr

from django.core.mail import EmailMultiAlternatives

from everyfamily.channels.base import Body, Message

# Seven-bit text passes every server unchanged. A relay that re-codes a letter would break a signature over it.
_POLICY = email.policy.SMTP.clone(cte_type="7bit")
_OWN_LINES = ("To", "Message-ID", "Date")
_DOT = re.compile(rb"^\.", re.MULTILINE)


def message_id(message: Message, sender: str) -> str:
    """The Message-ID: our reference at the sender's domain, so that a bounce can be traced."""
    return f"<{message.reference}@{sender.rpartition('@')[2]}>"


def mail_of(message: Message, sender: str, now: datetime) -> EmailMultiAlternatives:
    """The email as Django's mail API takes it."""
    body = message.body
    mail = EmailMultiAlternatives(
        subject=body.subject,
        body=body.text,
        from_email=formataddr((body.sender_name, sender)),
        to=[message.to],
        reply_to=[body.reply_to],
        headers={
            "Message-ID": message_id(message, sender),
            "Date": format_datetime(now),
            # RFC 3834: no out-of-office answers to a letter that goes to everyone.
            "Auto-Submitted": "auto-generated",
        },
    )
    if body.html is not None:
        mail.attach_alternative(body.html, "text/html")
    for file in body.files:
        mail.attach(file.name, file.content, file.kind)
    return mail


def on_the_wire(mail: EmailMultiAlternatives, *, without: Sequence[str] = ()) -> bytes:
    """An email with dots doubled and its last dot, without some lines of its header."""
    made = mail.message(policy=_POLICY)
    for name in without:
        del made[name]
    data = _DOT.sub(b"..", made.as_bytes())
    return data + (b"" if data.endswith(b"\r\n") else b"\r\n") + b".\r\n"


class Wire:
    """Makes the bytes of one email after another, and keeps those of the last body."""

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self._body: Body | None = None
        self._rest = b""

    def letter(self, message: Message, address: str, now: datetime) -> bytes:
        """The letter with dots doubled and its last dot; `address` is `message.to` in ASCII, checked."""
        if self._body is not message.body:
            self._rest = self._build(message, now)
            self._body = message.body
        own = f"To: {address}\r\nMessage-ID: {message_id(message, self._sender)}\r\nDate: {format_datetime(now)}\r\n"
        return own.encode("ascii") + self._rest

    def _build(self, message: Message, now: datetime) -> bytes:
        return on_the_wire(mail_of(message, self._sender, now), without=_OWN_LINES)
