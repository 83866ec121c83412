"""Facts from the database, grouped; core/accounting/coverage.py alone turns them into outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection

from everyfamily.core.accounting.coverage import (
    ChildFacts,
    Coverage,
    Return,
    from_facts,
    from_no_roll,
    from_return,
)
from everyfamily.core.accounting.not_known import NOT_IN_THIS_LETTER
from everyfamily.core.calendar.year_groups import EVERY_YEAR, has_years_below, has_years_from
from everyfamily.core.schools.official_figures import OfficialFigure
from everyfamily.reports.facts import CITY, FLAGS, Account, account_among
from everyfamily.reports.reading import read_as_planner

_RETURNS = """
SELECT DISTINCT ON (school_id) school_id, on_roll, by_email, by_text, on_paper, not_reached, emails_confirmed,
  is_doubtful
FROM mailings_known_return WHERE mailing_id = %(mailing)s AND filed_at <= %(now)s
ORDER BY school_id, filed_at DESC, id DESC
"""
_SCHOOLS = """
SELECT s.id, s.urn, s.name, s.kind, s.phase, s.sends, s.roll_expected, s.roll_expected_on, s.roll_source,
  s.lead_role, s.phone, s.is_closed, CASE
  WHEN m.paused_at IS NOT NULL AND m.state IN ('planned', 'sending') THEN 'paused' ELSE m.state END
FROM people_known_school s
JOIN mailings_part m ON m.school_id = s.id AND m.mailing_id = %(mailing)s ORDER BY s.urn
"""
_OUTSIDE = """
SELECT s.id, s.urn, s.name, s.kind, s.phase, s.sends, s.roll_expected, s.roll_expected_on, s.roll_source,
  s.lead_role, s.phone
FROM people_known_school s WHERE s.has_children AND s.roll_expected IS NOT NULL
  AND EXISTS (SELECT 1 FROM mailings_known_mailing m WHERE m.id = %(mailing)s AND NOT m.is_closed)
  AND NOT EXISTS (
    SELECT 1 FROM mailings_part p WHERE p.school_id = s.id AND p.mailing_id = ANY(%(mailings)s)
  ) ORDER BY s.urn
"""
"""Schools that have children today but are not part of the mailing, because they came in after it was opened."""
_WITH_ROLL = "SELECT DISTINCT school_id FROM people_committed_roll"
_MESSAGES = """
SELECT channel, status, messages FROM mailings_messages WHERE mailing_id = %(mailing)s ORDER BY 1, 2
"""
_FOLLOWED = "SELECT id, follows_id, follows_as FROM mailings_known_mailing WHERE follows_id IS NOT NULL"
_MAILING = "SELECT stop, paused_reason FROM mailings_known_mailing WHERE id = %(mailing)s"


@dataclass(frozen=True, slots=True)
class SchoolCoverage:
    """One school's part. `coverage` is exact: how much of it may be shown depends on who looks."""

    school_id: int
    urn: int
    name: str
    kind: str
    phase: str
    sends: str
    state: str
    """planned, sending, held, sends itself; "paused" while a person has stopped its part; "withdrawn" if the letter was
    withdrawn before its wave; "return missing" or "roll missing" if that has not come in; "return to look at" if
    something in it is strange; "not known" if nobody has the number of its children to whom
    the letter is offered."""
    coverage: Coverage
    official: OfficialFigure | None = None
    """How many children the newest official list has. None for a closed school, whose children are on other lists."""
    lead_role: str = ""
    phone: str = ""
    """Blank unless somebody has checked it."""


@dataclass(frozen=True, slots=True)
class CityCoverage:
    """The whole area at one time."""

    at: datetime
    schools: tuple[SchoolCoverage, ...]
    adults: int
    """Adults on rolls held for sending."""
    messages: Mapping[str, Mapping[str, int]]
    """Channel -> status -> messages. A contact value that several adults share counts once."""
    not_known: tuple[str, ...] = field(default=())
    """Lists for which nobody knows the number of children; never counted as zero."""
    stopped: str = ""
    """"paused" or "withdrawn" if the whole mailing is."""
    stopped_because: str = ""
    """Why a mailing is paused, in the words of the person who paused it."""
    outside: tuple[SchoolCoverage, ...] = ()
    """Schools with children today that came in after the letter was opened, and so do not get it."""
    held_to_the_lists: bool = True
    """False for a correction or late joiners: it concerns some children, and not all who are on the lists."""
    from_year: int = EVERY_YEAR
    """The first year group that the letter is offered to."""
    too_young: int = 0
    """Children on rolls who are in a year below it. They are in none of the figures."""

    @property
    def total(self) -> Coverage:
        """The sum over the schools."""
        return sum((school.coverage for school in self.schools), Coverage())


def account_of(mailing_id: int) -> Account:
    """Whose letters count for the account of a mailing."""
    # Imported here so that what is shown of a coverage can be made and tested without Django's tables.
    from everyfamily.mailings.queries.mailings import from_year_of

    # Which mailing follows which is about no school, so a page about one school may read it.
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOWED)
        followed = {row: (wrong, kind) for row, wrong, kind in cursor.fetchall()}
    return account_among(mailing_id, followed, from_year_of(mailing_id))


def city_coverage(mailing_id: int, now: datetime) -> CityCoverage:
    """Count every child of the area once to whom the letter is offered. The sum is what the rolls and returns hold.

    For a correction: every child with an adult who had the wrong letter. For late joiners: the new children.
    """
    from everyfamily.people.queries import children_too_young, count_adults

    account = account_of(mailing_id)
    values = account.values(now)
    groups: dict[int, list[tuple[ChildFacts, int, int]]] = defaultdict(list)
    for school, *rest in read_as_planner(CITY, values):
        flags, children, every = rest[:-2], rest[-2], rest[-1]
        groups[school].append((ChildFacts(**dict(zip(FLAGS, flags, strict=True))), children, every))
    returns = {row[0]: (Return(*row[1:-1]), row[-1]) for row in read_as_planner(_RETURNS, values)}
    schools = []
    not_known = []
    with_roll = {row[0] for row in read_as_planner(_WITH_ROLL, {})} if account.from_year else set()
    (stopped,) = read_as_planner(_MAILING, values)
    for *school, lead_role, phone, closed, state in read_as_planner(_SCHOOLS, values):
        filed, doubtful = returns.get(school[0], (None, False))
        theirs = groups.get(school[0], [])
        # No list says in which years the children are.
        all_years = not has_years_below(school[4], account.from_year)
        if not theirs and not all_years and state != "sends itself" and school[0] in with_roll:
            # None of its children is old enough.
            continue
        if not theirs and filed is None and (closed or (not account.is_of_all and state != "sends itself")):
            # A closed school's children are on other rolls now. A correction concerns no child here.
            continue
        if state == "held" and stopped[0] == "withdrawn":
            # Nobody needs to attest any more.
            state = "withdrawn"
        figure = None if closed or not all_years else _figure(school[6:9])
        if not all_years:
            school[6] = None
        part = replace(
            _school([*school[:7], state], theirs, filed, doubtful),
            official=figure,
            lead_role=lead_role,
            phone=phone,
        )
        schools.append(part)
        if part.state == "not known":
            not_known.append(part.name)
    messages: dict[str, dict[str, int]] = {}
    for channel, status, count in read_as_planner(_MESSAGES, values):
        messages.setdefault(channel, {})[status] = count
    adults = count_adults(account.from_year)
    whole = account.is_of_all
    outside = tuple(
        _outside(row, account.from_year)
        for row in (read_as_planner(_OUTSIDE, values) if whole else ())
        if has_years_from(row[4], account.from_year)
    )
    # A correction says nothing of children who are too young: they are not those who had the wrong letter.
    from_year = account.from_year if whole else EVERY_YEAR
    too_young = children_too_young(from_year) if from_year else {}
    return CityCoverage(
        now,
        tuple(schools),
        adults,
        messages,
        tuple(not_known),
        stopped=stopped[0],
        stopped_because=stopped[1],
        outside=outside,
        held_to_the_lists=whole,
        from_year=from_year,
        too_young=sum(too_young.values()),
    )


def _figure(columns: Sequence[Any]) -> OfficialFigure | None:
    children, as_of, source = columns
    return None if children is None else OfficialFigure(children, as_of, source)


def _outside(row: Sequence[Any], from_year: int) -> SchoolCoverage:
    school_id, urn, name, kind, phase, sends, *figure, lead_role, phone = row
    part = SchoolCoverage(school_id, urn, name, kind, phase, sends, NOT_IN_THIS_LETTER, Coverage())
    listed = None if has_years_below(phase, from_year) else _figure(figure)
    return replace(part, official=listed, lead_role=lead_role, phone=phone)


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
        coverage = from_facts((held_facts(facts) if held else facts, children) for facts, children, _ in groups)
        coverage.every_adult = sum(every for _, _, every in groups)
        if not groups and roll is None:
            state = "not known"
        elif not groups and roll:
            state, coverage = "roll missing", from_no_roll(roll)
    return SchoolCoverage(school_id, urn, name, kind, phase, sends, state, coverage)


def held_facts(facts: ChildFacts) -> ChildFacts:
    """The same, for a child at a school whose wave is held."""
    return replace(facts, school_held=True)
