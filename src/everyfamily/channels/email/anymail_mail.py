"""Email by a provider's own interface, through django-anymail: one message for each call, with our reference in its
metadata.

Nobody is tracked. Each message says that opens and links are not to be tracked, and a provider that cannot be told so
is refused. docs/channels/anymail.md says how each answer is treated.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

import requests
from anymail.backends.base import AnymailBaseBackend
from anymail.exceptions import (
    AnymailAPIError,
    AnymailConfigurationError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
    AnymailUnsupportedFeature,
)
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.exceptions import InvalidMailer
from urllib3.exceptions import MaxRetryError, NewConnectionError

from everyfamily.channels.base import Carrier, Message, Submission
from everyfamily.channels.email.answers import Answer, AnswerPost, mail_of_answer
from everyfamily.channels.email.return_path import PLAIN_ADDRESS
from everyfamily.channels.email.wire import mail_of
from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import AttemptStatus, Channel

_TAKEN = frozenset({"sent", "queued"})
_WILL_NEVER_GO = frozenset({"rejected", "invalid"})


class ProviderNotRight(EveryfamilyError):
    """The provider of email is not set up as django-anymail needs it. The settings hold keys and are not quoted."""

    code = "EF614"


class AnymailMail(Carrier, AnswerPost):
    """A provider of email behind django-anymail. It calls us with receipts (mailings/edges/anymail_receipts.py)."""

    name: ClassVar[str] = "anymail"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.EMAIL})
    has_receipts: ClassVar[bool] = True
    carries_files: ClassVar[bool] = True

    def __init__(self, *, sender: str, mailer: str = "anymail") -> None:
        """Raises ProviderNotRight."""
        self._sender = sender
        self._backend = _backend(mailer)
        self._one_at_a_time = threading.Lock()

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        message = messages[0]
        return [self._send(message.reference, message.to, lambda: mail_of(message, self._sender, now))]

    def answer(self, answer: Answer, now: datetime) -> Submission:
        """The provider writes its own envelope sender, so it reads what comes back, and we do not."""
        return self._send(answer.reference, answer.to, lambda: mail_of_answer(answer, self._sender, now))

    def close(self) -> None:
        with self._one_at_a_time:
            self._backend.close()

    def _send(self, reference: str, to: str, build: Callable[[], EmailMultiAlternatives]) -> Submission:
        if not PLAIN_ADDRESS.fullmatch(to):
            # Otherwise one invalid address would look like a fault in the settings.
            reason = "the address cannot be written in an email"
            return Submission(reference, AttemptStatus.PERMANENT_FAILURE, reason)
        mail: Any = build()
        # Providers write their own date, and some refuse ours.
        mail.extra_headers.pop("Date", None)
        mail.metadata = {"reference": reference}
        mail.track_opens = False
        mail.track_clicks = False
        with self._one_at_a_time:
            problem = self._hand_over(mail)
        if problem is not None:
            raise problem
        return _submission(reference, mail.anymail_status.status)

    def _hand_over(self, mail: EmailMultiAlternatives) -> EveryfamilyError | None:
        """What went wrong, in our words, because a provider's words contain the message. None if its status says what
        happened."""
        try:
            self._backend.open()
            self._backend.send_messages([mail])
        except AnymailRecipientsRefused:
            return None
        except AnymailUnsupportedFeature as problem:
            return _broken("cannot do what a letter needs", _feature(problem))
        except (AnymailInvalidAddress, AnymailSerializationError, AnymailConfigurationError):
            return _broken("is not set right", "Look at EVERYFAMILY_SENDER and at the provider's variables.")
        except AnymailAPIError as problem:
            return _of_provider(problem)
        # Anything else that a provider's library raises: the call may have left.
        except Exception:
            return _silent()
        return None


def _backend(mailer: str) -> Any:
    problem = None
    try:
        made = mailers.create_connection(mailer)
        if isinstance(made, AnymailBaseBackend):
            return made
        problem = "The mail backend is not one of django-anymail."
    except (AnymailConfigurationError, InvalidMailer):
        problem = "A setting of the email provider is missing, or its name is wrong."
    raise ProviderNotRight(
        problem, "Set EVERYFAMILY_ANYMAIL_BACKEND, and the variables that docs/channels/anymail.md names for it."
    )


def _submission(reference: str, statuses: set[str] | None) -> Submission:
    """What a provider's status for one message means. Raises NoAnswer if it is neither yes nor no."""
    said = frozenset(statuses or ())
    if said and said <= _TAKEN:
        return Submission(reference, AttemptStatus.ACCEPTED)
    if said and said <= _WILL_NEVER_GO:
        return Submission(reference, AttemptStatus.PERMANENT_FAILURE, "the provider refused the address")
    raise _silent()


def _of_provider(problem: Any) -> EveryfamilyError:
    code: int | None = problem.status_code
    if code is None and problem.response is not None:
        code = problem.response.status_code
    if isinstance(problem, requests.RequestException):
        return _of_connection(problem, code)
    return _of_code(code)


def _of_connection(problem: requests.RequestException, code: int | None) -> EveryfamilyError:
    cause = problem.__cause__ or problem
    if isinstance(cause, requests.exceptions.SSLError):
        return _broken("has a certificate that this machine does not trust", "See which certificates it trusts.")
    inner = cause.args[0] if cause.args else None
    never_left = isinstance(inner, MaxRetryError) and isinstance(inner.reason, NewConnectionError)
    if isinstance(cause, requests.ConnectTimeout) or never_left:
        return _later()
    return _of_code(code)


def _of_code(code: int | None) -> EveryfamilyError:
    if code == 429:
        return _later()
    if code is not None and 400 <= code < 500 and code != 408:
        return _broken(f"refuses us, not the address (code {code})", "Look at its own log and at the key.")
    return _silent()


def _feature(problem: Exception) -> str:
    tracking = any("track" in str(word) for word in problem.args)
    return (
        "It cannot be told not to track opens and links: use its SMTP server instead."
        if tracking
        else "Use its SMTP server instead."
    )


def _later() -> CarrierRefused:
    return CarrierRefused("The email provider is not taking any messages now.", "It is tried again later.")


def _broken(what: str, fix: str) -> CarrierBroken:
    return CarrierBroken(f"The provider of email {what}.", fix)


def _silent() -> NoAnswer:
    return NoAnswer(
        "The email provider did not say what became of the letter.",
        "Wait for its receipt. The letter is not sent again (docs/channels/unknown.md).",
    )
