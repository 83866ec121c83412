"""GOV.UK Notify's statuses in our words, and nothing else that it says.

A letter is never *delivered* here: "received" says that the print provider has posted it. If Notify says that a letter
failed, the address may not be at fault, so no address is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.sending.fallback import AttemptStatus

Said = tuple[AttemptStatus, str]
_ACCEPTED: Said = (AttemptStatus.ACCEPTED, "")
_TAKEN_IN = dict.fromkeys(("created", "sending", "pending", "sent"), _ACCEPTED)
_TECHNICAL = (AttemptStatus.TECHNICAL_FAILURE, "the service failed to send it")

EMAIL: Mapping[str, Said] = {
    **_TAKEN_IN,
    "delivered": (AttemptStatus.DELIVERED, ""),
    "temporary-failure": (AttemptStatus.TEMPORARY_FAILURE, "the mailbox is full or refused it"),
    "permanent-failure": (AttemptStatus.PERMANENT_FAILURE, "the address does not exist"),
    "technical-failure": _TECHNICAL,
    "failed": (AttemptStatus.TEMPORARY_FAILURE, "not delivered"),
}
TEXT: Mapping[str, Said] = {
    # "sent" is a number abroad, and there will be no more news.
    **_TAKEN_IN,
    "delivered": (AttemptStatus.DELIVERED, ""),
    "temporary-failure": (AttemptStatus.TEMPORARY_FAILURE, "the phone is off or out of network"),
    "permanent-failure": (
        AttemptStatus.PERMANENT_FAILURE,
        "the number does not exist, or the network refused it",
    ),
    "technical-failure": _TECHNICAL,
    "failed": (AttemptStatus.TEMPORARY_FAILURE, "not delivered"),
}
LETTER: Mapping[str, Said] = {
    **_TAKEN_IN,
    "accepted": _ACCEPTED,
    "pending-virus-check": _ACCEPTED,
    "received": _ACCEPTED,
    "delivered": _ACCEPTED,
    "cancelled": (AttemptStatus.TEMPORARY_FAILURE, "stopped at the service"),
    "validation-failed": (AttemptStatus.TECHNICAL_FAILURE, "the address or the letter does not fit"),
    "virus-scan-failed": (AttemptStatus.TECHNICAL_FAILURE, "the service refused the letter"),
    "technical-failure": _TECHNICAL,
    "permanent-failure": (AttemptStatus.TECHNICAL_FAILURE, "the print service failed"),
    "returned-letter": (AttemptStatus.RETURNED, "the post came back"),
}
KINDS: Mapping[str, Mapping[str, Said]] = {"email": EMAIL, "sms": TEXT, "letter": LETTER}
"""By Notify's name for the type of notification."""


def event_of(reference: str, kind: str, status: str, at: datetime) -> DeliveryEvent | None:
    """The event that a status means. None for a kind or status that this version does not know."""
    said = KINDS.get(kind, {}).get(status)
    return DeliveryEvent(reference, said[0], at, said[1]) if said is not None else None


def moment(text: object, now: datetime) -> datetime:
    """A time from Notify, with its zone. `now` if there is none, it cannot be read, or it is in the future."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return now
    return min(at if at.tzinfo is not None else at.replace(tzinfo=UTC), now)
