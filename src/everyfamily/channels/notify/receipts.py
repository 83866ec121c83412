"""GOV.UK Notify's calls to us: receipts for emails and texts, and notice of letters that came back.

These are plain functions over headers and bytes. From a receipt, only the reference, the kind, the status and the time
are read, and not the address or number.
"""

from __future__ import annotations

import hmac
import uuid
from datetime import datetime
from typing import Any, ClassVar

from everyfamily.channels.events import DeliveryEvent
from everyfamily.channels.notify.statuses import event_of, moment
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.json_text import read_json

MAX_BYTES = 4096
"""A receipt is under one kilobyte, except with long addresses and file names."""
_KINDS = ("email", "sms", "letter")


class NotAReceipt(EveryfamilyError):
    """What came in is not a receipt as GOV.UK Notify documents it."""

    code: ClassVar[str] = "EF634"


def is_from_notify(authorisation: str, token: str) -> bool:
    """Whether a call has the token that was agreed. It takes the same time whatever the token is. If no token was
    agreed, it never does."""
    scheme, _, given = authorisation.partition(" ")
    same = hmac.compare_digest(given.encode(errors="replace"), token.encode())
    return same and bool(token) and scheme.lower() == "bearer"


def read_receipt(body: bytes, now: datetime) -> list[DeliveryEvent]:
    """The event in a receipt. None for a message without our reference or with a status that is new. Raises
    NotAReceipt."""
    said = _fields(
        body, text=("id", "status", "notification_type"), maybe=("reference", "completed_at", "sent_at")
    )
    if said["notification_type"] not in _KINDS:
        raise _not_a_receipt()
    reference = _reference(said)
    if reference is None:
        return []
    at = moment(said.get("completed_at") or said.get("sent_at"), now)
    event = event_of(reference, said["notification_type"], said["status"], at)
    return [event] if event is not None else []


def read_returned_letter(body: bytes, now: datetime) -> list[DeliveryEvent]:
    """The event in the notice of a returned letter. It does not say when the letter came back, so that is `now`. Raises
    NotAReceipt."""
    said = _fields(body, text=("notification_id",), maybe=("reference", "date_sent"))
    reference = _reference(said)
    event = event_of(reference, "letter", "returned-letter", now) if reference is not None else None
    return [event] if event is not None else []


def _fields(body: bytes, *, text: tuple[str, ...], maybe: tuple[str, ...]) -> dict[str, Any]:
    """The fields. Some must be text, and some text, null or absent. Others are not looked at."""
    try:
        said = read_json(body)
    # Text with deeply nested brackets raises the second.
    except (ValueError, RecursionError):
        said = None
    if (
        not isinstance(said, dict)
        or not all(isinstance(said.get(name), str) for name in text)
        or not all(isinstance(said.get(name), str | None) for name in maybe)
    ):
        raise _not_a_receipt()
    return said


def _reference(said: dict[str, Any]) -> str | None:
    """Our reference in our form, or None if it cannot be one."""
    try:
        return str(uuid.UUID(said.get("reference") or ""))
    except ValueError:
        return None


def _not_a_receipt() -> NotAReceipt:
    return NotAReceipt(
        "The text that came in is not a receipt of GOV.UK Notify.",
        "Check that each callback has its own address (docs/howto/send-by-notify.md).",
    )
