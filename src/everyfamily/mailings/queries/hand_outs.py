"""Copies that went to a class and about which the school has not said yet what happened to them.

Reads run inside `tenant(school_id)`. Those of all schools run as the planner, without ids of children.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.keys.vault import Vault
from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.hours import calendar_of
from everyfamily.mailings.queries.mailings import planner_rows
from everyfamily.people.school_days import has_school


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy that a child is meant to take home. `status` is the ledger's."""

    reference: str
    mailing: int
    status: str
    group: str
    pupil: int
    pupil_id: bytes | None
    printed_at: datetime
    may_go_home: bool
    """An adult for whom it was printed may still have the letter, and not in a home that was closed since."""


_COPIES = """
SELECT l.reference::text, d.mailing_id, l.status, p.class_name, p.id, p.id_encrypted, min(t.created_at),
  bool_or(coalesce(s.may_have_it_up_to >= m.from_year, false))
  AND NOT bool_or(p.id IN (SELECT b.pupil_id FROM people_closed_bag b))
FROM mailings_attempt t
JOIN mailings_ledgerentry l ON l.id = t.ledger_id
JOIN mailings_delivery d ON d.school_id = t.school_id AND d.id = t.delivery_id
JOIN mailings_mailing m ON m.id = d.mailing_id
JOIN people_child p ON p.school_id = t.school_id AND t.option_key = 'pupil:' || p.id
LEFT JOIN people_adult_standing s ON s.school_id = d.school_id AND s.id = d.parent_id
WHERE t.school_id = %(school)s AND t.channel = 'pupil post' AND l.status NOT IN ('created', 'sending', 'refused')
  AND (%(references)s::uuid[] IS NULL OR l.reference = ANY(%(references)s::uuid[]))
  AND (%(mailing)s::bigint IS NULL OR d.mailing_id = %(mailing)s)
GROUP BY l.reference, d.mailing_id, l.status, p.class_name, p.id, p.id_encrypted
ORDER BY p.class_name, p.id
"""
WAITING = ("accepted", "unknown")
WAITS_AT_MOST = 5
"""School days that a class has to say what it handed out. After that its school's lead is asked."""


def copies_of(
    school_id: int, *, references: Sequence[str] | None = None, mailing: int | None = None
) -> list[Copy]:
    """Copies printed for a school's children in mailings that are not closed: all, only these, or of one mailing."""
    named = None if references is None else list(references)
    with connection.cursor() as cursor:
        cursor.execute(_COPIES, {"school": school_id, "references": named, "mailing": mailing})
        return [
            Copy(reference, mailing, status, group, pupil, bytes(own_id) if own_id else None, printed_at, may_go)
            for reference, mailing, status, group, pupil, own_id, printed_at, may_go in cursor.fetchall()
        ]


def copies_waiting(school_id: int) -> list[Copy]:
    """Copies about which nobody has said what happened to them."""
    return [copy for copy in copies_of(school_id) if copy.status in WAITING]


@dataclass(frozen=True, slots=True)
class ClassWaits:
    """A class with copies about which nothing was said, and since when."""

    reference: str
    """The letter's."""
    group: str
    copies: int
    since: datetime
    pupils: tuple[str, ...]
    """The school's own ids, only for the school."""
    is_withdrawn: bool = False
    """The letter is withdrawn, so nobody should hand the copies out."""
    keep_back: tuple[str, ...] = ()
    """The school's own ids of children who should not take their copy home: since it was printed, a decision closed the
    letter to the adult, or the home that the copy would go to."""


def classes_waiting(school_id: int, vault: Vault) -> list[ClassWaits]:
    """What waits at a school, by letter and class, oldest first."""
    by_class: dict[tuple[int, str], list[Copy]] = {}
    for copy in copies_waiting(school_id):
        by_class.setdefault((copy.mailing, copy.group), []).append(copy)
    rows = Mailing.objects.filter(pk__in={mailing for mailing, _ in by_class})
    letters = {pk: (ref, state) for pk, ref, state in rows.values_list("pk", "letter__reference", "state")}
    found = [
        ClassWaits(
            letters[mailing][0],
            group,
            len(copies),
            min(copy.printed_at for copy in copies),
            tuple(vault.decrypt("pupil", copy.pupil, copy.pupil_id) for copy in copies if copy.pupil_id),
            letters[mailing][1] == "withdrawn",
            tuple(
                vault.decrypt("pupil", copy.pupil, copy.pupil_id)
                for copy in copies
                if copy.pupil_id and not copy.may_go_home
            ),
        )
        for (mailing, group), copies in by_class.items()
    ]
    return sorted(found, key=lambda one: (one.since, one.group))


def school_days_since(mailing_id: int, school_id: int, moment: datetime, now: datetime) -> int:
    """School days after the day of `moment` up to today: by the mailing's calendar, or otherwise weekdays except bank
    holidays."""
    first, today = moment.astimezone(LONDON).date(), now.astimezone(LONDON).date()
    days = (date.fromordinal(n) for n in range(first.toordinal() + 1, today.toordinal() + 1))
    return sum(map(has_school(calendar_of(mailing_id, school_id)), days))


def schools_with_copies_from_before(mailing_id: int, moment: datetime) -> list[int]:
    """Schools in a mailing with waiting copies that were given to a class before `moment`, or with an open task."""
    return [row[0] for row in planner_rows(_SCHOOLS, {"mailing": mailing_id, "moment": moment})]


_SCHOOLS = """
SELECT DISTINCT t.school_id FROM mailings_attempt t
JOIN mailings_ledgerentry l ON l.id = t.ledger_id
WHERE l.mailing_id = %(mailing)s AND t.channel = 'pupil post' AND l.status IN ('accepted', 'unknown')
  AND t.created_at < %(moment)s
UNION SELECT school_id FROM mailings_persontask
WHERE mailing_id = %(mailing)s AND kind = 'hand-out' AND closed_at IS NULL
ORDER BY 1
"""
