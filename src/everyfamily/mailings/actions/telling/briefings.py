"""Which schools are due their staff briefing: two school days before their families get the letter.

Each is written down once for each mailing and school, and sent like every letter to a school (school_notices.py). A
correction is about a letter that the school was briefed about, so it has none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from everyfamily.core.accounting.return_reminders import in_office_hours
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_work import BRIEFED_BEFORE
from everyfamily.letters.queries import sealed_file
from everyfamily.mailings.actions.telling.school_notices import BRIEFING, BRIEFING_FILE, write_notice
from everyfamily.mailings.queries.mailings import planner_rows
from everyfamily.people.database.tenancy import tenant

_LONGEST = timedelta(days=21)
"""No holiday between two school days is longer, except the summer's, and no letter goes on its first days."""
_SOON = """
SELECT p.mailing_id, m.letter_id, p.school_id, p.wave_at FROM mailings_mailingschool p
JOIN mailings_mailing m ON m.id = p.mailing_id AND m.state = 'open' AND m.follows_as IN ('', 'replacement')
JOIN people_known_school s ON s.id = p.school_id AND NOT s.is_closed
WHERE p.state IN ('planned', 'sends itself') AND p.paused_at IS NULL
  AND p.wave_at > %(now)s AND p.wave_at <= %(latest)s
  AND NOT EXISTS (SELECT 1 FROM mailings_schoolnotice n
    WHERE n.mailing_id = p.mailing_id AND n.school_id = p.school_id AND n.kind = 'briefing')
ORDER BY p.wave_at, p.mailing_id, p.school_id
"""


def is_briefing_due(wave_on: date, today: date, is_school_day: Callable[[date], bool]) -> bool:
    """Whether at most two school days, today among them, are left before the day of a wave."""
    days = ((wave_on - timedelta(days=n)) for n in range(1, (wave_on - today).days + 1))
    return sum(is_school_day(day) for day in days) <= BRIEFED_BEFORE


def write_briefings(is_school_day: Callable[[date], bool], now: datetime) -> int:
    """Write down for each school what is due now, in its office's hours. Returns for how many. Nothing is sent here."""
    local = now.astimezone(LONDON)
    if not in_office_hours(local, is_school_day):
        return 0
    made, has_one = 0, {}
    for mailing_id, letter_id, school_id, wave_at in planner_rows(_SOON, {"now": now, "latest": now + _LONGEST}):
        if not is_briefing_due(wave_at.astimezone(LONDON).date(), local.date(), is_school_day):
            continue
        if letter_id not in has_one:
            has_one[letter_id] = sealed_file(letter_id, BRIEFING_FILE) is not None
        if has_one[letter_id]:
            with tenant(school_id):
                write_notice(mailing_id, school_id, BRIEFING, now)
            made += 1
    return made
