"""What is held for one school, and until when: for the page that says so to the school's own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from everyfamily.core.sending.keeping import Due, when_purged
from everyfamily.mailings.actions.ending.keeping import use_of_school
from everyfamily.people.actions.keeping.kept import PeopleKept, people_kept
from everyfamily.people.actions.keeping.key_destruction import Destruction, waiting_destruction
from everyfamily.people.database.tenancy import tenant


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts and days. No value of anybody."""

    people: PeopleKept
    values_due: Due | None
    """When names, contact values and ids are deleted. None while a mailing is open, or if no roll came in."""
    is_in_use: bool
    """A mailing in which we write to the school's families is open."""
    outcomes: int
    messages: int
    tasks: int
    returns: int
    destruction: Destruction | None
    """What somebody asked for and waits for a second person."""


def kept_of_school(school_id: int, now: datetime) -> Kept:
    """What is held, in one transaction. Raises SchoolNotYours."""
    with tenant(school_id):
        use = use_of_school(school_id, now)
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, {"school": school_id})
            outcomes, messages, tasks, returns = cursor.fetchone()
        return Kept(
            people=people_kept(school_id),
            values_due=when_purged(use),
            is_in_use=use.in_use,
            outcomes=outcomes,
            messages=messages,
            tasks=tasks,
            returns=returns,
            destruction=waiting_destruction(school_id, now),
        )


_COUNTS = """
SELECT (SELECT count(*) FROM mailings_delivery WHERE school_id = %(school)s),
  (SELECT count(*) FROM mailings_attempt WHERE school_id = %(school)s),
  (SELECT count(*) FROM mailings_persontask WHERE school_id = %(school)s),
  (SELECT count(*) FROM mailings_schoolreturn WHERE school_id = %(school)s)
"""
