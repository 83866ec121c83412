"""What waits for a lead's new word, and a lead's decision as the word about one adult (sql/words_sql.py)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class SinceTheWord:
    """What came or was opened after the lead's newest word. Nothing of it is sent before another."""

    joined: int
    """Children who came on the roll."""
    adults: int
    """Adults who may have the letter, but of no child by that word."""


def since_the_word(school_id: int) -> SinceTheWord:
    """Count it. Run inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"school": school_id})
        return SinceTheWord(*cursor.fetchone())


def waits_for_word(school_id: int) -> bool:
    """Whether any link waits. Run inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [school_id])
        return bool(cursor.fetchone()[0])


def vouch_for(school_id: int, link: int) -> None:
    """A lead opened only this link: what they saw is the word about this adult. Run inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_VOUCH, [school_id, link])


def was_here_always(school_id: int, pupil: int) -> None:
    """A lead took back that a child had died: the word from before covers the child again. Run inside
    `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_pupil SET added_in = 0 WHERE school_id = %s AND id = %s", [school_id, pupil]
        )


_SINCE = """
SELECT
  (SELECT count(*) FROM people_pupil p JOIN people_child_on_roll o ON o.school_id = p.school_id AND o.id = p.id
    WHERE p.school_id = %(school)s AND p.added_in > coalesce(
      (SELECT max(w.word) FROM people_attestation w WHERE w.school_id = %(school)s), 0)),
  (SELECT count(*) FROM people_adult_standing s WHERE s.school_id = %(school)s AND s.may_have_it
    AND s.vouched_up_to IS NULL)
"""
_WAITS = "SELECT EXISTS (SELECT 1 FROM people_after_word w WHERE w.school_id = %s)"
_VOUCH = "UPDATE people_care SET vouched_in = nextval('people_seen') WHERE school_id = %s AND id = %s"
