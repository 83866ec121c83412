"""By which way a school's children would be written to first now: one read, for the school's own page."""

from __future__ import annotations

from django.db import connection

from everyfamily.core.sending.channel_policy import policy_of
from everyfamily.core.sending.first_ways import AdultOf, First, first_ways
from everyfamily.mailings.installation.carriers import ways_used
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import SchoolFacts


def first_ways_of(school: SchoolFacts) -> dict[First, int]:
    """How many of the children on the roll by which way. Opens no vault. Raises SchoolNotYours."""
    with tenant(school.id), connection.cursor() as cursor:
        cursor.execute(_BEFORE)
        cursor.execute(_ADULTS, {"school": school.id})
        rows = cursor.fetchall()
    children = {row[0] for row in rows}
    adults = [
        AdultOf(child, may_have_it, undecided, prefers, tuple(ways))
        for child, may_have_it, undecided, prefers, ways in rows
        if may_have_it is not None
    ]
    return first_ways(children, adults, policy_of(school.channel_policy), ways_used().keys())


_BEFORE = "SET LOCAL enable_nestloop = off; SET LOCAL jit = off;"
"""A roll may be newer than its statistics: a nested loop that was planned for ten rows takes seconds. The views look
costly to the planner, and compiling them would take longer than reading them."""
# As deciding.py gathers them: usable, and closed for nobody. Arrays, so that each view is read once.
_ADULTS = """
WITH way AS MATERIALIZED (
  SELECT w.parent_id, array_agg(DISTINCT w.channel::text) AS channels FROM people_way w
  WHERE w.school_id = %(school)s AND w.is_usable AND NOT w.is_closed GROUP BY w.parent_id),
bag AS MATERIALIZED (
  SELECT DISTINCT w.parent_id FROM people_paper_way w WHERE w.school_id = %(school)s
    AND w.pupil_id <> ALL (ARRAY(SELECT b.pupil_id FROM people_closed_bag b WHERE b.school_id = %(school)s))),
standing AS MATERIALIZED (SELECT * FROM people_adult_standing WHERE school_id = %(school)s)
SELECT p.id, s.may_have_it, s.undecided, a.prefers,
  coalesce(w.channels, '{}') || CASE WHEN b.parent_id IS NOT NULL THEN ARRAY['pupil post'] ELSE '{}' END
FROM people_child_on_roll p
LEFT JOIN people_link k ON k.school_id = p.school_id AND k.pupil_id = p.id
  AND k.restriction <> 'do not send' AND (k.is_entitled OR k.is_unclear)
LEFT JOIN standing s ON s.id = k.parent_id
LEFT JOIN people_adult a ON a.school_id = p.school_id AND a.id = k.parent_id
LEFT JOIN way w ON w.parent_id = k.parent_id
LEFT JOIN bag b ON b.parent_id = k.parent_id
WHERE p.school_id = %(school)s
"""
