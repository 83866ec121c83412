"""Email by Django's mail API: any SMTP server, or any provider that anymail knows.

Plain SMTP never confirms: a server that takes a message in has not delivered it. So `has_receipts` is false, and
what was taken in and stays quiet for 72 hours is *accepted*.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import datetime
from email.utils import formataddr
from typing import Any, ClassVar

from django.core.mail import EmailMultiAlternatives, mailers

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.core.fallback import AttemptStatus, Channel


class DjangoMail(Carrier):
    """One kept connection; one message a call, so that the answer is about that message alone."""

    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.EMAIL})
    has_receipts: ClassVar[bool] = False

    def __init__(self, *, sender: str, mailer: str = "default") -> None:
        self._sender = sender
        self._backend: Any = mailers.create_connection(mailer)

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        message = messages[0]
        try:
            # Opening comes first and apart: a failure here is certain to have sent nothing.
            self._backend.open()
        except (OSError, smtplib.SMTPException) as problem:
            raise CarrierRefused("The mail server does not answer.", "It is tried again later.") from problem
        try:
            self._backend.send_messages([self._mail(message)])
        except smtplib.SMTPRecipientsRefused as problem:
            return [self._refused(message, problem)]
        except smtplib.SMTPServerDisconnected as problem:
            self._close()
            raise NoAnswer(
                "The mail server hung up before it answered.", "Wait for a bounce; it is not sent again."
            ) from problem
        except smtplib.SMTPResponseException as problem:
            self._close()
            if 400 <= problem.smtp_code < 500:
                raise CarrierRefused(
                    "The mail server asks to try again later.", "It is tried again."
                ) from problem
            raise CarrierBroken(
                f"The mail server refused the message itself (code {problem.smtp_code}).",
                "Look at the server's log; the mailing pauses until a person has.",
            ) from problem
        except (TimeoutError, OSError) as problem:
            self._close()
            raise NoAnswer("The mail server did not answer in time.", "Wait for a bounce.") from problem
        return [Submission(message.reference, AttemptStatus.ACCEPTED)]

    def _refused(self, message: Message, problem: smtplib.SMTPRecipientsRefused) -> Submission:
        code = next(iter(problem.recipients.values()))[0]
        if 400 <= code < 500:
            raise CarrierRefused("The mail server asks to try again later.", "It is tried again.") from problem
        return Submission(message.reference, AttemptStatus.PERMANENT_FAILURE, f"refused by the server ({code})")

    def _close(self) -> None:
        try:
            self._backend.close()
        except (OSError, smtplib.SMTPException):
            self._backend.connection = None

    def _mail(self, message: Message) -> EmailMultiAlternatives:
        mail = EmailMultiAlternatives(
            subject=message.body.subject,
            body=message.body.text,
            from_email=formataddr((message.body.sender_name, self._sender)),
            to=[message.to],
            reply_to=[message.body.reply_to],
            headers={
                "Message-ID": f"<{message.reference}@{self._sender.rpartition('@')[2]}>",
                # RFC 3834: no out-of-office answers to a letter that goes to everyone.
                "Auto-Submitted": "auto-generated",
            },
        )
        if message.body.html is not None:
            mail.attach_alternative(message.body.html, "text/html")
        return mail
