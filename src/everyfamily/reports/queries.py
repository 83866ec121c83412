"""Facts from the database, grouped; core/coverage.py alone turns them into outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connections, transaction

from everyfamily.core.coverage import ChildFacts, Coverage, Return, from_facts, from_no_roll, from_return
from everyfamily.people.entitlement import ENTITLED

_FLAGS = (
    "reached",
    "accepted",
    "told_by_text",
    "on_its_way",
    "unknown",
    "undecided",
    "returned",
    "no_contact",
    "objected",
)

# One row per child and adult, then per child, then per school and set of facts: the result has a few rows a school.
_FACTS = f"""
WITH adult AS (
  SELECT p.school_id, p.id AS pupil_id, c.restriction = 'none'
      AND {ENTITLED} AS entitled,
    -- Before its wave an entitled adult has a date to be sent to; an objection never unmakes what arrived.
    CASE WHEN m.state = 'planned' AND a.objects_at IS NULL THEN 'planned' ELSE d.state END AS state,
    a.objects_at IS NOT NULL AND c.restriction <> 'do not send' AS objects,
    t.id IS NOT NULL AS waits_for_a_person
  FROM people_pupil p
  JOIN mailings_mailingschool m ON m.mailing_id = %(mailing)s AND m.school_id = p.school_id
  LEFT JOIN people_care c ON c.school_id = p.school_id AND c.pupil_id = p.id
  LEFT JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
  LEFT JOIN mailings_delivery d ON d.mailing_id = %(mailing)s AND d.school_id = a.school_id AND d.parent_id = a.id
  LEFT JOIN mailings_persontask t ON t.mailing_id = %(mailing)s AND t.school_id = a.school_id
    AND t.parent_id = a.id AND t.kind = 'restriction' AND t.closed_at IS NULL
  WHERE p.on_roll_to IS NULL AND p.died_known_at IS NULL
), child AS (
  SELECT school_id, pupil_id,
    coalesce(bool_or(entitled AND state = 'reached'), false) AS reached,
    coalesce(bool_or(entitled AND state = 'accepted'), false) AS accepted,
    coalesce(bool_or(entitled AND state = 'told by text'), false) AS told_by_text,
    coalesce(bool_or(entitled AND state IN ('planned', 'on its way')), false) AS on_its_way,
    coalesce(bool_or(entitled AND state = 'unknown'), false) AS unknown,
    coalesce(bool_or(waits_for_a_person), false) AS undecided,
    coalesce(bool_or(entitled AND state = 'returned'), false) AS returned,
    coalesce(bool_or(entitled AND state IN ('failed', 'no contact')), false) AS no_contact,
    coalesce(bool_or(objects), false) AS objected,
    coalesce(bool_and(coalesce(state, '') = 'reached') FILTER (WHERE entitled), false) AS every_adult
  FROM adult GROUP BY school_id, pupil_id
)
SELECT school_id, {", ".join(_FLAGS)}, count(*), count(*) FILTER (WHERE every_adult)
FROM child GROUP BY school_id, {", ".join(_FLAGS)} ORDER BY school_id
"""  # noqa: S608 - constants of this module

_RETURNS = """
SELECT DISTINCT ON (school_id) school_id, on_roll, by_email, by_text, on_paper, not_reached, emails_confirmed,
  doubts <> '[]'::jsonb
FROM mailings_schoolreturn WHERE mailing_id = %(mailing)s AND filed_at <= %(now)s
ORDER BY school_id, filed_at DESC, id DESC
"""
_SCHOOLS = """
SELECT s.id, s.urn, s.name, s.kind, s.phase, s.sends, s.roll_expected, m.state FROM people_school s
JOIN mailings_mailingschool m ON m.school_id = s.id AND m.mailing_id = %(mailing)s ORDER BY s.urn
"""
_MESSAGES = """
SELECT channel, status, count(*) FROM mailings_ledgerentry
WHERE mailing_id = %(mailing)s AND status <> 'created' GROUP BY 1, 2 ORDER BY 1, 2
"""
_ADULTS = "SELECT count(*) FROM people_parent"


@dataclass(frozen=True, slots=True)
class SchoolCoverage:
    """One school's part. `coverage` is exact: what of it may be shown depends on who looks."""

    school_id: int
    urn: int
    name: str
    kind: str
    phase: str
    sends: str
    state: str
    """planned, sending, held, sends itself; "return missing" or "roll missing" when that has not come in; "return to
    look at" when something in it is strange; "not known" when nobody has the number of its children."""
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class CityCoverage:
    """The whole area at one time."""

    at: datetime
    schools: tuple[SchoolCoverage, ...]
    adults: int
    """Adults on rolls held for sending."""
    messages: Mapping[str, Mapping[str, int]]
    """Channel -> status -> messages; a contact value shared by several adults counts once."""
    not_known: tuple[str, ...] = field(default=())
    """Lists whose number of children nobody knows: never counted as zero."""

    @property
    def total(self) -> Coverage:
        """The sum over the schools."""
        return sum((school.coverage for school in self.schools), Coverage())


def city_coverage(mailing_id: int, now: datetime) -> CityCoverage:
    """Count every child of the area once; the sum is what the rolls and returns hold."""
    values = {"mailing": mailing_id, "now": now}
    groups: dict[int, list[tuple[ChildFacts, int, int]]] = defaultdict(list)
    for school, *rest in _planner(_FACTS, values):
        flags, children, every = rest[:-2], rest[-2], rest[-1]
        groups[school].append((ChildFacts(**dict(zip(_FLAGS, flags, strict=True))), children, every))
    returns = {row[0]: (Return(*row[1:-1]), row[-1]) for row in _planner(_RETURNS, values)}
    schools = []
    not_known = []
    for school in _planner(_SCHOOLS, values):
        part = _school(school, groups.get(school[0], []), *returns.get(school[0], (None, False)))
        schools.append(part)
        if part.state == "not known":
            not_known.append(part.name)
    messages: dict[str, dict[str, int]] = {}
    for channel, status, count in _planner(_MESSAGES, values):
        messages.setdefault(channel, {})[status] = count
    adults = _planner(_ADULTS, {})[0][0]
    return CityCoverage(now, tuple(schools), adults, messages, tuple(not_known))


def _school(
    row: Sequence[Any],
    groups: Sequence[tuple[ChildFacts, int, int]],
    filed: Return | None,
    doubtful: bool,
) -> SchoolCoverage:
    school_id, urn, name, kind, phase, sends, roll, state = row
    if state == "sends itself":
        if filed is None:
            state = "not known" if roll is None else "return missing"
        elif doubtful:
            state = "return to look at"
        coverage = from_return(filed, roll or 0)
    else:
        held = state == "held"
        coverage = from_facts((_held(facts) if held else facts, children) for facts, children, _ in groups)
        coverage.every_adult = sum(every for _, _, every in groups)
        if not groups and roll is None:
            state = "not known"
        elif not groups and roll:
            state, coverage = "roll missing", from_no_roll(roll)
    return SchoolCoverage(school_id, urn, name, kind, phase, sends, state, coverage)


def _held(facts: ChildFacts) -> ChildFacts:
    return ChildFacts(**{flag: getattr(facts, flag) for flag in _FLAGS}, school_held=True)


def _planner(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with transaction.atomic(using="planner"), connections["planner"].cursor() as cursor:
        # Every read here is of the whole area. Rolls are younger than their statistics, and a loop over what looks like
        # ten rows took minutes for 100,000.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(sql, values)
        return list(cursor.fetchall())
