"""What is known of the chain that links the events, in words."""

from __future__ import annotations

from datetime import datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.text.dates import day_in_words, time_in_words


def chain_words(broken_at: datetime | None, whole_at: datetime | None) -> dict[str, object]:
    """When the chain was last found whole, or that it was found broken since; nothing if nobody knows."""
    if broken_at is not None and (whole_at is None or whole_at < broken_at):
        return {"is_broken": True}
    if whole_at is None:
        return {}
    here = whole_at.astimezone(LONDON)
    return {"whole_at": f"{time_in_words(here.time())} on {day_in_words(here.date())}"}
