"""The daily purge: what no mailing needs any more is deleted from the database and from the carriers' folders, and with
it the files of versions of letters that count for nothing any more, and emails that said what was done weeks ago.

Here the mailings say which school's values are due; purging.py clears them. A close that was cut off is
finished first.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection

from everyfamily.channels.kept_files import FilesPurged, IsDue, count_files, purge_files
from everyfamily.core.actors import WORKING, Actor
from everyfamily.core.sending.keeping import PurgeReason, RollUse, purge_reason
from everyfamily.letters.actions.old_files import clear_old_files, count_old_files
from everyfamily.mailings.actions.ending.closing import closed_but_not_finished, finish_closing
from everyfamily.mailings.queries.mailings import planner_rows
from everyfamily.people.actions.keeping.purging import Purged, clean_up_after_purge, count_values, purge_school
from everyfamily.work.actions.telling import forget_told

_NEVER = datetime.min.replace(tzinfo=UTC)
"""For a school that had no roll: any roll is newer."""


@dataclass(frozen=True, slots=True)
class SchoolDue:
    """A school whose personal values are to be deleted."""

    school_id: int
    urn: int
    reason: PurgeReason
    last_roll_at: datetime | None


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What was deleted, or with a dry run would be."""

    schools: dict[int, Purged] = field(default_factory=dict)
    """By URN; only schools where something was deleted."""
    files: FilesPurged = field(default_factory=FilesPurged)
    letter_files: int = 0
    """Files of versions of letters that count for nothing any more."""
    closes_finished: int = 0
    cleaned_up: bool = True
    """Whether PostgreSQL has dropped the old versions of rows. True if nothing had to be deleted."""

    @property
    def total(self) -> Purged:
        """Over all schools."""
        return sum(self.schools.values(), Purged())


def schools_due(now: datetime, *, school_id: int | None = None) -> list[SchoolDue]:
    """Schools whose values are due according to core/sending/keeping.py, by URN; only one school with `school_id`."""
    due = []
    for row, urn, keep_days, in_use, closed_at, roll_at in planner_rows(_USES, {"school": school_id, "now": now}):
        reason = purge_reason(RollUse(keep_days, in_use, closed_at, roll_at), now)
        if reason is not None:
            due.append(SchoolDue(row, urn, reason, roll_at))
    return due


def use_of_school(school_id: int, now: datetime) -> RollUse:
    """What one school's values are needed for, for a page of that school. Inside `tenant(school_id)`."""
    with connection.cursor() as cursor:
        cursor.execute(_USES, {"school": school_id, "now": now})
        _, _, *use = cursor.fetchone()
    return RollUse(*use)


_USES = """
SELECT s.id, s.urn, s.keep_days, coalesce(m.in_use, false), m.closed_at, i.roll_at
FROM people_known_school s
LEFT JOIN (
  SELECT p.school_id, bool_or(m.state <> 'closed') AS in_use, max(m.closed_at) AS closed_at
  FROM mailings_mailingschool p JOIN mailings_mailing m ON m.id = p.mailing_id
  WHERE p.state <> 'sends itself' GROUP BY p.school_id) m ON m.school_id = s.id
LEFT JOIN (
  SELECT school_id, max(imported_at) AS roll_at FROM people_committed_roll GROUP BY school_id) i ON i.school_id = s.id
WHERE %(school)s::bigint IS NULL OR s.id = %(school)s ORDER BY s.urn
"""


def purge_due(
    now: datetime, *, outbox: Path, by: Actor = WORKING, school_id: int | None = None, dry_run: bool = False
) -> PurgeReport:
    """Purge every school that is due (or the given one, if it is due) and the carriers' files of closed mailings.

    Each school has its own transactions. After a crash the next run does the rest. With `dry_run` nothing is written.
    """
    finished = 0
    if not dry_run and school_id is None:
        for mailing_id in closed_but_not_finished():
            finish_closing(mailing_id, by=by, now=now)
            finished += 1
    schools: dict[int, Purged] = {}
    for due in schools_due(now, school_id=school_id):
        purged = count_values(due.school_id) if dry_run else _purge(due, by=by, now=now)
        if purged.total:
            schools[due.urn] = purged
    files = (count_files if dry_run else purge_files)(outbox, files_due(now, school_id=school_id))
    of_letters = 0
    if school_id is None:
        of_letters = count_old_files() if dry_run else clear_old_files(by=by, now=now)
        if not dry_run:
            forget_told(now)
    return PurgeReport(schools, files, of_letters, finished, not schools or dry_run or clean_up_after_purge())


def _purge(due: SchoolDue, *, by: Actor, now: datetime) -> Purged:
    # If a roll has come in since, it is not the one that was decided about.
    return purge_school(
        due.school_id, reason=due.reason, by=by, now=now, unless_roll_after=due.last_roll_at or _NEVER
    )


def files_due(now: datetime, *, school_id: int | None = None) -> IsDue:
    """Whether the files of a letter and a school's URN (also an earlier URN) are older than the days agreed with the
    school."""
    due: dict[str, set[int]] = defaultdict(set)
    for reference, urn, closed_at, keep_days in planner_rows(_FILES, {"school": school_id}):
        if closed_at + timedelta(days=keep_days) <= now:
            due[reference].add(urn)
    return lambda reference, urn: urn in due.get(reference, ())


_FILES = """
SELECT l.reference, u.urn, m.closed_at, s.keep_days
FROM mailings_mailing m
JOIN letters_known_letter l ON l.id = m.letter_id
JOIN mailings_mailingschool p ON p.mailing_id = m.id
JOIN people_known_school s ON s.id = p.school_id
JOIN people_urn u ON u.school_id = s.id
WHERE m.state = 'closed' AND (%(school)s::bigint IS NULL OR s.id = %(school)s)
"""
