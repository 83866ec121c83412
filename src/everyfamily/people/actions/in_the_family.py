"""Adults in the family of a closed adult who may be that adult, however their name is written.

A father whom a court keeps from one child may be beside the brother as "Dad", under a nickname or in another alphabet.
A name cannot tell, but the family can: its children share an adult, one of them has a closed father, and another has
a father who is not the known one. A person decides about him once. Where nobody is closed, no name is doubted for how
it is written.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from everyfamily.audit.actions import NewEvent, record_events
from everyfamily.core.actors import Actor
from everyfamily.core.adults.change_set import CARES_FOR_THE_COUNCIL
from everyfamily.core.rolls.model.roll_rows import (
    CLOSED,
    DOUBT,
    GONE,
    NOT_ASKED,
    NOT_READABLE,
    NOT_SAID,
    READ_WITH_NOTES,
    RELATIONSHIPS,
)

MOST_CHILDREN = 12
"""Somebody who is listed with more is a childminder or an after-school club, and makes no family of their children."""
SAYS_NOTHING = "other"
"""The relationship where the file does not say one. It may be any."""
_ONE_OF_EACH = ("mother", "father", "step-parent")
"""Somebody who is this to the closed adult's own child as well may be the closed adult a second time."""
_CLOSES = """(restriction = ANY(%(closed_by_somebody)s)
    AND (restriction_reviewed_at IS NOT NULL OR restriction_reason = '')
  OR restriction = 'unknown' AND restriction_reason = %(not_readable)s)"""
"""As `is_closed` has it (core/adults/change_set.py), without words that the lead has not read: a column may have
one for everybody."""
_OPEN_BY_SILENCE = """(c.restriction = 'unknown' AND c.restriction_reason = ANY(%(passes)s)
  OR c.restriction = 'none' AND (c.restriction_reviewed_at IS NULL OR c.restriction_reason = %(not_said)s
    OR EXISTS (SELECT FROM people_attestation s
      WHERE s.school_id = c.school_id AND s.attested_at = c.restriction_reviewed_at)))"""
"""Nobody has decided about this link by itself. The attestation, which is for the whole roll, leaves its own time, and
a batch leaves the silence that it was about."""
# Somebody who is listed with the closed adult's child too is known there beside that adult, and so is another person.
_DOUBTED = f"""
WITH links AS MATERIALIZED (
  SELECT c.id, c.parent_id, c.pupil_id, {_CLOSES} AS closes, {_OPEN_BY_SILENCE} AS is_silent, c.restriction,
    CASE WHEN c.relationship = ANY(%(relationships)s) THEN c.relationship ELSE %(says_nothing)s END AS relationship,
    NOT (c.restriction = 'unknown' AND c.restriction_reason = %(gone)s) AS is_listed
  FROM people_care c WHERE c.school_id = %(school)s AND c.relationship <> ALL(%(for_the_council)s)),
closed AS MATERIALIZED (
  SELECT * FROM links WHERE closes AND (%(closed)s::bigint IS NULL OR parent_id = %(closed)s)),
shared AS MATERIALIZED (
  SELECT parent_id, array_agg(pupil_id) AS children FROM links GROUP BY 1 HAVING count(*) <= %(most_children)s),
family AS MATERIALIZED (
  SELECT DISTINCT c.parent_id, c.pupil_id AS child, c.relationship, unnest(s.children || c.pupil_id) AS sibling
  FROM closed c JOIN links l ON l.pupil_id = c.pupil_id JOIN shared s ON s.parent_id = l.parent_id)
SELECT DISTINCT q.id FROM family f JOIN links q ON q.pupil_id = f.sibling AND q.parent_id <> f.parent_id
WHERE q.is_silent AND CASE WHEN f.sibling = f.child
  THEN q.relationship = f.relationship AND q.relationship = ANY(%(one_of_each)s)
  ELSE (q.relationship = f.relationship OR %(says_nothing)s IN (q.relationship, f.relationship))
    AND NOT EXISTS (SELECT FROM links k WHERE k.is_listed AND (k.parent_id, k.pupil_id) IN
      ((q.parent_id, f.child), (f.parent_id, f.sibling))) END
  AND NOT EXISTS (SELECT FROM links k WHERE k.parent_id = q.parent_id AND k.restriction = 'none' AND NOT k.is_silent)
"""  # noqa: S608 - constants
_HOLD = f"""
UPDATE people_care c
SET restriction = 'unknown', restriction_reason = %(doubt)s, restriction_reviewed_at = NULL,
  restriction_reviewed_by = NULL
FROM (SELECT id, school_id, restriction FROM people_care WHERE school_id = %(school)s) was,
  people_child_on_roll p
WHERE was.school_id = c.school_id AND was.id = c.id
  AND c.school_id = %(school)s AND (c.parent_id = ANY(%(parents)s) OR c.id = ANY(%(links)s))
  AND p.school_id = c.school_id AND p.id = c.pupil_id AND {_OPEN_BY_SILENCE}
RETURNING c.id, c.parent_id, c.pupil_id, was.restriction
"""  # noqa: S608
_WORDS: dict[str, Any] = {
    "closed_by_somebody": [*CLOSED],
    "not_readable": NOT_READABLE,
    "passes": [NOT_SAID, *READ_WITH_NOTES, NOT_ASKED],
    "not_said": NOT_SAID,
    "relationships": [*RELATIONSHIPS],
    "says_nothing": SAYS_NOTHING,
    "most_children": MOST_CHILDREN,
    "gone": GONE,
    "for_the_council": [*CARES_FOR_THE_COUNCIL],
    "one_of_each": [*_ONE_OF_EACH],
    "doubt": DOUBT,
}


@dataclass(frozen=True, slots=True)
class HeldLink:
    """A link that waits for a person now."""

    id: int
    parent: int
    pupil: int
    was: str
    """Its restriction before."""


def doubted_in_families(school_id: int, *, closed: int | None = None) -> list[int]:
    """Links of adults who may be a closed adult of their family: of this one, or of any. Inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBTED, _WORDS | {"school": school_id, "closed": closed})
        return [link for (link,) in cursor.fetchall()]


def hold_in_doubt(
    school_id: int, *, parents: Collection[int] = (), links: Collection[int] = (), by: Actor, now: datetime
) -> list[HeldLink]:
    """Hold these links, and those of these adults, as a doubt, if nobody has decided about them by themselves."""
    if not parents and not links:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, _WORDS | {"school": school_id, "parents": [*parents], "links": [*links]})
        held = [HeldLink(*row) for row in cursor.fetchall()]
    record_events(
        (
            NewEvent(
                "restriction",
                "care",
                one.id,
                {"from": one.was, "to": "unknown", "reason": DOUBT, "parent": one.parent, "pupil": one.pupil},
            )
            for one in held
        ),
        by=by,
        now=now,
        school_id=school_id,
    )
    return held
