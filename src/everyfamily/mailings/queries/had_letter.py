"""Who has a letter, who may have it, and who does not have it yet: before it is stopped, and after.

Counts of adults over all mailings of the letter, and schools that hold copies or send it themselves. Nothing about a
family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from everyfamily.core.sending.fallback import AttemptStatus, Channel, had_it
from everyfamily.mailings.models import Mailing, MailingSchool
from everyfamily.mailings.queries.mailings import planner_rows

HAD_BY_CHANNEL = ", ".join(
    f"('{channel}', '{status}')"
    for channel in Channel
    for status in sorted(AttemptStatus)
    if had_it(channel, status)
)
"""For SQL: channels with the statuses of a message that was sent, or may have been, as `(channel, status) IN (...)`."""


@dataclass(frozen=True, slots=True)
class SchoolToTell:
    """A school that sends the letter itself, so nothing of ours stops it."""

    urn: int
    has_filed: bool
    """It has filed a return, so it has sent the letter."""
    has_stopped: bool = False
    """It said that it had not sent the letter, and has stopped."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class SchoolWithCopies:
    """A school that we print for, and how many copies of the letter are there or on their way home."""

    urn: int
    copies: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class HadLetter:
    """How far a letter has come. Counts are of adults."""

    mailing_id: int
    """The mailing that is not closed, or the first."""
    state: str
    """Of that mailing: "open", "paused", "withdrawn" or "closed"."""
    why: str = ""
    """Why it is paused or withdrawn."""
    had: Mapping[str, int] = field(default_factory=dict)
    """Channel -> adults with a message that a carrier accepted and that did not come back."""
    perhaps: int = 0
    """Adults for whom nobody knows whether their message was sent."""
    stopped: int = 0
    """Adults who were meant to have it and to whom nothing was sent."""
    waits: int = 0
    """Adults for whom it is planned, and to whom nothing was sent yet."""
    schools_not_begun: int = 0
    """Schools with a wave that has not begun. They have no adults in the counts above."""
    to_tell: tuple[SchoolToTell, ...] = ()
    to_bin: tuple[SchoolWithCopies, ...] = ()
    """Schools with copies for classes that nobody has said were handed over."""

    @property
    def all_had(self) -> int:
        """Adults who have it by any way. Somebody who had it by two ways is counted twice."""
        return sum(self.had.values())


def who_had(reference: str) -> HadLetter | None:
    """How far the letter has come until now. None if it was never mailed. For a page or command of the partnership."""
    of_letter = Mailing.objects.filter(letter__reference=reference).order_by("id")
    # For late joiners a letter is mailed again, each time after the mailing before it was closed.
    mailing = of_letter.exclude(state="closed").first() or of_letter.first()
    if mailing is None:
        return None
    values = {"mailing": mailing.pk, "mailings": [*of_letter.values_list("id", flat=True)]}
    (perhaps, stopped, waits), *_ = planner_rows(_COUNTS, values)
    not_begun = MailingSchool.objects.filter(
        mailing=mailing, state__in=("planned", "held"), planned_at=None
    ).count()
    return HadLetter(
        mailing.pk,
        mailing.state,
        mailing.paused_reason,
        had=dict(planner_rows(_HAD, values)),
        perhaps=perhaps,
        stopped=stopped,
        waits=waits,
        schools_not_begun=not_begun,
        to_tell=tuple(SchoolToTell(*row) for row in planner_rows(_TO_TELL, values)),
        to_bin=tuple(SchoolWithCopies(*row) for row in planner_rows(_TO_BIN, values)),
    )


_ATTEMPTS = """
SELECT d.id, t.channel, coalesce(nullif(l.status, 'created'), t.status) AS status FROM mailings_delivery d
JOIN mailings_attempt t ON t.school_id = d.school_id AND t.delivery_id = d.id
LEFT JOIN mailings_ledgerentry l ON l.id = t.ledger_id
WHERE d.mailing_id = ANY(%(mailings)s)
"""
_HAD = f"""
SELECT channel, count(DISTINCT id) FROM ({_ATTEMPTS}) a
WHERE status IN ('accepted', 'delivered') AND (channel, status) IN ({HAD_BY_CHANNEL})
GROUP BY channel ORDER BY channel
"""  # noqa: S608 - constants of this module
_COUNTS = f"""
WITH tried AS (SELECT id, bool_or(status IN ('accepted', 'delivered')) AS had,
    bool_or(status IN ('unknown', 'sending') AND channel <> 'pupil post') AS perhaps FROM ({_ATTEMPTS}) a GROUP BY id),
  untouched AS (SELECT d.state FROM mailings_delivery d WHERE d.mailing_id = ANY(%(mailings)s)
    AND NOT EXISTS (SELECT 1 FROM tried WHERE tried.id = d.id AND (had OR perhaps)))
SELECT (SELECT count(*) FROM tried WHERE perhaps AND NOT had),
  (SELECT count(*) FROM untouched WHERE state = 'stopped'),
  (SELECT count(*) FROM untouched WHERE state IN ('planned', 'on its way'))
"""  # noqa: S608 - a constant of this module
_TO_BIN = """
SELECT s.urn, count(DISTINCT t.ledger_id), s.name FROM mailings_attempt t
JOIN mailings_ledgerentry l ON l.id = t.ledger_id AND l.status IN ('accepted', 'unknown')
JOIN people_known_school s ON s.id = t.school_id
WHERE l.mailing_id = %(mailing)s AND t.channel = 'pupil post' GROUP BY s.urn, s.name ORDER BY s.urn
"""
_TO_TELL = """
SELECT s.urn, EXISTS (SELECT 1 FROM mailings_schoolreturn r WHERE r.mailing_id = m.mailing_id AND r.school_id = s.id),
  EXISTS (SELECT 1 FROM mailings_schoolnotice n
    WHERE n.mailing_id = m.mailing_id AND n.school_id = s.id AND n.kind = 'stop' AND n.not_sent_at IS NOT NULL), s.name
FROM mailings_mailingschool m JOIN people_known_school s ON s.id = m.school_id
WHERE m.mailing_id = ANY(%(mailings)s) AND m.state = 'sends itself' AND NOT s.is_closed ORDER BY s.urn
"""
