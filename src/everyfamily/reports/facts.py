"""What is known of each child, as SQL: one row for each child, for a whole area or for a page of one school's children.

coverage.py alone makes an outcome of it. The area's figures and a school's list of its families are made of the
same rows, so that the one adds up to the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.core.calendar.year_groups import EVERY_YEAR
from everyfamily.core.sending.fallback import DeliveryState

FLAGS = (
    "reached",
    "accepted",
    "told_by_text",
    "on_its_way",
    "withdrawn",
    "paused",
    "unknown",
    "undecided",
    "returned",
    "shared_way",
    "no_contact",
    "objected",
)
"""Columns of `child` that are fields of ChildFacts."""

OFFERED = """
(%(from_year)s = 0 OR ({child}.school_id, {child}.id) IN (
  SELECT y.school_id, y.id FROM people_child_year y WHERE y.up_to_year >= %(from_year)s))
"""
"""For a child: it is, or may be, in a year group that the letter is offered to. The children are read once, and only if
the letter is not for all of them."""
EVERY_PUPIL = "SELECT p.school_id, p.id FROM people_child_on_roll p"
"""The children of the whole area, for `facts_of`."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose letters count for a mailing's account.

    A replacement goes to everybody who did not have the wrong letter. Those who had it get the correction, which counts
    for the replacement. A correction by itself is counted among the children of those who had the wrong letter. A
    mailing for late joiners is counted among the new children, and never in the account of the letter's first mailing.
    """

    mailing: int
    mailings: tuple[int, ...]
    """The mailing, and for a replacement also its correction."""
    corrects: tuple[int, ...] | None = None
    """For a correction: the mailing with the wrong letter, and those that it corrected itself."""
    from_year: int = EVERY_YEAR
    """The first year group that it is offered to. Younger children are not in the account."""
    joiners: bool = False
    """Only children who are new for the letter, and what any mailing of it did for them."""

    @property
    def is_of_all(self) -> bool:
        """It has every child on the roll."""
        return self.corrects is None and not self.joiners

    def values(self, now: datetime) -> dict[str, Any]:
        """The parameters that this module's SQL needs."""
        return {
            "mailing": self.mailing,
            "mailings": list(self.mailings),
            "from_year": self.from_year,
            "corrects": None if self.corrects is None else list(self.corrects),
            "joiners": self.joiners,
            "now": now,
        }


def account_among(mailing: int, followed: Mapping[int, tuple[int, str]], from_year: int = EVERY_YEAR) -> Account:
    """The account of a mailing that is offered from `from_year`. `followed` maps each mailing that follows another to
    the one that it follows, and as what."""
    wrong, follows_as = followed.get(mailing, (0, ""))
    if follows_as == "correction":
        corrects = [wrong]
        while followed.get(corrects[-1], (0, ""))[1] == "correction":
            corrects.append(followed[corrects[-1]][0])
        return Account(mailing, (mailing,), tuple(corrects), from_year)
    if follows_as == "joiners":
        first = account_among(wrong, followed, from_year)
        earlier = [one for one, of in followed.items() if of == (wrong, "joiners") and one < mailing]
        return Account(mailing, (mailing, *first.mailings, *earlier), None, from_year, joiners=True)
    mailings = [mailing]
    corrections = {of: which for which, (of, kind) in followed.items() if kind == "correction"}
    while follows_as == "replacement" and wrong in corrections:
        # A correction that was wrong itself counts for nobody, because the one after it goes to all of them.
        wrong = corrections[wrong]
        mailings[1:] = [wrong]
    return Account(mailing, tuple(mailings), None, from_year)


def facts_of(pupils: str) -> str:
    """A WITH clause that ends in `child`: one row for each row (school_id, id) of the query `pupils`, without children
    who are too young for the letter.

    In a mailing that is paused or withdrawn, a delivery says what its attempts say, because nobody looks at it any
    more. What a carrier accepted is still on its way, and what no carrier has is paused or withdrawn.
    """
    return f"""
WITH part AS (
  SELECT p.mailing_id, p.school_id, p.state, p.stop FROM mailings_part p WHERE p.mailing_id = ANY(%(mailings)s)
), place AS (
  -- What an adult waits for who is entitled and has no delivery yet.
  SELECT school_id, CASE
    WHEN bool_or(state = 'planned' AND stop = '') THEN 'planned'
    WHEN bool_or(state <> 'sends itself' AND stop = 'withdrawn' AND %(corrects)s::bigint[] IS NULL) THEN 'withdrawn'
    WHEN bool_or(state IN ('planned', 'sending') AND stop = 'paused'
      AND %(corrects)s::bigint[] IS NULL) THEN 'paused'
    END AS newcomer FROM part GROUP BY school_id HAVING bool_or(mailing_id = %(mailing)s)
), stopped AS (
  SELECT d.school_id, d.id, CASE
    WHEN d.state = '{DeliveryState.STOPPED}' THEN p.stop
    WHEN d.proven = '{DeliveryState.REACHED}' THEN d.proven
    WHEN d.is_sending OR d.quiet_at > %(now)s THEN '{DeliveryState.ON_ITS_WAY}'
    WHEN d.proven IN ('{DeliveryState.ACCEPTED}', '{DeliveryState.TOLD_BY_TEXT}') THEN d.proven
    WHEN d.proven = '{DeliveryState.UNKNOWN}' AND p.stop = 'withdrawn' THEN d.proven
    ELSE p.stop END AS state
  FROM mailings_delivery_proof d
  JOIN part p ON p.mailing_id = d.mailing_id AND p.school_id = d.school_id AND p.stop <> ''
  -- Nothing is gone through where nothing is stopped.
  WHERE (SELECT bool_or(stop <> '') FROM part) AND d.mailing_id = ANY(%(mailings)s)
    AND d.state IN ('{DeliveryState.PLANNED}', '{DeliveryState.ON_ITS_WAY}', '{DeliveryState.STOPPED}')
    AND (d.state <> '{DeliveryState.STOPPED}' OR p.stop = 'withdrawn')
), had AS (
  SELECT DISTINCT t.school_id, t.parent_id FROM mailings_try t
  WHERE t.had_it AND t.mailing_id = ANY(%(corrects)s::bigint[])
), new AS (
  SELECT p.school_id, p.id FROM mailings_joiners j
  JOIN people_child_since p ON p.school_id = j.school_id AND p.on_roll_from >= j.since
  AND (j.until IS NULL OR p.on_roll_from < j.until)
  WHERE %(joiners)s AND j.mailing_id = %(mailing)s
), pupil AS (
  SELECT q.school_id, q.id FROM ({pupils}) q WHERE {OFFERED.format(child="q")}
), adult AS (
  SELECT p.school_id, p.id AS pupil_id,
    -- Who died counts only for what arrived.
    c.is_open AND (o.has_died IS NOT TRUE OR d.state IN ('{DeliveryState.REACHED}', '{DeliveryState.ACCEPTED}',
      '{DeliveryState.TOLD_BY_TEXT}')) AS entitled,
    -- An objection never unmakes what arrived.
    coalesce(b.state, d.state,
      CASE WHEN o.parent_id IS NULL AND t.id IS NULL THEN place.newcomer END) AS state,
    NOT o.has_died AND c.restriction <> 'do not send' AS objects,
    t.id IS NOT NULL AS waits_for_a_person,
    CASE WHEN %(joiners)s THEN new.id IS NOT NULL
      ELSE %(corrects)s::bigint[] IS NULL OR d.id IS NOT NULL OR had.parent_id IS NOT NULL END AS counts
  FROM pupil p
  JOIN place ON place.school_id = p.school_id
  LEFT JOIN people_link c ON c.school_id = p.school_id AND c.pupil_id = p.id
  LEFT JOIN people_objection o ON o.school_id = c.school_id AND o.parent_id = c.parent_id
  LEFT JOIN mailings_known_delivery d ON d.mailing_id = ANY(%(mailings)s) AND d.school_id = c.school_id
    AND d.parent_id = c.parent_id
  LEFT JOIN stopped b ON b.school_id = d.school_id AND b.id = d.id
  LEFT JOIN mailings_open_task t ON t.mailing_id = ANY(%(mailings)s) AND t.school_id = c.school_id
    AND t.parent_id = c.parent_id AND t.kind IN ('restriction', 'to tell', 'new word')
  LEFT JOIN new ON new.school_id = p.school_id AND new.id = p.id
  LEFT JOIN had ON had.school_id = c.school_id AND had.parent_id = c.parent_id
), child AS (
  SELECT school_id, pupil_id,
    coalesce(bool_or(entitled AND state = '{DeliveryState.REACHED}'), false) AS reached,
    coalesce(bool_or(entitled AND state = '{DeliveryState.ACCEPTED}'), false) AS accepted,
    coalesce(bool_or(entitled AND state = '{DeliveryState.TOLD_BY_TEXT}'), false) AS told_by_text,
    coalesce(bool_or(entitled AND state IN ('{DeliveryState.PLANNED}', '{DeliveryState.ON_ITS_WAY}')), false)
      AS on_its_way,
    coalesce(bool_or(entitled AND state = 'withdrawn'), false) AS withdrawn,
    coalesce(bool_or(entitled AND state = 'paused'), false) AS paused,
    coalesce(bool_or(entitled AND state = '{DeliveryState.UNKNOWN}'), false) AS unknown,
    coalesce(bool_or(waits_for_a_person), false) AS undecided,
    coalesce(bool_or(entitled AND state = '{DeliveryState.RETURNED}'), false) AS returned,
    coalesce(bool_or(entitled AND state = '{DeliveryState.SHARED}'), false) AS shared_way,
    coalesce(bool_or(entitled AND state IN ('{DeliveryState.FAILED}', '{DeliveryState.NO_CONTACT}')), false)
      AS no_contact,
    coalesce(bool_or(objects), false) AS objected,
    coalesce(bool_and(coalesce(state, '') = '{DeliveryState.REACHED}') FILTER (WHERE entitled), false)
      AS every_adult
  FROM adult GROUP BY school_id, pupil_id HAVING bool_or(counts)
)
"""  # noqa: S608 - constants of this module and of core/sending/fallback.py


CITY = f"""
{facts_of(EVERY_PUPIL)}
SELECT school_id, {", ".join(FLAGS)}, count(*), count(*) FILTER (WHERE every_adult)
FROM child GROUP BY school_id, {", ".join(FLAGS)} ORDER BY school_id
"""  # noqa: S608 - constants of this module
"""Children of every school by what is known of them, a few rows for each school."""
