"""Email by Django's mail settings (MAILERS): any SMTP server, and with limits any other backend.

Plain SMTP never confirms: a server that accepts a message has not delivered it. So `has_receipts` is false, and a
message that was accepted and has no news for 72 hours is *accepted*. If there is a bounce mailbox, what comes back is
read from it. docs/channels/smtp.md says how each answer of a server is treated.
"""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

from django.core.mail import mailers

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.channels.email.answers import Answer, AnswerPost, mail_of_answer
from everyfamily.channels.email.bounce_box import BounceBox
from everyfamily.channels.email.encryption import refuse_clear_text
from everyfamily.channels.email.failure_words import MAILBOX_CANNOT, NO_SUCH_ADDRESS
from everyfamily.channels.email.return_path import PLAIN_ADDRESS, BounceAddress
from everyfamily.channels.email.smtp import NothingTaken, Reply, Silence, Step, hand_over
from everyfamily.channels.email.wire import Wire, mail_of, on_the_wire
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel


class DjangoMail(Carrier, AnswerPost):
    """One kept connection, with one message for each call, so that the answer is only about that message."""

    name: ClassVar[str] = "smtp"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.EMAIL})
    has_receipts: ClassVar[bool] = False
    carries_files: ClassVar[bool] = True

    def __init__(
        self,
        *,
        sender: str,
        mailer: str = "default",
        bounces_to: BounceAddress | None = None,
        bounces: BounceBox | None = None,
    ) -> None:
        """`bounces_to` makes each letter's envelope sender. What came back there is read from `bounces`.

        Raises MailInTheClear.
        """
        self._sender = sender
        self._envelope = smtplib.quoteaddr(sender)
        self._bounces_to = bounces_to
        self._bounces = bounces
        self._backend: Any = mailers.create_connection(mailer)
        _refuse_clear_text_of(self._backend)
        self._wire = Wire(sender)
        self._one_at_a_time = threading.Lock()

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        message = messages[0]
        with self._one_at_a_time:
            if not hasattr(self._backend, "connection_class"):
                return [self._by_other_backend(message, now)]
            address = self._ascii(message.to)
            if address is None:
                return [_gone(message.reference, "the address cannot be written in an email")]
            sender = self._envelope
            if self._bounces_to is not None:
                sender = f"<{self._bounces_to.with_reference(message.reference)}>"
            reply = self._exchange(sender, address, self._wire.letter(message, address, now))
        return [_submission(message.reference, reply)]

    def answer(self, answer: Answer, now: datetime) -> Submission:
        mail = mail_of_answer(answer, self._sender, now)
        with self._one_at_a_time:
            if not hasattr(self._backend, "connection_class"):
                raise CarrierBroken(
                    "This mail backend cannot send with the null sender.",
                    "Send answers by SMTP (docs/channels/smtp.md).",
                )
            address = self._ascii(answer.to)
            if address is None:
                return _gone(answer.reference, "the address cannot be written in an email")
            reply = self._exchange("<>", address, on_the_wire(mail))
        return _submission(answer.reference, reply)

    def receipts(self, now: datetime) -> list[DeliveryEvent]:
        return self._bounces.events(now) if self._bounces is not None else []

    def acknowledge(self) -> None:
        if self._bounces is not None:
            self._bounces.acknowledge()

    def close(self) -> None:
        """End the connection properly, with SMTP's QUIT."""
        with self._one_at_a_time, suppress(OSError):
            self._backend.close()
        if self._bounces is not None:
            self._bounces.close()

    def _ascii(self, address: str) -> str | None:
        if PLAIN_ADDRESS.fullmatch(address):
            return address
        with suppress(ValueError, IndexError):  # its message quotes the address
            return str(self._backend.prep_address(address))
        return None

    def _exchange(self, sender: str, address: str, letter: bytes) -> Reply:
        """Hand the message over on the kept connection. If that has ended in the meantime, try once more on a new one.

        Servers end a connection that was idle, or after a number of messages. In that case they accepted nothing.
        """
        is_new = self._open()
        while True:
            try:
                reply = hand_over(self._backend.connection, sender, address, letter)
            except NothingTaken:
                problem: EveryfamilyError = _later()
            except Silence:
                problem = NoAnswer(
                    "The mail server did not answer after it had been given the letter.",
                    "Wait for a bounce. The letter is not sent again (docs/channels/unknown.md).",
                )
            else:
                if not reply.is_yes and reply.step is not Step.RECIPIENT:
                    self._hang_up()
                return reply
            self._hang_up()
            if is_new or isinstance(problem, NoAnswer):
                raise problem
            is_new = self._open()

    def _open(self) -> bool:
        """Whether a new connection was made. If this fails, it is certain that nothing was sent."""
        problem: EveryfamilyError
        try:
            is_new = self._backend.open()
            if self._backend.connection is not None:
                self._backend.connection.ehlo_or_helo_if_needed()
                return bool(is_new)
            problem = _later()  # fail_silently in the settings hides the failure
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            problem = _later()
        except ssl.SSLError as refused:
            problem = _not_encrypted(refused)
        except smtplib.SMTPNotSupportedError:
            problem = CarrierBroken(
                "The mail server does not offer the encryption or the sign-in that the settings ask for.",
                "Check EVERYFAMILY_SMTP_TLS and EVERYFAMILY_SMTP_USER. The mailing pauses until a person has.",
            )
        except smtplib.SMTPAuthenticationError as answer:
            problem = _later() if 400 <= answer.smtp_code < 500 else _not_signed_in(answer.smtp_code)
        except smtplib.SMTPResponseException as answer:
            problem = _later() if 400 <= answer.smtp_code < 500 else _broken(answer.smtp_code)
        except OSError:
            problem = _later()
        self._hang_up()
        with suppress(OSError):
            self._backend.close()
        raise problem

    def _hang_up(self) -> None:
        """End the connection without QUIT, which would wait for a server that has gone quiet."""
        if self._backend.connection is not None:
            with suppress(OSError):
                self._backend.connection.close()
            self._backend.connection = None

    def _by_other_backend(self, message: Message, now: datetime) -> Submission:
        """A backend that is not SMTP does not say at which step it failed, so all its failures count as no answer."""
        sent = 0
        with suppress(Exception):
            sent = self._backend.send_messages([mail_of(message, self._sender, now)]) or 0
        if sent != 1:
            raise NoAnswer("The mail backend did not say that it took the letter.", "Look at its own log.")
        return Submission(message.reference, AttemptStatus.ACCEPTED)


def _refuse_clear_text_of(backend: Any) -> None:
    if hasattr(backend, "connection_class"):  # of SMTP
        refuse_clear_text(backend.host, encrypted=backend.use_tls or backend.use_ssl)


def _submission(reference: str, reply: Reply) -> Submission:
    """What a reply means. Raises CarrierRefused or CarrierBroken."""
    if reply.is_yes:
        return Submission(reference, AttemptStatus.ACCEPTED)
    if reply.is_later:
        raise _later()
    if reply.step is Step.RECIPIENT:
        if reply.enhanced in NO_SUCH_ADDRESS or (not reply.enhanced and reply.code in (550, 551)):
            return _gone(reference, f"refused by the server ({reply.code})")
        if reply.enhanced in MAILBOX_CANNOT or (not reply.enhanced and reply.code == 552):
            reason = f"the mailbox cannot take it ({reply.code})"
            return Submission(reference, AttemptStatus.TEMPORARY_FAILURE, reason)
    raise _broken(reply.code)


def _gone(reference: str, reason: str) -> Submission:
    return Submission(reference, AttemptStatus.PERMANENT_FAILURE, reason)


def _later() -> CarrierRefused:
    return CarrierRefused("The mail server is not taking any messages now.", "It is tried again later.")


def _broken(code: int) -> CarrierBroken:
    return CarrierBroken(
        f"The mail server refuses us, not the address (code {code}).",
        "Look at the server's log. The mailing pauses until a person has.",
    )


_WRONG_WITH_IT = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself",
    19: "is of an authority that this machine does not know",
    20: "is of an authority that this machine does not know",
    21: "is of an authority that this machine does not know",
    62: "is not valid for its name",
    64: "is not valid for its name",
}
"""By OpenSSL's code. Source: https://docs.openssl.org/3.5/man3/X509_STORE_CTX_get_error/."""


def _not_encrypted(refused: ssl.SSLError) -> CarrierBroken:
    if isinstance(refused, ssl.SSLCertVerificationError):
        return CarrierBroken(
            f"The mail server's certificate {_WRONG_WITH_IT.get(refused.verify_code, 'does not pass the check')}, so "
            "nothing was sent to it.",
            "Ask the people who run the server, or correct EVERYFAMILY_SMTP_HOST. For an authority of your own, set "
            "SSL_CERT_FILE. The mailing pauses until a person has.",
        )
    return CarrierBroken(
        "The mail server does not speak the encryption that the settings ask for.",
        "Check EVERYFAMILY_SMTP_TLS and EVERYFAMILY_SMTP_PORT. The mailing pauses until a person has.",
    )


def _not_signed_in(code: int) -> CarrierBroken:
    return CarrierBroken(
        f"The mail server refuses the user or the password (code {code}).",
        "Check EVERYFAMILY_SMTP_USER and its password. The mailing pauses until a person has.",
    )
