"""What mailings ask of a school's people, for their desks: in one read, however many schools there are. It returns
states and days, and nothing about a family."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.mailings.queries.mailings import planner_rows


@dataclass(frozen=True, slots=True)
class PartNow:
    """A school's part in a mailing that goes on."""

    school_id: int
    urn: int
    name: str
    mailing_id: int
    letter_id: int
    reference: str
    state: str
    """"planned", "held", "sending" or "sends itself"."""
    wave_at: datetime
    is_stopped: bool
    """The mailing or the school's part is paused."""
    attested_at: datetime | None
    roll_at: datetime | None
    """When the newest roll came in."""
    came_after_word: bool
    """Of a part that has not begun: a file brought somebody after the lead's word of the last 24 hours."""
    return_due_on: date | None
    """If a return is expected and has not come."""


def parts_now(schools: Collection[int] | None, now: datetime) -> list[PartNow]:
    """The parts of these schools, or of every school, in mailings that go on.

    Raises SchoolNotYours for a school that this request was not opened for.
    """
    today = now.astimezone(LONDON).date()
    values = {"schools": None if schools is None else list(schools), "now": now, "today": today}
    return [PartNow(*row) for row in planner_rows(_PARTS, values, schools=schools)]


FOR_THEM = """
(g.follows_as = '' OR EXISTS (SELECT 1 FROM mailings_schoolreturn b WHERE b.mailing_id = g.follows_id
  AND b.school_id = p.school_id) = (g.follows_as = 'correction'))
"""
"""A correction is for a school that had sent the wrong letter, and a replacement for every other (returns.py)."""
_PARTS = f"""
SELECT p.school_id, s.urn, s.name, g.id, g.letter_id, l.reference, p.state, p.wave_at,
  g.state = 'paused' OR p.paused_at IS NOT NULL,
  (SELECT max(a.attested_at) FROM people_attested a WHERE a.school_id = p.school_id AND a.attested_at <= %(now)s),
  (SELECT max(r.imported_at) FROM people_committed_roll r WHERE r.school_id = p.school_id),
  p.state = 'planned' AND EXISTS (SELECT 1 FROM people_attested a WHERE a.school_id = p.school_id
      AND a.attested_at > %(now)s - interval '24 hours')
    AND EXISTS (SELECT 1 FROM people_after_word w WHERE w.school_id = p.school_id),
  CASE WHEN p.state = 'sends itself' AND g.returns_close_on >= %(today)s AND NOT s.is_closed AND NOT EXISTS (
    SELECT 1 FROM mailings_schoolreturn f WHERE f.school_id = p.school_id AND f.mailing_id = g.id)
    AND {FOR_THEM} THEN g.returns_due_on END
FROM mailings_mailingschool p
JOIN mailings_mailing g ON g.id = p.mailing_id AND g.state IN ('open', 'paused')
JOIN letters_known_letter l ON l.id = g.letter_id
JOIN people_known_school s ON s.id = p.school_id
WHERE %(schools)s::bigint[] IS NULL OR p.school_id = ANY(%(schools)s)
ORDER BY s.urn, g.id
"""  # noqa: S608 - constants of this module
