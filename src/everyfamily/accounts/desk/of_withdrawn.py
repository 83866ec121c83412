"""A withdrawn letter that nobody has begun to put right."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.waiting import Wait
from everyfamily.letters.draft_queries.drafts import drafts
from everyfamily.mailings.queries.desk import Withdrawn
from everyfamily.mailings.queries.following import corrected_among


def of_withdrawn(found: Collection[Withdrawn]) -> Iterator[Wait]:
    """Letters whose mailing was withdrawn and that no letter corrects: none is being written, and none was sent."""
    if not found:
        return
    begun = {one.follows.reference for one in drafts() if one.follows is not None and one.ended_at is None}
    done = begun | corrected_among(one.reference for one in found)
    for one in found:
        if one.reference not in done:
            kind, place = Kind.CORRECT, f"Letter {one.reference}"
            day = one.at.astimezone(LONDON).date()
            yield Wait(kind, f"{kind.name} {one.reference}", day, place=place, reference=one.reference)
