"""A letter that is being written, for tests of its pages."""

from __future__ import annotations

from datetime import date, datetime

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON

WRITING = datetime(2027, 2, 3, 10, tzinfo=LONDON)
REFERENCE = "ES-2703-K7R4"
TOM = Actor.typed("Tom Rydal")


def a_draft(reference: str = REFERENCE, *, now: datetime = WRITING) -> int:
    """The letter of the spring term, begun and in the pack's words; its id."""
    from everyfamily.letters.actions.drafts import begin

    return begin(
        "child-sexual-exploitation", "spring-2027", date(2027, 3, 2), reference=reference, by=TOM, now=now
    )
