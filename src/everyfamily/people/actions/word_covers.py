"""What waits for a lead's new word, and a lead's decision as the word about one adult (sql/words_sql.py)."""

from __future__ import annotations

from django.db import connection


def waits_for_word(school_id: int) -> bool:
    """Whether any link waits. Run inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, [school_id])
        return bool(cursor.fetchone()[0])


def vouch_for(school_id: int, link: int) -> None:
    """A lead opened only this link: what they saw is the word about this adult. Run inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_VOUCH, [school_id, link])


_WAITS = "SELECT EXISTS (SELECT 1 FROM people_after_word w WHERE w.school_id = %s)"
_VOUCH = "UPDATE people_care SET vouched_in = nextval('people_seen') WHERE school_id = %s AND id = %s"
