"""Keys of schools that wait for a second person before they are destroyed, as work of a school's people."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.kinds import Kind
from everyfamily.core.desk.waiting import Wait
from everyfamily.people.actions.keeping.key_destruction import destructions_at


def keys_that_wait(schools: Collection[int] | None, now: datetime) -> Iterator[Wait]:
    """One for each request, for everybody there who may agree, which is not whoever asked. Raises SchoolNotYours."""
    for one in destructions_at(schools, now):
        yield Wait(
            Kind.KEY_TO_DESTROY,
            f"{Kind.KEY_TO_DESTROY.name} {one.id} {one.school_id}",
            one.ends_at.astimezone(LONDON).date(),
            one.ends_at,
            school_id=one.school_id,
            urn=one.urn,
            place=one.school,
            not_for=one.asked_account,
        )
