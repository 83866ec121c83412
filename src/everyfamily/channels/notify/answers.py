"""How each answer of GOV.UK Notify to a call is treated.

Notify promises not to change its status codes and the names of its errors. Its sentences may change, and they quote the
recipient. So the table below has only codes and names, and nothing that Notify said goes into an exception.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from enum import Enum
from typing import Any

import requests  # what the official client uses for calls, and whose failures it passes on
from notifications_python_client.errors import APIError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from everyfamily.channels.errors import CarrierBroken, CarrierRefused, NoAnswer
from everyfamily.core.errors import EveryfamilyError


class Meaning(Enum):
    """What a row means."""

    LATER = CarrierRefused
    """Nothing was accepted, so it is tried again."""
    RECIPIENT = None
    """The address or number is not valid, so the contact point is marked."""
    BROKEN = CarrierBroken
    """Our fault or the service's, so the mailing pauses."""
    SILENCE = NoAnswer
    """It may have been accepted, so the service is asked by our reference."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One row: a range of status codes, the name of the error ("" for any), what it means, and why."""

    least: int
    most: int
    error: str
    meaning: Meaning
    fact: str

    def fits(self, code: int, error: str) -> bool:
        """Whether this row matches an answer."""
        return self.least <= code <= self.most and self.error in ("", error)


ANSWERS = (
    Answer(429, 429, "RateLimitError", Meaning.LATER, "GOV.UK Notify takes no more messages in this minute."),
    Answer(429, 429, "TooManyRequestsError", Meaning.LATER, "GOV.UK Notify takes no more messages today."),
    Answer(429, 429, "", Meaning.LATER, "GOV.UK Notify takes no more messages now."),
    Answer(400, 400, "InvalidPhoneError", Meaning.RECIPIENT, "The number is not valid."),
    Answer(400, 400, "InvalidEmailError", Meaning.RECIPIENT, "The address is not valid."),
    Answer(400, 400, "", Meaning.BROKEN, "GOV.UK Notify refuses the template, the letter or the kind of key."),
    Answer(401, 403, "", Meaning.BROKEN, "GOV.UK Notify refuses our key, or this machine's clock is wrong."),
    Answer(408, 408, "", Meaning.SILENCE, "GOV.UK Notify did not wait for the whole call."),
    Answer(300, 499, "", Meaning.BROKEN, "What answers at GOV.UK Notify's address is not what we know."),
    Answer(500, 599, "", Meaning.SILENCE, "GOV.UK Notify failed in the middle of the call."),
)
"""The first row that matches counts."""
_NOT_READABLE = Answer(0, 0, "", Meaning.SILENCE, "GOV.UK Notify's answer could not be read.")
_AWAY = Answer(0, 0, "", Meaning.LATER, "GOV.UK Notify cannot be reached.")
_NOT_TRUSTED = Answer(
    0, 0, "", Meaning.BROKEN, "What answers at GOV.UK Notify's address has no good certificate."
)
_SILENT = Answer(0, 0, "", Meaning.SILENCE, "GOV.UK Notify did not answer after it had been called.")
_RECIPIENT = Answer(400, 400, "ValidationError", Meaning.RECIPIENT, "The address or number is not valid.")
_RECIPIENT_FIELDS = ("phone_number", "email_address")
_NEXT_STEP = {
    Meaning.LATER: "It is tried again later.",
    Meaning.BROKEN: "See docs/channels/notify.md. The mailing pauses until a person has looked.",
    Meaning.SILENCE: "We ask it what became of the message (docs/channels/unknown.md).",
}


def answer_of(problem: APIError) -> Answer:
    """The row that matches a failure of the client."""
    response = problem.response
    if response is None:
        return _without_answer(problem.__cause__)
    errors = _errors_in(response)
    # The field at the beginning of a sentence is where the fault is, not its wording.
    if response.status_code == 400 and errors and all(_is_about_recipient(error) for error in errors):
        return _RECIPIENT
    names = [str(error.get("error", "")) for error in errors] or [""]
    return next((row for row in ANSWERS if row.fits(response.status_code, names[0])), _NOT_READABLE)


def error_of(answer: Answer) -> EveryfamilyError:
    """The exception for a row that is not about the recipient."""
    return (answer.meaning.value or CarrierBroken)(answer.fact, _NEXT_STEP.get(answer.meaning, ""))


def _is_about_recipient(error: dict[str, Any]) -> bool:
    if error.get("error") != "ValidationError":
        return False
    return str(error.get("message", "")).partition(" ")[0] in _RECIPIENT_FIELDS


def _errors_in(response: requests.Response) -> list[dict[str, Any]]:
    try:
        found = response.json()["errors"]
    except (ValueError, TypeError, KeyError):
        return []
    return [error for error in found if isinstance(error, dict)] if isinstance(found, list) else []


def _without_answer(cause: BaseException | None) -> Answer:
    """Whether a call had left when it ended without an answer. If it is not certain, it counts as left."""
    reason = getattr(cause.args[0] if cause is not None and cause.args else None, "reason", None)
    if isinstance(cause, requests.ConnectTimeout) or isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return _AWAY
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in (reason, *getattr(reason, "args", ()))):
        return _NOT_TRUSTED
    return _SILENT
