"""If a carrier says that a contact point does not exist, nothing is sent to it again, until a person says that it
works."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from everyfamily.audit.actions import NewEvent, record_events
from everyfamily.core.actors import Actor
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.known_adults import NOT_POSTED_TO, OPTED_OUT, opt_out_mark
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import hold_key
from everyfamily.people.models import ContactPoint

DEAD = "permanent-failure"


def mark_dead(school_id: int, reasons: Mapping[int, str]) -> None:
    """Mark contact points of the school as dead: id -> the carrier's reason. Inside `tenant(school_id)`.

    It is not a decision about a person, so nothing is planned again because of it.
    """
    if not reasons:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [list(reasons), list(reasons.values()), school_id])


_MARK = """
UPDATE people_contactpoint c SET status = 'permanent-failure', status_reason = m.reason
FROM unnest(%s::bigint[], %s::text[]) AS m (id, reason) WHERE c.school_id = %s AND c.id = m.id
"""


@dataclass(frozen=True, slots=True)
class FailedWay:
    """A contact point that does not work, of an adult who may have the letter. Without its value."""

    way: int
    channel: str
    reason: str
    """The carrier's, in harmless words."""
    is_dead: bool
    """False for a home that a letter came back from: letters still go there."""
    adult: int


@dataclass(frozen=True, slots=True)
class ChildOfAdult:
    """A child of an adult, on the roll."""

    adult: int
    pupil: int
    own_id: bytes | None
    class_name: str
    relationship: str


def failed_ways(
    school_id: int, returned: Collection[int], *, after: int = 0, limit: int | None = None
) -> list[FailedWay]:
    """Contact points that are dead or among `returned`, by channel: at most `limit`, after the row `after`.

    Nothing is sent to an adult who may not have the letter, so none of theirs is here. Inside `tenant(school_id)`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _FAILED,
            {
                "school": school_id,
                "returned": list(returned),
                "dead": DEAD,
                "no_address": NOT_POSTED_TO[1],
                "after": after,
                "limit": limit,
            },
        )
        return [FailedWay(*row) for row in cursor.fetchall()]


_FAILED = """
SELECT c.id, c.channel, c.status_reason, c.status = %(dead)s, c.parent_id FROM people_contactpoint c
JOIN people_adult_standing s ON s.school_id = c.school_id AND s.id = c.parent_id AND s.may_have_it
WHERE c.school_id = %(school)s AND c.value IS NOT NULL
  AND ((c.status = %(dead)s AND c.status_reason <> %(no_address)s)
    OR (c.status = 'usable' AND c.id = ANY(%(returned)s)))
  AND (%(after)s = 0 OR (c.channel, c.id) > (
    SELECT a.channel, a.id FROM people_contactpoint a WHERE a.school_id = %(school)s AND a.id = %(after)s))
ORDER BY c.channel, c.id LIMIT %(limit)s
"""


def children_of_adults(school_id: int, adults: Collection[int]) -> list[ChildOfAdult]:
    """The children on the roll of these adults, by adult. Inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_CHILDREN, {"school": school_id, "adults": list(adults)})
        return [ChildOfAdult(*row) for row in cursor.fetchall()]


_CHILDREN = """
SELECT c.parent_id, p.id, p.id_encrypted, p.class_name, c.relationship FROM people_care c
JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id AND p.is_here
WHERE c.school_id = %(school)s AND c.parent_id = ANY(%(adults)s) ORDER BY c.parent_id, p.id
"""


def say_ways_work(school_id: int, ways: Collection[int], *, by: Actor, now: datetime) -> int:
    """These dead contact points work again, whoever of the school's adults has the same value. Returns for how many of
    `ways` that is new.

    What is closed for another reason stays closed: an adult's opt-out, an objection, a restriction, somebody else's
    home. A mailing that is under way looks again at who can be reached.
    """
    with tenant(school_id):
        # As for an opt-out: an import that has read what is dead must not write it again, and no key changes meanwhile.
        wait_for_roll(school_id)
        hold_key(school_id, exclusive=False)
        dead = ContactPoint.objects.filter(school_id=school_id, status=DEAD, value__isnull=False)
        dead = dead.exclude(status_reason=NOT_POSTED_TO[1])
        said = list(dead.filter(pk__in=ways).values_list("pk", "parent_id", "channel", "value_hash"))
        if not said:
            return 0
        same = Q(pk__in=())
        for _, _, channel, value_hash in said:
            same |= Q(channel=channel, value_hash=value_hash)
        rows = list(dead.filter(same).values_list("pk", "parent_id", "channel"))
        marks = ContactPoint.objects.filter(
            school_id=school_id,
            parent_id__in={parent for _, parent, _ in rows},
            value_hash__in=[opt_out_mark(channel) for channel in {channel for _, _, channel in rows}],
        )
        opted_out = set(marks.values_list("parent_id", "channel"))
        kept = [way for way, parent, channel in rows if (parent, channel) in opted_out]
        ContactPoint.objects.filter(pk__in=kept).update(status=OPTED_OUT[0], status_reason=OPTED_OUT[1])
        free = ContactPoint.objects.filter(pk__in=[way for way, _, _ in rows if way not in kept])
        free.update(status="usable", status_reason="")
        count_decision(school_id)
        record_events(
            (
                NewEvent("ways work again", "parent", parent, {"channel": channel, "way": way})
                for way, parent, channel in rows
            ),
            by=by,
            now=now,
            school_id=school_id,
        )
        return len(said)
