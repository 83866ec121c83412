"""A provider's calls to us through django-anymail: delivered, bounced, refused. Opens and clicks are ignored unread.

These are plain functions over what anymail made of a call. From an event, only the reference in its metadata, the kind,
the reason and the time are read, and not its address.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from importlib import import_module
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from everyfamily.channels.email.failure_words import counted_as, failure_of
from everyfamily.channels.events import DeliveryEvent
from everyfamily.core.sending.fallback import AttemptStatus

_DEAD = frozenset({RejectReason.INVALID, RejectReason.BOUNCED})
_ABOUT_US = frozenset({RejectReason.BLOCKED})
_SAID = {
    AttemptStatus.PERMANENT_FAILURE: "bounced: the address does not exist",
    AttemptStatus.TEMPORARY_FAILURE: "bounced: could not be delivered",
    AttemptStatus.TECHNICAL_FAILURE: "bounced: the server refused the sender",
}


def tracking_view(backend: str) -> type[Any] | None:
    """anymail's view that checks and reads a provider's calls, by the backend that sends. None if it has no such
    view."""
    package, _, provider = backend.rpartition(".")[0].rpartition(".")
    if package != "anymail.backends":
        return None
    try:
        module = import_module(f"anymail.webhooks.{provider}")
    except ImportError:
        return None
    for ending in ("TrackingWebhookView", "CombinedWebhookView"):
        for name, found in vars(module).items():
            if name.endswith(ending) and getattr(found, "__module__", "") == module.__name__:
                return found if isinstance(found, type) else None
    return None


def events_of(said: Iterable[object], now: datetime) -> list[DeliveryEvent]:
    """Our events in a call. What has no reference, or is of no interest, is ignored."""
    found = []
    for event in said:
        if isinstance(event, AnymailTrackingEvent):
            status = _status(event)
            reference = _reference(event)
            if status is not None and reference is not None:
                at = event.timestamp if isinstance(event.timestamp, datetime) else now
                at = at if at.tzinfo is not None else at.replace(tzinfo=now.tzinfo)
                said = _SAID.get(status, "")
                counted = status if event.event_type == EventType.FAILED else counted_as(status)
                found.append(DeliveryEvent(reference, counted, min(at, now), said))
    return found


def _status(event: AnymailTrackingEvent) -> AttemptStatus | None:
    """What an event means. None for anything that says nothing about arriving."""
    if event.event_type == EventType.DELIVERED:
        return AttemptStatus.DELIVERED
    if event.event_type == EventType.FAILED:
        return AttemptStatus.TECHNICAL_FAILURE
    if event.event_type == EventType.REJECTED:
        # The provider itself held it back, and no server was asked.
        return (
            AttemptStatus.PERMANENT_FAILURE if event.reject_reason in _DEAD else AttemptStatus.TEMPORARY_FAILURE
        )
    if event.event_type == EventType.BOUNCED:
        return _bounced(event)
    return None


def _bounced(event: AnymailTrackingEvent) -> AttemptStatus:
    """The server's own words come first, because providers also call a full mailbox a bounce."""
    words = event.mta_response if isinstance(event.mta_response, str) else ""
    status, code = failure_of(words)
    if status is not AttemptStatus.TEMPORARY_FAILURE or code:
        return status
    if event.reject_reason in _ABOUT_US:
        return AttemptStatus.TECHNICAL_FAILURE
    return AttemptStatus.PERMANENT_FAILURE if event.reject_reason == RejectReason.INVALID else status


def _reference(event: AnymailTrackingEvent) -> str | None:
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    try:
        return str(uuid.UUID(str(metadata.get("reference") or "")))
    except ValueError:
        return None
