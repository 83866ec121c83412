"""Paper at one school for its own pages: by letter, by class and by child. What is counted is the same copies as the
command's list (hand_outs.py).

Reads run inside `tenant(school_id)`. Nothing here is decrypted. A class is named by the row number of a child in it,
because its name comes from the school's file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.calendar.next_days import day_due
from everyfamily.core.calendar.sending_days import SchoolCalendar
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.sending.fallback import AttemptStatus
from everyfamily.core.text.in_order import in_class_order
from everyfamily.mailings.models import Mailing, MailingSchool
from everyfamily.mailings.queries.hand_outs import WAITING, WAITS_AT_MOST, Copy, copies_of
from everyfamily.mailings.queries.hours import calendar_in, calendar_of_json, window_for
from everyfamily.mailings.queries.mailings import planner_rows
from everyfamily.people.school_days import has_school

HANDED_OVER = (AttemptStatus.DELIVERED.value,)


@dataclass(frozen=True, slots=True)
class LetterOnPaper:
    """A letter of which copies were printed for the school's children, in a mailing that is not closed."""

    mailing: int
    letter: int
    reference: str
    term: str
    is_withdrawn: bool
    is_paused: bool
    """The mailing, or the school's part in it."""
    calendar: SchoolCalendar | None
    copies: int
    waiting: int
    """Copies about which nobody has said what happened."""


@dataclass(frozen=True, slots=True)
class ClassOnPaper:
    """The copies of one class."""

    group: str
    child: int
    """The row number of a child in it."""
    waiting: int
    keep_back: int
    """Of those that wait: nobody at the child's home may have it now."""
    since: datetime | None
    """When the oldest that waits was printed."""
    handed_over: int
    not_handed_over: int
    """Or came back."""
    seen: str
    """What of it waits now, as a page shows it and gives it back."""

    @property
    def to_hand_out(self) -> int:
        """Of those that wait, the copies that may go home."""
        return self.waiting - self.keep_back


@dataclass(frozen=True, slots=True)
class PaperNow:
    """Copies that wait at a school to be handed out, as far as the planner knows: nothing about a child."""

    school: int
    urn: int
    name: str
    mailing: int
    """The newest of its letters."""
    due_on: date
    """When its lead is asked about the first."""


def paper_now(schools: Collection[int] | None) -> list[PaperNow]:
    """Which of these schools, or of all, have something to hand out, in letters that go on and that their lead was not
    asked about yet. Raises SchoolNotYours for a school that this request was not opened for."""
    values = {"schools": None if schools is None else list(schools), "waiting": list(WAITING)}
    found: dict[int, PaperNow] = {}
    for school, urn, name, mailing, of_mailing, of_part, since in planner_rows(_NOW, values, schools=schools):
        due = due_of(since, calendar_of_json(of_mailing, of_part))
        before = found.get(school)
        found[school] = PaperNow(school, urn, name, mailing, min(due, before.due_on) if before else due)
    return list(found.values())


_NOW = """
SELECT t.school_id, s.urn, s.name, m.id, m.sending, p.sending, min(t.created_at)
FROM mailings_attempt t
JOIN mailings_ledgerentry l ON l.id = t.ledger_id AND l.status = ANY(%(waiting)s)
JOIN mailings_mailing m ON m.id = l.mailing_id AND m.state = 'open'
JOIN mailings_mailingschool p ON p.mailing_id = m.id AND p.school_id = t.school_id AND p.paused_at IS NULL
JOIN people_known_school s ON s.id = t.school_id
WHERE t.channel = 'pupil post' AND (%(schools)s::bigint[] IS NULL OR t.school_id = ANY(%(schools)s))
  AND NOT EXISTS (SELECT 1 FROM mailings_persontask k WHERE k.mailing_id = m.id AND k.school_id = t.school_id
    AND k.kind = 'hand-out' AND k.closed_at IS NULL)
GROUP BY t.school_id, s.urn, s.name, m.id, p.id ORDER BY s.urn, m.id
"""


def due_of(since: datetime, calendar: SchoolCalendar | None) -> date:
    """By when what was printed at `since` should be handed out. After that the lead is asked."""
    return day_due(since.astimezone(LONDON).date(), WAITS_AT_MOST, has_school(calendar))


def letters_on_paper(school_id: int) -> list[LetterOnPaper]:
    """Letters with copies at the school, oldest first."""
    return _letters(school_id, copies_of(school_id))


def letter_on_paper(school_id: int, mailing_id: int) -> tuple[LetterOnPaper, list[Copy]] | None:
    """One letter and its copies at the school. None if there are none."""
    copies = copies_of(school_id, mailing=mailing_id)
    found = _letters(school_id, copies)
    return (found[0], copies) if found else None


def _letters(school_id: int, copies: Sequence[Copy]) -> list[LetterOnPaper]:
    by_mailing: dict[int, list[Copy]] = {}
    for copy in copies:
        by_mailing.setdefault(copy.mailing, []).append(copy)
    mailings = Mailing.objects.filter(pk__in=by_mailing).select_related("letter").defer("letter__record")
    parts = {
        part.mailing_id: part
        for part in MailingSchool.objects.filter(school_id=school_id, mailing_id__in=by_mailing)
    }
    return [
        LetterOnPaper(
            row.pk,
            row.letter_id,
            row.letter.reference,
            row.term,
            row.state == "withdrawn",
            row.state == "paused" or (row.pk in parts and parts[row.pk].paused_at is not None),
            calendar_in(window_for(row, parts.get(row.pk))),
            len(by_mailing[row.pk]),
            sum(copy.status in WAITING for copy in by_mailing[row.pk]),
        )
        for row in mailings.order_by("pk")
    ]


def classes_on_paper(copies: Iterable[Copy]) -> list[ClassOnPaper]:
    """The classes of one letter: first those that wait, each in the order of their names."""
    by_class: dict[str, list[Copy]] = {}
    for copy in copies:
        by_class.setdefault(copy.group, []).append(copy)
    found = [_class(group, of_class) for group, of_class in by_class.items()]
    return sorted(found, key=lambda one: (not one.waiting, in_class_order(one.group)))


def _class(group: str, copies: Sequence[Copy]) -> ClassOnPaper:
    waiting = [copy for copy in copies if copy.status in WAITING]
    return ClassOnPaper(
        group,
        min(copy.pupil for copy in copies),
        len(waiting),
        sum(not copy.may_go_home for copy in waiting),
        min((copy.printed_at for copy in waiting), default=None),
        sum(copy.status in HANDED_OVER for copy in copies),
        sum(copy.status not in (*HANDED_OVER, *WAITING) for copy in copies),
        seen_of(waiting),
    )


def of_the_class(copies: Iterable[Copy], child: int) -> list[Copy]:
    """The copies of the class with this child, by the children's row numbers. Nothing if no copy is for the child."""
    every = list(copies)
    group = next((copy.group for copy in every if copy.pupil == child), None)
    return sorted((copy for copy in every if copy.group == group), key=lambda copy: copy.pupil)


def seen_of(copies: Iterable[Copy]) -> str:
    """What a page has shown of these copies, as a few letters that say nothing: other copies, another word about one,
    or another decision about a home give other letters."""
    lines = sorted(f"{copy.reference} {copy.status} {copy.may_go_home}" for copy in copies)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:20]
