"""What the pages about how the product runs show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.text.counts import of
from everyfamily.core.text.dates import day_with_weekday, time_in_words
from everyfamily.work.queries.work import Verified

WATCHED = timedelta(minutes=10)
"""A page is asked for again by itself for so long after somebody asked: it must not keep a session open all day."""
BEGUN_WITHIN = timedelta(minutes=1)
"""A worker that is alive and free has begun by then."""


def verification_values(found: Verified | None, now: datetime) -> dict[str, Any]:
    """The newest check in words; `found` is None if nobody has asked for one."""
    values: dict[str, Any] = {"here": "audit", "found": found, "page_at": at_in_words(now)}
    if found is None:
        return values
    return values | {
        "state": found.state.value,
        "asked_at": at_in_words(found.asked_at),
        "ended_at": at_in_words(found.ended_at) if found.ended_at is not None else "",
        "is_late": found.done == 0 and found.state == "waiting" and now - found.asked_at > BEGUN_WITHIN,
        "is_watched": is_watched(found, now),
        "is_broken": bool(found.broken),
        "events": of(found.events, "event"),
        "chains": of(found.chains, "chain"),
    }


def is_watched(found: Verified | None, now: datetime) -> bool:
    """Whether the page should be asked for again by itself."""
    return found is not None and found.ended_at is None and now - found.asked_at < WATCHED


def at_in_words(at: datetime) -> str:
    """ "2:12pm on Friday 12 March"."""
    here = at.astimezone(LONDON)
    return f"{time_in_words(here.time())} on {day_with_weekday(here.date())}"
