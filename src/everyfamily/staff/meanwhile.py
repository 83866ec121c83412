"""What others did at a school while somebody's page was open, as sentences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from everyfamily.audit.queries.events import Event, events
from everyfamily.core.audit_words import Kind, actions_of, what_was_done
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.text.dates import time_in_words
from everyfamily.people.database.tenancy import tenant

MOST = 6
_SMALL = frozenset(
    {
        *(
            "restriction",
            "save mapping",
            "answer about an export",
            "subject access",
            "purge",
            "attest restrictions",
        ),
        *("look at list", "look at adult", "download export", "download families", "download contacts"),
    }
)
"""Events that come with another one, or change nothing that somebody decides about."""
_CHANGES = frozenset(actions_of(Kind.ROLLS)) - _SMALL


def said_of(found: Iterable[Event]) -> list[str]:
    """ "Una Marsh told two homes apart, 2:12pm", in the order of the events. What was done many times is said once."""
    said: dict[str, None] = {}
    for event in found:
        if event.action in _CHANGES:
            at = time_in_words(event.at.astimezone(LONDON).time())
            done = what_was_done(event.action, event.subject_type, event.subject_id, event.detail).words
            said[f"{event.actor} {done}, {at}"] = None
    return list(said)[:MOST]


def done_since(school_id: int, shown: str) -> list[str]:
    """What was done at the school since a page was shown, newest first, by the time that its form carries. Nothing, if
    that is no time."""
    try:
        since = datetime.fromisoformat(shown)
    except ValueError:
        return []
    if since.tzinfo is None:
        return []
    with tenant(school_id):
        return said_of(events(school_id, since=since, actions=_CHANGES, limit=MOST))
