"""GOV.UK Notify as a carrier: one message for each call, with our reference, by which it is asked afterwards.

Notify may list a message only some time after it accepted it, and forgets it a week later. So "not there" is certain
only in between, and not at once.
"""

from __future__ import annotations

import io
import logging
import re
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from everyfamily.channels.base import Body, Carrier, Message, Submission
from everyfamily.channels.errors import (
    AddressDoesNotFit,
    CarrierBroken,
    CarrierRefused,
    FeatureNotSupported,
    NoAnswer,
)
from everyfamily.channels.events import DeliveryEvent
from everyfamily.channels.notify.account import NotifyAccount
from everyfamily.channels.notify.answers import Meaning, answer_of, error_of
from everyfamily.channels.notify.statuses import event_of, moment
from everyfamily.channels.notify.words import as_markdown, in_subject, is_written_in_a_text
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending.fallback import RANK, AttemptStatus, Channel

# The client's warnings contain the words of an answer, which may quote the recipient.
logging.getLogger("notifications_python_client.base").setLevel(logging.CRITICAL)

_CLIENT: Any = NotificationsAPIClient  # without types
PAGE = 250
"""Notifications in one page of Notify's list."""
_PAGES = 4
_NOBODYS_NUMBER = "+999"
# RFC 2606 and RFC 6761.
_NOBODYS_DOMAIN = re.compile(r".*[@.](?:example(?:\.(?:com|org|net))?|test|invalid|localhost)", re.IGNORECASE)
_HOME = "+44"


class DemonstrationNotSent(CarrierBroken):
    """Nobody has the contact value: it belongs to a demonstration, and this carrier would really send."""

    code: ClassVar[str] = "EF632"


class Notify(Carrier):
    """Email, text and post through one service."""

    name: ClassVar[str] = "notify"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.EMAIL, Channel.TEXT, Channel.POST})
    has_receipts: ClassVar[bool] = True
    knows_at_once: ClassVar[bool] = False
    remembers: ClassVar[timedelta | None] = timedelta(days=7)
    """How long a message can be asked about, unless the service's data retention says otherwise."""

    def __init__(self, account: NotifyAccount, *, timeout: float = 30.0) -> None:
        """`timeout` is in seconds, for connecting and for each time that the service is silent."""
        self._account = account
        self._timeout = timeout
        # The client is not made for several threads.
        self._own = threading.local()
        self._clients: list[Any] = []
        self._email: tuple[Body, dict[str, str]] | None = None

    def answers_for(self, channel: Channel) -> bool:
        return channel in self.channels

    def refuses_demonstrations(self) -> bool:
        return self._account.is_real

    def submit(self, messages: Sequence[Message], now: datetime) -> list[Submission]:
        message = messages[0]
        self._refuse_nobodys(message.to)
        by_channel = {Channel.EMAIL: self._by_email, Channel.TEXT: self._by_text, Channel.POST: self._by_post}
        return [by_channel[message.channel](message)]

    def ask(self, reference: str, now: datetime) -> DeliveryEvent | None:
        """The furthest status of any notification with the reference. None if none is listed (yet, or any more).

        Raises NoAnswer if it cannot be said now, and CarrierBroken if our key is refused.
        """
        problem: EveryfamilyError
        try:
            found = self._listed(reference)
        except CarrierRefused as refused:
            problem = NoAnswer(refused.fact, refused.fix)
        else:
            events = [event for one in found if (event := _event(reference, one, now)) is not None]
            if events or not found:
                return max(events, key=lambda event: RANK[event.status], default=None)
            problem = NoAnswer("GOV.UK Notify uses a status that is not known here.", "Look for a newer version.")
        raise problem

    def close(self) -> None:
        while self._clients:
            self._clients.pop().request_session.close()

    def _by_email(self, message: Message) -> Submission:
        said, account = self._email, self._account
        if said is None or said[0] is not message.body:
            said = self._email = (message.body, _email_of(message.body))
        return self._submitted(
            message,
            lambda client: client.send_email_notification(
                message.to, account.email_template, said[1], message.reference, account.reply_to or None
            ),
        )

    def _by_text(self, message: Message) -> Submission:
        account, body = self._account, message.body
        if not message.to.startswith(_HOME) and account.abroad != "yes":
            return _not_this_way(message, "the carrier cannot send text to this number")
        if not is_written_in_a_text(body.text):
            return _not_this_way(message, "the carrier cannot send this text")
        return self._submitted(
            message,
            lambda client: client.send_sms_notification(
                message.to,
                account.text_template,
                {"body": body.text},
                message.reference,
                account.text_sender or None,
            ),
        )

    def _by_post(self, message: Message) -> Submission:
        pdf = _printed(message)
        if pdf is None:
            return Submission(
                message.reference, AttemptStatus.PERMANENT_FAILURE, "the address does not fit the window"
            )
        return self._submitted(
            message,
            lambda client: client.send_precompiled_letter_notification(
                message.reference, io.BytesIO(pdf), message.body.postage
            ),
        )

    def _submitted(self, message: Message, call: Callable[[Any], Any]) -> Submission:
        try:
            said = call(self._client())
        except APIError as failure:
            answer = answer_of(failure)
        else:
            if isinstance(said, dict) and said.get("id"):
                return Submission(message.reference, AttemptStatus.ACCEPTED)
            raise NoAnswer(
                "GOV.UK Notify's answer is not one we know.", "It is asked what became of the message."
            )
        # Outside the handler, because the client's error may quote the recipient and must not be attached to ours.
        if answer.meaning is Meaning.RECIPIENT:
            kind = "an invalid address" if message.channel is Channel.EMAIL else "an invalid number"
            return Submission(message.reference, AttemptStatus.PERMANENT_FAILURE, kind)
        raise error_of(answer)

    def _listed(self, reference: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for _ in range(_PAGES):
            page = self._page(reference, found[-1]["id"] if found else None)
            found += page
            if len(page) < PAGE:
                break
        return found

    def _page(self, reference: str, after: str | None) -> list[dict[str, Any]]:
        try:
            said = self._client().get_all_notifications(reference=reference, older_than=after)
        except APIError as failure:
            problem = error_of(answer_of(failure))
        else:
            page = said.get("notifications") if isinstance(said, dict) else None
            if isinstance(page, list) and all(isinstance(one, dict) and one.get("id") for one in page):
                # If a proxy drops the query, we would take another family's status for this one's.
                return [one for one in page if one.get("reference") == reference]
            problem = NoAnswer("GOV.UK Notify's list is not one we know.", "It is asked again later.")
        raise problem

    def _client(self) -> Any:
        client: Any = getattr(self._own, "client", None)
        if client is None or client not in self._clients:
            client = _CLIENT(self._account.key, self._account.address, self._timeout)
            client.request_session.max_redirects = 0
            # A stand-in is on this machine, and a proxy from the environment would not find it.
            client.request_session.trust_env = self._account.is_real
            self._own.client = client
            self._clients.append(client)
        return client

    def _refuse_nobodys(self, to: str) -> None:
        """Numbers under +999 belong to a demonstration. They are refused wherever they would be dialled, even by a
        stand-in."""
        if to.startswith(_NOBODYS_NUMBER) or (self._account.is_real and _NOBODYS_DOMAIN.fullmatch(to)):
            raise DemonstrationNotSent(
                "A contact value of a demonstration was to be sent by GOV.UK Notify.",
                "Rehearse with EVERYFAMILY_CHANNELS=recording. The mailing pauses until a person has looked.",
            )


def _email_of(body: Body) -> dict[str, str]:
    return {"subject": in_subject(body.subject, body.key), "body": as_markdown(body.text, body.key)}


def _printed(message: Message) -> bytes | None:
    """The letter as PDF, or None if its address does not fit the window. Raises CarrierBroken for anything else."""
    if message.body.press is None:
        raise FeatureNotSupported(f"The body {message.body.key} cannot be printed.", "Give it a press.")
    try:
        return message.body.press([message.address])
    except AddressDoesNotFit:
        return None
    except EveryfamilyError as problem:
        what = problem.fact
    except Exception as problem:
        # The message may quote an address. The class name does not.
        what = f"The press failed ({type(problem).__name__})."
    raise CarrierBroken(what, "Print the letter by hand to see why. The mailing pauses until a person has.")


def _not_this_way(message: Message, reason: str) -> Submission:
    """The contact point is good but this carrier cannot serve it, so the next way follows."""
    return Submission(message.reference, AttemptStatus.TEMPORARY_FAILURE, reason)


def _event(reference: str, one: dict[str, Any], now: datetime) -> DeliveryEvent | None:
    at = one.get("completed_at") or one.get("sent_at") or one.get("created_at")
    return event_of(reference, str(one.get("type")), str(one.get("status")), moment(at, now))
