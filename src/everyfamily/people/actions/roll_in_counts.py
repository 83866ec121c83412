"""A school's people in counts, as its lead sees them before they attest. Decrypts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from everyfamily.core.rolls.model.roll_rows import NOT_SAID, READ_WITH_NOTES
from everyfamily.people.actions.decided.responsibility import BY_WORD, FAMILY
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.queries import Word, decisions_of, last_word
from everyfamily.people.sql.entitlement import UNCLEAR


@dataclass(frozen=True, slots=True)
class RollInCounts:
    """Children and adults of the roll at one moment."""

    decisions: int
    """The school's count of decisions: `seen` of `attest`."""
    word: Word | None
    """The lead's newest word."""
    came_at: datetime | None
    """When the newest roll came in, or None without one."""
    children: int
    left: int
    """Children who left since the newest word, and below who died."""
    died: int
    adults_died: int
    """Adults who have died, as somebody was told since then."""
    proposed: int
    """Children who are not in the newest file. Nobody has said that they left."""
    adults: int
    """Who may have the letter now."""
    new_adults: int
    """Those of them who came or were opened since the newest word: nothing goes to them before another."""
    joined: int
    """Children who came on the roll since the newest word."""
    closed: int
    """Decisions that an adult must not have the letter. A decision, here and below, is about one adult and one child,
    and these three are those that the list of restrictions shows."""
    waiting: int
    """Decisions that wait for a person."""
    not_said: int
    """Those of them for which the roll says nothing about restrictions."""
    notes: int
    """Those for which a note next to the child is not read."""
    parents: int
    """Decisions that a word for the whole roll takes: it calls the adults parents or carers."""
    unclear: int
    """Others for which nobody says whether the adult is a parent or carer."""


def roll_in_counts(school_id: int) -> RollInCounts:
    """The counts, in one transaction. A decision in the middle of it is in the counts and not in `decisions`, so that
    whoever was shown both is asked to look again."""
    with tenant(school_id):
        decisions, word = decisions_of(school_id), last_word(school_id)
        since = None if word is None else word.at
        values = {"school": school_id, "since": since, "family": list(FAMILY), "not_said": NOT_SAID}
        values |= {"notes": [*READ_WITH_NOTES]}
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, values)
            came_at, *counts = cursor.fetchone()
        return RollInCounts(decisions, word, came_at, *counts)


_COUNTS = f"""
WITH link AS (
  SELECT {BY_WORD} AS by_word,
    {UNCLEAR} AND a.objects_at IS NULL AS unclear
  FROM people_care c
  JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
  JOIN people_child_on_roll p ON p.school_id = c.school_id AND p.id = c.pupil_id
  WHERE c.school_id = %(school)s),
shown AS (
  SELECT count(*) FILTER (WHERE restriction = 'do not send') AS closed, count(*) FILTER (WHERE waits) AS waiting,
    count(*) FILTER (WHERE waits AND restriction_reason = %(not_said)s) AS not_said,
    count(*) FILTER (WHERE waits AND restriction_reason = ANY(%(notes)s)) AS notes
  FROM people_link_shown WHERE school_id = %(school)s),
child AS (SELECT * FROM people_pupil WHERE school_id = %(school)s)
SELECT (SELECT max(r.imported_at) FROM people_committed_roll r WHERE r.school_id = %(school)s),
  (SELECT count(*) FROM people_child_on_roll p WHERE p.school_id = %(school)s),
  (SELECT count(*) FROM child WHERE on_roll_to >= %(since)s::timestamptz::date AND died_known_at IS NULL),
  (SELECT count(*) FROM child WHERE died_known_at >= %(since)s),
  (SELECT count(*) FROM people_parent a WHERE a.school_id = %(school)s AND a.died_known_at >= %(since)s),
  (SELECT count(*) FROM child WHERE leaving_proposed_at IS NOT NULL AND on_roll_to IS NULL AND died_known_at IS NULL),
  standing.adults, standing.new,
  (SELECT count(*) FROM child WHERE added_in > (SELECT max(w.word) FROM people_attestation w
    WHERE w.school_id = %(school)s) AND on_roll_to IS NULL AND died_known_at IS NULL),
  shown.closed, shown.waiting, shown.not_said, shown.notes,
  (SELECT count(*) FROM link WHERE by_word), (SELECT count(*) FROM link WHERE unclear AND NOT by_word)
FROM shown, (SELECT count(*) AS adults, count(*) FILTER (WHERE s.vouched_up_to IS NULL) AS new
  FROM people_adult_standing s WHERE s.school_id = %(school)s AND s.may_have_it) standing
"""  # noqa: S608 - constants
