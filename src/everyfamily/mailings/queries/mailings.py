"""Reads of mailings. Reads across schools run as the planner: ids, hashes, states and flags, never a value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.models import LedgerEntry, Mailing, MailingSchool
from everyfamily.mailings.queries.hours import open_now
from everyfamily.people.database.access import require_across, require_school


class MailingNotKnown(EveryfamilyError):
    """There is no mailing of this letter."""

    code = "EF520"


@dataclass(frozen=True, slots=True)
class MailingFacts:
    """What other apps may know about a mailing."""

    id: int
    letter_id: int
    term: str
    state: str
    opens_at: datetime
    closes_at: datetime
    paused_reason: str = ""
    """Why nothing is sent, for the person who resumes it."""


def mailing_of_letter(reference: str) -> MailingFacts:
    """The mailing of a letter that is not closed, such as one for late joiners, and otherwise its first; raises
    MailingNotKnown."""
    mailings = Mailing.objects.filter(letter__reference=reference).order_by("id")
    mailing = mailings.exclude(state="closed").first() or mailings.first()
    if mailing is None:
        raise MailingNotKnown(f"There is no mailing of letter {reference}.", "Start it first.")
    return _facts(mailing)


def first_mailing_of_letter(reference: str) -> MailingFacts:
    """The mailing in which a letter went to every family; raises MailingNotKnown."""
    mailing = Mailing.objects.filter(letter__reference=reference).exclude(follows_as="joiners").first()
    return _facts(mailing) if mailing is not None else mailing_of_letter(reference)


def mailing_by_id(mailing_id: int) -> MailingFacts:
    """One mailing, in any state."""
    return _facts(Mailing.objects.get(pk=mailing_id))


def from_year_of(mailing_id: int) -> int:
    """The first year group of the children whom a mailing is about. A correction is about those of the wrong letter,
    although it goes to whoever had it."""
    from_year, follows, kind = Mailing.objects.values_list("from_year", "follows_id", "follows_as").get(
        pk=mailing_id
    )
    return from_year_of(follows) if follows is not None and kind == "correction" else int(from_year)


def references_of_mailings(mailing_ids: Iterable[int]) -> dict[int, str]:
    """The references of the letters of mailings, by the mailings' ids."""
    return dict(Mailing.objects.filter(pk__in=set(mailing_ids)).values_list("id", "letter__reference"))


def latest_mailing(now: datetime) -> MailingFacts:
    """The mailing to every family that began last, or before any has begun, the next one. Raises MailingNotKnown."""
    to_all = Mailing.objects.exclude(follows_as="joiners")
    begun = to_all.filter(opens_at__lte=now).order_by("-opens_at", "-id").first()
    mailing = begun or to_all.order_by("opens_at", "id").first()
    if mailing is None:
        raise MailingNotKnown("There is no mailing yet.", "Start one first.")
    return _facts(mailing)


def schools_in_mailings() -> set[int]:
    """Ids of the schools that are part of any mailing, whatever its state."""
    return set(MailingSchool.objects.values_list("school_id", flat=True).distinct())


def open_mailings() -> list[int]:
    """Mailings that send, oldest first."""
    return list(Mailing.objects.filter(state="open").order_by("id").values_list("id", flat=True))


def _facts(mailing: Mailing) -> MailingFacts:
    return MailingFacts(
        mailing.pk,
        mailing.letter_id,
        mailing.term,
        mailing.state,
        mailing.opens_at,
        mailing.closes_at,
        mailing.paused_reason,
    )


def schools_with_work(mailing_id: int, now: datetime) -> list[int]:
    """Schools with a delivery that is due by `now`, with an attempt that was never called or is behind its ledger, or
    with a roll or a decision about people that came after it was planned. A file that was held changed nothing. What
    was never called waits for the hours at which letters are sent."""
    return [row[0] for row in planner_rows(_WORK, {"mailing": mailing_id, "now": now, **_hours(mailing_id, now)})]


def _hours(mailing_id: int, now: datetime) -> dict[str, Any]:
    here = open_now(mailing_id, now)
    return {"open": here.area, "exceptions": here.exceptions}


_MAY_SEND = "(%(open)s <> (m.school_id = ANY(%(exceptions)s::bigint[])))"


_WORK = f"""
SELECT m.school_id FROM mailings_mailingschool m JOIN people_known_school s ON s.id = m.school_id
  JOIN mailings_mailing g ON g.id = m.mailing_id AND g.state = 'open'
WHERE m.mailing_id = %(mailing)s AND m.state = 'sending' AND m.paused_at IS NULL AND (
  s.decisions <> m.planned_decisions OR
  EXISTS (SELECT 1 FROM mailings_delivery d
    WHERE d.mailing_id = m.mailing_id AND d.school_id = m.school_id AND d.next_look_at <= %(now)s)
  OR EXISTS (SELECT 1 FROM mailings_attempt t
    JOIN mailings_ledgerentry l ON l.id = t.ledger_id JOIN mailings_delivery d ON d.id = t.delivery_id
    WHERE l.mailing_id = m.mailing_id AND t.school_id = m.school_id AND d.state <> 'stopped'
      AND ((t.status = 'created' AND l.status IN ('created', 'refused') AND {_MAY_SEND})
        OR (t.status <> l.status AND l.status NOT IN ('created', 'sending') AND NOT (
          t.status = 'created' AND l.status = 'refused'))))
  OR EXISTS (SELECT 1 FROM people_committed_roll i
    WHERE i.school_id = m.school_id AND i.imported_at > m.planned_at AND i.imported_at <= %(now)s))
ORDER BY 1
"""  # noqa: S608 - a constant of this module


def decided_since() -> list[tuple[int, int]]:
    """Mailing and school of restriction tasks in a withdrawn or closed mailing, if something was decided about the
    school's people after it was last planned."""
    return [(row[0], row[1]) for row in planner_rows(_DECIDED_SINCE)]


_DECIDED_SINCE = """
SELECT DISTINCT p.mailing_id, p.school_id FROM mailings_mailingschool p
JOIN mailings_mailing m ON m.id = p.mailing_id AND m.state IN ('withdrawn', 'closed')
JOIN people_known_school s ON s.id = p.school_id AND s.decisions <> p.planned_decisions
JOIN mailings_persontask t ON t.mailing_id = p.mailing_id AND t.school_id = p.school_id
  AND t.kind = 'restriction' AND t.closed_at IS NULL
ORDER BY 1, 2
"""


def attested_since_the_close() -> list[int]:
    """Schools that a closed mailing left with a task to attest, and with a lead who has attested since."""
    return [row[0] for row in planner_rows(_ATTESTED_SINCE)]


_ATTESTED_SINCE = """
SELECT DISTINCT t.school_id FROM mailings_persontask t
JOIN mailings_mailing m ON m.id = t.mailing_id AND m.state = 'closed'
JOIN people_attested a ON a.school_id = t.school_id AND a.attested_at > t.opened_at
WHERE t.kind = 'attestation' AND t.closed_at IS NULL ORDER BY 1
"""


def next_look_at(mailing_id: int) -> datetime | None:
    """The next time that any delivery must be looked at, or None if none waits for a time."""
    rows = planner_rows("SELECT min(next_look_at) FROM mailings_delivery WHERE mailing_id = %s", [mailing_id])
    first: datetime | None = rows[0][0]
    return first


def schools_of_messages(ledger_ids: Sequence[int]) -> dict[int, list[int]]:
    """Schools with an attempt for these messages, each with the ledger ids that concern it."""
    found: dict[int, list[int]] = {}
    rows = planner_rows(
        "SELECT school_id, ledger_id FROM mailings_attempt WHERE ledger_id = ANY(%s) GROUP BY 1, 2",
        [list(ledger_ids)],
    )
    for school, ledger in rows:
        found.setdefault(school, []).append(ledger)
    return found


def count_accepted_at(mailing_id: int, moment: datetime) -> int:
    """Messages that a carrier accepted at exactly this time. Times repeat only with a simulated clock."""
    return LedgerEntry.objects.filter(mailing_id=mailing_id, status="accepted", changed_at=moment).count()


def waves_due(mailing_id: int, now: datetime) -> list[int]:
    """Schools whose wave has come and that have not begun. A held school counts once its lead has attested."""
    return [
        row[0] for row in planner_rows(_WAVES_DUE, {"mailing": mailing_id, "now": now, **_hours(mailing_id, now)})
    ]


_WAVES_DUE = f"""
SELECT m.school_id FROM mailings_mailingschool m
WHERE m.mailing_id = %(mailing)s AND m.wave_at <= %(now)s AND m.paused_at IS NULL AND {_MAY_SEND}
  AND (m.state = 'planned' OR (m.state = 'held' AND EXISTS (
  SELECT 1 FROM people_attested a WHERE a.school_id = m.school_id
    AND a.attested_at > %(now)s - interval '24 hours' AND a.attested_at <= %(now)s
    AND a.attested_at > coalesce(
      (SELECT g.restored_at FROM mailings_mailing g WHERE g.id = m.mailing_id), '-infinity'))))
ORDER BY m.wave, m.school_id
"""  # noqa: S608 - a constant of this module


def schools_paused(mailing_id: int) -> list[int]:
    """URNs of the schools whose part a person has stopped."""
    paused = MailingSchool.objects.filter(mailing_id=mailing_id, paused_at__isnull=False)
    return list(paused.order_by("school__urn").values_list("school__urn", flat=True))


def wave_times(mailing_id: int) -> list[datetime]:
    """When the waves of a mailing begin, in order."""
    return list(
        MailingSchool.objects.filter(mailing_id=mailing_id)
        .order_by("wave_at")
        .values_list("wave_at", flat=True)
        .distinct()
    )


def planner_rows(
    sql: str, values: Sequence[Any] | Mapping[str, Any] = (), *, schools: Collection[int] | None = None
) -> list[tuple[Any, ...]]:
    """Rows of one read across schools, by the planner role. Raises SchoolNotYours for a page about one school.

    `schools` says that the read is of these schools only, for somebody who has several; it must keep to them.
    """
    if schools is None:
        require_across()
    for school_id in schools or ():
        require_school(school_id)
    with connections["planner"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
