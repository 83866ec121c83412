"""Reads of returns: a link by its code, what a school has filed, and the state of every school.

Reads across schools run as the planner: states and codes, never the numbers of a return.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db import connection, connections

from everyfamily.core.accounting.coverage import Return
from everyfamily.core.errors import EveryfamilyError
from everyfamily.mailings.models import Mailing, SchoolReturn
from everyfamily.people.database.access import require_across

ReturnState = Literal["filed", "corrected", "to look at", "missing", "not expected"]
GOING_ON = ("open", "paused")
"""States of a mailing in which schools are written to."""


class ReturnsNotOpened(EveryfamilyError):
    """The mailing has no day by which returns are due."""

    code = "EF533"


@dataclass(frozen=True, slots=True)
class ReturnsOf:
    """A mailing, as far as its returns are concerned."""

    mailing_id: int
    letter_id: int
    term: str
    state: str
    opens_at: datetime
    due_on: date
    close_on: date
    follows_as: str = ""
    """"correction" or "replacement" where its letter follows one that was withdrawn."""
    follows: str = ""
    """That letter's reference."""


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """A link as it is in the table. The database says whose it is, never the address."""

    id: int
    school_id: int
    mailing_id: int
    expires_at: datetime
    revoked_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether it has expired or was revoked."""
        return self.revoked_at is not None or now >= self.expires_at


@dataclass(frozen=True, slots=True)
class FiledReturn:
    """One filing of a school. The newest counts."""

    id: int
    mailing_id: int
    counts: Return
    reasons: tuple[str, ...]
    doubts: tuple[str, ...]
    filed_at: datetime
    filed_by: str
    link: int | None = None
    """The number of the link that it came by."""
    by_school: bool = False
    """Somebody filed it who was signed in with a role of the school."""

    @property
    def is_schools_own(self) -> bool:
        """By the school itself, or otherwise by the partnership."""
        return self.link is not None or self.by_school


@dataclass(frozen=True, slots=True)
class SchoolStanding:
    """The state of one school's return: how far it is, and none of its numbers."""

    school_id: int
    urn: int
    name: str
    mailbox: str
    code: uuid.UUID | None
    """Of the open link, or None if there is none."""
    expires_at: datetime | None
    filings: int
    doubts: tuple[str, ...]
    reminders: Mapping[str, str]
    """Kind -> status."""
    last_reminder: tuple[str, str, datetime] | None
    """Kind, status and time of the status of the letter that was recorded last."""
    is_closed: bool = False
    """According to the list of schools. Nobody is there who could answer a reminder."""
    closed_on: date | None = None
    """If the list gives the day."""
    follows_as: str = ""
    """What the mailing is to a school whose letter was withdrawn: "correction", "replacement" or nothing."""
    filed_before: bool = False
    """Whether it filed a return for the withdrawn letter, which means that it had sent it."""

    @property
    def is_for_others(self) -> bool:
        """Whether the letter is, as far as we know, not for this school's families: a correction if the wrong letter
        was not sent, or a replacement if it was."""
        return bool(self.follows_as) and self.filed_before is not (self.follows_as == "correction")

    @property
    def not_expected_because(self) -> str:
        """Why no return is waited for, as the end of a sentence. Empty if one is expected, or has come."""
        if self.filings or not (self.is_closed or self.is_for_others):
            return ""
        if not self.is_closed:
            sent = "filed a" if self.filed_before else "has filed no"
            return f"the school {sent} return for the withdrawn letter"
        return f"the school closed on {self.closed_on}" if self.closed_on else "the school has closed"

    @property
    def state(self) -> ReturnState:
        """One word for the list."""
        if not self.filings:
            return "not expected" if self.not_expected_because else "missing"
        if self.doubts:
            return "to look at"
        return "corrected" if self.filings > 1 else "filed"

    def has_link(self, now: datetime) -> bool:
        """Whether it can file by itself now."""
        return self.expires_at is not None and now < self.expires_at


def returns_of(mailing_id: int) -> ReturnsOf:
    """The mailing's days of returns; raises ReturnsNotOpened."""
    mailing = Mailing.objects.select_related("follows__letter").get(pk=mailing_id)
    if mailing.returns_due_on is None or mailing.returns_close_on is None:
        raise ReturnsNotOpened(
            f"The returns of mailing {mailing_id} have no day yet.", "Open its returns with their days."
        )
    return ReturnsOf(
        mailing.pk,
        mailing.letter_id,
        mailing.term,
        mailing.state,
        mailing.opens_at,
        mailing.returns_due_on,
        mailing.returns_close_on,
        mailing.follows_as,
        mailing.follows.letter.reference if mailing.follows is not None else "",
    )


def mailings_with_returns(today: date) -> list[int]:
    """Mailings that send and have open returns on `today`, oldest first."""
    found = Mailing.objects.filter(state__in=GOING_ON, returns_close_on__gte=today)
    return list(found.order_by("id").values_list("id", flat=True))


def link_by_code(code: uuid.UUID) -> LinkFacts | None:
    """The link, or None if no link has this code. Read as the planner, because only the link says which school it
    belongs to."""
    with connections["planner"].cursor() as cursor:
        cursor.execute(_LINK, [code])
        row = cursor.fetchone()
    return LinkFacts(*row) if row is not None else None


_LINK = "SELECT id, school_id, mailing_id, expires_at, revoked_at FROM mailings_returnlink WHERE code = %s"


def filed_returns(school_id: int, mailing_id: int | None = None) -> list[FiledReturn]:
    """What the school filed, newest first, inside `tenant(school_id)`. Without `mailing_id`, for every mailing."""
    rows = SchoolReturn.objects.filter(school_id=school_id).order_by("-filed_at", "-id")
    if mailing_id is not None:
        rows = rows.filter(mailing_id=mailing_id)
    return [
        FiledReturn(
            row.pk,
            row.mailing_id,
            Return(row.on_roll, row.by_email, row.by_text, row.on_paper, row.not_reached, row.emails_confirmed),
            tuple(row.reasons),
            tuple(row.doubts),
            row.filed_at,
            row.filed_by,
            row.link,
            row.by_school,
        )
        for row in rows
    ]


def return_standings(mailing_id: int, *, after: int = 0, limit: int | None = None) -> list[SchoolStanding]:
    """Every school that sends the letter itself in this mailing, by URN: at most `limit`, after the URN `after`.

    Raises SchoolNotYours for a page about one school.
    """
    require_across()
    with connections["planner"].cursor() as cursor:
        cursor.execute(_STANDINGS, {"mailing": mailing_id, "after": after, "limit": limit})
        return [_standing(row) for row in cursor.fetchall()]


def school_is_closed(school_id: int) -> bool:
    """Whether the school is closed in the newest list of schools."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM people_known_school WHERE id = %s AND is_closed)", [school_id]
        )
        return bool(cursor.fetchone()[0])


def _standing(row: tuple[Any, ...]) -> SchoolStanding:
    *facts, filings, doubts, kinds, statuses, changed, is_closed, closed_on, follows_as, filed_before = row
    last = (kinds[-1], statuses[-1], changed[-1]) if kinds else None
    reminders = dict(zip(kinds or (), statuses or (), strict=True))
    school, urn, name, mailbox, code, expires_at = facts
    return SchoolStanding(
        school,
        urn,
        name,
        mailbox,
        code,
        expires_at,
        filings or 0,
        tuple(json.loads(doubts or "[]")),
        reminders,
        last,
        is_closed,
        closed_on,
        follows_as,
        filed_before,
    )


# One pass over each table: a school has a handful of rows in each, and a country has 24,000 schools.
_STANDINGS = """
WITH filed AS (
  SELECT school_id, count(*) AS filings, (array_agg(doubts ORDER BY filed_at DESC, id DESC))[1] AS doubts
  FROM mailings_schoolreturn WHERE mailing_id = %(mailing)s GROUP BY school_id
), reminded AS (
  SELECT school_id, array_agg(kind ORDER BY written_at, id) AS kinds, array_agg(status ORDER BY written_at, id)
    AS statuses, array_agg(changed_at ORDER BY written_at, id) AS changed
  FROM mailings_returnreminder WHERE mailing_id = %(mailing)s GROUP BY school_id
)
SELECT s.id, s.urn, s.name, s.mailbox, l.code, l.expires_at, f.filings, f.doubts, r.kinds, r.statuses, r.changed,
  s.is_closed, s.closed_on, g.follows_as, EXISTS (SELECT 1 FROM mailings_schoolreturn b
    WHERE b.mailing_id = g.follows_id AND b.school_id = m.school_id)
FROM mailings_mailingschool m
JOIN mailings_mailing g ON g.id = m.mailing_id
JOIN people_known_school s ON s.id = m.school_id
LEFT JOIN mailings_returnlink l
  ON l.mailing_id = m.mailing_id AND l.school_id = m.school_id AND l.revoked_at IS NULL
LEFT JOIN filed f ON f.school_id = m.school_id
LEFT JOIN reminded r ON r.school_id = m.school_id
WHERE m.mailing_id = %(mailing)s AND m.state = 'sends itself' AND s.urn > %(after)s
ORDER BY s.urn LIMIT %(limit)s
"""
