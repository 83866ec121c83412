"""What a named person must decide about a roll. An import opens and closes these tasks, in one statement for the
school.

For each kind and adult, only one task is open at a time. If a task no longer applies, "roll" closes it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db import connection

from everyfamily.core.actors import Actor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.rolls.model.roll_rows import NOT_SAID, READ_WITH_NOTES, RELATIONSHIPS
from everyfamily.people.models import RollTask
from everyfamily.people.school_days import school_due
from everyfamily.people.sql.eligibility_sql import MAYBE
from everyfamily.people.sql.entitlement import ENDED, SHOWN, UNCLEAR, WAITS

_ROLL = Actor.worker("roll")
DUE_IN = 3
"""School days."""
NOBODY_NAMED = "school lead"
"""Owner of a task if the school has not named a lead."""

_WANTED = """
SELECT DISTINCT 'restriction' AS kind, c.parent_id FROM links c
WHERE (c.restriction = 'hold' AND c.restriction_reviewed_at IS NULL)
   OR (c.restriction = 'unknown' AND c.restriction_reason <> ALL(%(silent)s))
UNION ALL
SELECT 'restrictions not said', NULL
WHERE EXISTS (SELECT FROM links WHERE restriction = 'unknown' AND restriction_reason = ANY(%(silent)s))
UNION ALL
SELECT 'relationship', NULL
WHERE EXISTS (SELECT FROM links WHERE is_unclear AND relationship <> ALL(%(relationships)s))
UNION ALL
SELECT 'leavers', NULL WHERE EXISTS (
  SELECT FROM people_pupil WHERE school_id = %(school)s AND on_roll_to IS NULL AND leaving_proposed_at IS NOT NULL)
"""
_LINKS = f"""
SELECT c.parent_id, c.restriction, c.restriction_reason, c.restriction_reviewed_at, c.relationship,
  {UNCLEAR} AS is_unclear
FROM people_care c
JOIN people_child_on_roll p ON p.school_id = c.school_id AND p.id = c.pupil_id
JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
WHERE c.school_id = %(school)s AND a.objects_at IS NULL
  AND (c.restriction IN ('hold', 'unknown') OR c.relationship <> ALL(%(relationships)s))
"""  # noqa: S608 - a constant
# A data-modifying WITH sees the tables as they were. What is closed here was not wanted, so the two never meet.
_SETTLE = f"""
WITH links AS ({_LINKS}), wanted AS ({_WANTED}), closed AS (
  UPDATE people_rolltask t SET closed_at = %(now)s, closed_by = 'roll'
  WHERE t.school_id = %(school)s AND t.closed_at IS NULL AND t.kind = ANY(%(kinds)s)
    AND NOT EXISTS (
      SELECT FROM wanted w WHERE w.kind = t.kind AND coalesce(w.parent_id, 0) = coalesce(t.parent_id, 0))
), opened AS (
  INSERT INTO people_rolltask (school_id, kind, parent_id, owner, opened_at, due_on)
  SELECT %(school)s, w.kind, w.parent_id, %(owner)s, %(now)s, %(due)s FROM wanted w
  WHERE NOT EXISTS (
    SELECT FROM people_rolltask t WHERE t.school_id = %(school)s AND t.closed_at IS NULL AND t.kind = w.kind
      AND coalesce(t.parent_id, 0) = coalesce(w.parent_id, 0))
  RETURNING kind
)
SELECT kind, count(*) FROM opened GROUP BY kind ORDER BY kind
"""  # noqa: S608
_SETTLED_HERE = ("restriction", "restrictions not said", "relationship", "leavers", "file held")


def settle_tasks(school_id: int, *, owner: str, now: datetime) -> Mapping[str, int]:
    """Open what a person must decide after an import, and close what no longer applies. Returns how many were opened,
    by kind."""
    opened = open_tasks(school_id, owner=owner, now=now, closes=_SETTLED_HERE)
    settle_notes(school_id)
    settle_ended_orders(school_id, now=now)
    shared = settle_shared_homes(school_id, owner=owner, now=now)
    return opened | ({"shared home": shared} if shared else {})


def open_tasks(school_id: int, *, owner: str, now: datetime, closes: Sequence[str] = ()) -> dict[str, int]:
    """Open what a person must decide, and of the kinds `closes` close what no longer applies. Returns how many were
    opened, by kind."""
    with connection.cursor() as cursor:
        # The rows are newer than their statistics, and a loop planned for ten rows took minutes for 100,000.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(
            _SETTLE,
            {
                "school": school_id,
                "owner": owner or NOBODY_NAMED,
                "now": now,
                "due": school_due(now, DUE_IN),
                "silent": [NOT_SAID, *READ_WITH_NOTES],
                "relationships": list(RELATIONSHIPS),
                "kinds": list(closes),
            },
        )
        opened = dict(cursor.fetchall())
        cursor.execute("SET LOCAL enable_nestloop = on")
    return opened


def settle_notes(school_id: int) -> None:
    """Words of notes go once nobody waits for a decision about their child."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""DELETE FROM people_rollnote n WHERE n.school_id = %s AND n.read_at IS NULL
            AND NOT EXISTS (SELECT FROM people_care c
              JOIN people_child_on_roll p ON p.school_id = c.school_id AND p.id = c.pupil_id
              WHERE c.school_id = n.school_id AND c.pupil_id = n.pupil_id AND {WAITS})""",  # noqa: S608 - a constant
            [school_id],
        )


_SETTLE_ENDED = f"""
WITH wanted AS MATERIALIZED (
  SELECT DISTINCT c.parent_id FROM people_care c
  JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
  JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
  WHERE c.school_id = %(school)s AND a.objects_at IS NULL AND {ENDED} AND {SHOWN}
), closed AS (
  UPDATE people_rolltask t SET closed_at = %(now)s, closed_by = %(by)s
  WHERE t.school_id = %(school)s AND t.kind = 'order ended' AND t.closed_at IS NULL
    AND t.parent_id NOT IN (SELECT parent_id FROM wanted)
)
INSERT INTO people_rolltask (school_id, kind, parent_id, owner, opened_at, due_on)
SELECT s.id, 'order ended', w.parent_id, coalesce(nullif(s.lead_role, ''), %(nobody)s), %(now)s, %(due)s
FROM wanted w JOIN people_school s ON s.id = %(school)s
-- A file, a decision and the hourly look may all ask at the same moment.
ON CONFLICT (school_id, kind, parent_id) WHERE closed_at IS NULL DO NOTHING
"""  # noqa: S608 - constants


def settle_ended_orders(school_id: int, *, now: datetime, by: Actor = _ROLL) -> None:
    """Ask a person about each adult who is kept away by something that has ended. Nothing opens by itself. `by` closes
    the task once nobody needs to ask. Inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE_ENDED,
            {
                "school": school_id,
                "today": now.astimezone(LONDON).date(),
                "now": now,
                "due": school_due(now, DUE_IN),
                "nobody": NOBODY_NAMED,
                "by": by.text,
            },
        )


_SETTLE_RELATIONSHIPS = f"""
WITH links AS ({_LINKS})
UPDATE people_rolltask t SET closed_at = %(now)s, closed_by = %(by)s
WHERE t.school_id = %(school)s AND t.kind = 'relationship' AND t.closed_at IS NULL
  AND NOT EXISTS (SELECT FROM links WHERE is_unclear AND relationship <> ALL(%(relationships)s))
"""  # noqa: S608 - constants


def settle_relationships(school_id: int, *, now: datetime, by: Actor) -> None:
    """Once somebody has said of every adult whether they are a parent or carer, nobody needs to say what a code of the
    file means."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SETTLE_RELATIONSHIPS,
            {"school": school_id, "now": now, "by": by.text, "relationships": list(RELATIONSHIPS)},
        )


# Whether or not it can be posted to, because a child may carry the letter there.
_DOUBTED = f"""
SELECT DISTINCT w.parent_id FROM people_way w
WHERE w.school_id = %(school)s AND w.channel = 'post' AND w.value IS NOT NULL
  AND w.is_doubted AND NOT w.is_shared
  -- Where somebody said that it is one home, another adult may still close it in doubt.
  AND (w.id NOT IN (SELECT q.way_id FROM people_homesaidone q) OR EXISTS (
    SELECT FROM people_contactpoint c JOIN people_closing_way b
      ON b.school_id = c.school_id AND b.channel = c.channel AND b.parent_id <> c.parent_id AND {MAYBE}
    WHERE c.school_id = w.school_id AND c.id = w.id
      AND NOT EXISTS (SELECT FROM people_hometoldapart o WHERE o.way_id = c.id AND o.shut_id = b.id)
      AND NOT EXISTS (SELECT FROM people_homesaidone o WHERE o.way_id = c.id AND o.shut_id = b.id)))
"""  # noqa: S608 - constants
_SETTLE_HOMES = """
WITH wanted AS MATERIALIZED (
  SELECT id AS parent_id FROM people_adult_standing
  WHERE school_id = %(school)s AND id = ANY(%(doubted)s) AND may_have_it
), closed AS (
  UPDATE people_rolltask t SET closed_at = %(now)s, closed_by = %(by)s
  WHERE t.school_id = %(school)s AND t.kind = 'shared home' AND t.closed_at IS NULL
    AND t.parent_id NOT IN (SELECT parent_id FROM wanted)
)
INSERT INTO people_rolltask (school_id, kind, parent_id, owner, opened_at, due_on)
SELECT %(school)s, 'shared home', w.parent_id, %(owner)s, %(now)s, %(due)s FROM wanted w
WHERE NOT EXISTS (SELECT FROM people_rolltask t WHERE t.school_id = %(school)s AND t.parent_id = w.parent_id
  AND t.kind = 'shared home' AND t.closed_at IS NULL)
"""


def settle_shared_homes(school_id: int, *, owner: str, now: datetime, by: Actor = _ROLL) -> int:
    """Ask a person about each adult whose home may be that of somebody who may not have the letter. Returns how many
    are new questions. If nobody needs to ask any more, `by` closes the task."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBTED, {"school": school_id})
        doubted = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            _SETTLE_HOMES,
            {
                "doubted": doubted,
                "school": school_id,
                "owner": owner or NOBODY_NAMED,
                "now": now,
                "due": school_due(now, DUE_IN),
                "by": by.text,
            },
        )
        return int(cursor.rowcount)


_OPEN = """
INSERT INTO people_rolltask (school_id, kind, parent_id, owner, opened_at, due_on)
SELECT a.school_id, 'restriction', a.id, %(owner)s, %(now)s, %(due)s FROM people_parent a
WHERE a.school_id = %(school)s AND a.id = ANY(%(parents)s) AND a.objects_at IS NULL
  AND NOT EXISTS (SELECT FROM people_rolltask t WHERE t.school_id = a.school_id AND t.parent_id = a.id
    AND t.kind = 'restriction' AND t.closed_at IS NULL)
"""


def open_restriction_tasks(school_id: int, parents: Collection[int], *, owner: str, now: datetime) -> None:
    """Somebody must decide about these adults, who were held because of a decision about another."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            {
                "school": school_id,
                "parents": sorted(parents),
                "owner": owner or NOBODY_NAMED,
                "now": now,
                "due": school_due(now, DUE_IN),
            },
        )


def open_held_task(school_id: int, *, owner: str, now: datetime, gone_on: date | None = None) -> None:
    """A file waits: the school's lead looks whether it belongs to this school, at the latest on the day on which the
    file is deleted."""
    due_on = gone_on or school_due(now, DUE_IN)
    RollTask.objects.update_or_create(
        school_id=school_id,
        kind="file held",
        parent=None,
        closed_at=None,
        defaults={"due_on": due_on},
        create_defaults={"owner": owner or NOBODY_NAMED, "opened_at": now, "due_on": due_on},
    )


def close_held_task(school_id: int, *, by: Actor, now: datetime) -> None:
    """The lead said whose file it is, or it is gone."""
    task = RollTask.objects.filter(school_id=school_id, kind="file held", closed_at=None)
    task.update(closed_at=now, closed_by=by.text)
