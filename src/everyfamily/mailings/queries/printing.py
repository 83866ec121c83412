"""The mailings that go on and whose letter prints a number or address, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.partnership.routes import same_place
from everyfamily.letters.queries import printed_routes
from everyfamily.mailings.models import Mailing
from everyfamily.mailings.queries.had_letter import HAD_BY_CHANNEL
from everyfamily.mailings.queries.mailings import planner_rows


@dataclass(frozen=True, slots=True)
class Printing:
    """One mailing. Counts are of adults, over all mailings of its letter."""

    mailing_id: int
    reference: str
    state: str
    """ "open" or "paused"."""
    paused_reason: str
    next_wave_at: datetime | None
    """If a wave has not begun."""
    had: int
    """Their message was accepted or delivered, or nobody knows whether it went."""
    waits: int
    """It is planned for them, and nothing was sent yet."""


def mailings_printing(place: str) -> list[Printing]:
    """Mailings that are open or paused, and whose letter prints the number or address, oldest first. For a page or
    command of the partnership."""
    letters = {one.letter_id for one in printed_routes() if same_place(one.route.place, place)}
    return [Printing(*row) for row in planner_rows(_PRINTING, {"letters": [*letters]})] if letters else []


def mailings_that_print(place: str) -> list[int]:
    """Their ids only."""
    letters = {one.letter_id for one in printed_routes() if same_place(one.route.place, place)}
    going = Mailing.objects.filter(letter_id__in=letters, state__in=("open", "paused"))
    return [*going.order_by("pk").values_list("pk", flat=True)]


_PRINTING = f"""
WITH tried AS (
  SELECT d.id, bool_or((a.channel, a.status) IN ({HAD_BY_CHANNEL})) AS had
  FROM (SELECT t.school_id, t.delivery_id, t.channel, coalesce(nullif(l.status, 'created'), t.status) AS status
    FROM mailings_attempt t LEFT JOIN mailings_ledgerentry l ON l.id = t.ledger_id) a
  JOIN mailings_delivery d ON d.school_id = a.school_id AND d.id = a.delivery_id
  JOIN mailings_mailing g ON g.id = d.mailing_id AND g.letter_id = ANY(%(letters)s)
  GROUP BY d.id),
counted AS (
  SELECT g.letter_id, count(*) FILTER (WHERE t.had) AS had,
    count(*) FILTER (WHERE t.had IS NOT TRUE AND d.state IN ('planned', 'on its way')) AS waits
  FROM mailings_delivery d
  JOIN mailings_mailing g ON g.id = d.mailing_id AND g.letter_id = ANY(%(letters)s)
  LEFT JOIN tried t ON t.id = d.id
  GROUP BY g.letter_id)
SELECT m.id, k.reference, m.state, m.paused_reason,
  (SELECT min(p.wave_at) FROM mailings_mailingschool p WHERE p.mailing_id = m.id AND p.state = 'planned'),
  coalesce(c.had, 0), coalesce(c.waits, 0)
FROM mailings_mailing m JOIN letters_known_letter k ON k.id = m.letter_id
LEFT JOIN counted c ON c.letter_id = m.letter_id
WHERE m.letter_id = ANY(%(letters)s) AND m.state IN ('open', 'paused') ORDER BY m.id
"""  # noqa: S608 - a constant of had_letter
