"""One school's children, each with its outcome, what happens next, by whom and by when. Only the school's lead sees it.

Made from the same rows as the coverage (facts.py), so that the list adds up to the school's figures. It is read page by
page, each in a transaction that sees only this school. For a child, the school's own id is decrypted. For an adult,
nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from everyfamily.core.accounting.coverage import NEXT, ChildFacts, NextAction, Outcome, Reason, outcome_of
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.next_days import day_due, working_days_after
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_groups import EVERY_YEAR
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.core.sending.fallback import Channel
from everyfamily.core.text.in_order import in_class_order
from everyfamily.mailings.queries.hand_outs import WAITING
from everyfamily.mailings.queries.hours import calendar_of
from everyfamily.mailings.queries.mailings_of_school import MailingOfSchool
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.queries import school_by_id
from everyfamily.people.school_days import has_school
from everyfamily.reports.adults import AdultLine, OpenTask, TriesOf, Try, adults_of
from everyfamily.reports.facts import FLAGS, Account, facts_of
from everyfamily.reports.queries import account_of
from everyfamily.reports.wording import ON_THE_WAY_TO_REACHED, PAPER_AT_SCHOOL, SETTLES_BY_ITSELF

PAGE = 200
"""Children read in one transaction."""
_TASK_OF: Mapping[Reason, tuple[str, ...]] = {
    Reason.SCHOOL_HELD: ("attestation",),
    Reason.PAUSED: ("paused",),
    Reason.UNKNOWN: ("unknown attempt",),
    Reason.UNDECIDED: ("restriction", "to tell", "new word"),
}
"""Kinds of tasks whose owner and day come before those of the rule."""
_SCHOOLS_OWN = ("school leads", "named person")
"""Owners in a rule who, at one school, are the person whom it names as its lead."""


class SchoolHasNoList(EveryfamilyError):
    """The school sends the letter itself, so nothing is known here about its families."""

    code = "EF670"


class SchoolNotInMailing(EveryfamilyError):
    """The letter does not go to this school."""

    code = "EF672"


type Position = tuple[str, int]
"""Class, and the row of a child in it."""
FIRST: Position = ("", 0)
"""Before the first child."""


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One child. Only for the lead's eyes, never for a log."""

    pupil: int
    """The child's row."""
    own_id: str
    """The school's own id, or blank once it is purged."""
    year_group: str
    class_name: str
    outcome: Outcome
    reason: Reason | None
    why: str
    """The reason in words, or blank if the child is reached."""
    action: str
    owner: str
    due_on: date | None
    """None if there is no day; see `by_end_of_term`."""
    by_end_of_term: bool
    adults: tuple[AdultLine, ...]


@dataclass(frozen=True, slots=True)
class Child:
    """One child with its outcome, before anything is decrypted."""

    pupil: int
    own_id: bytes | None
    year_group: str
    class_name: str
    outcome: Outcome
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Part:
    """What is known about the school's part in the mailing, and so about each of its children."""

    held: bool
    lead: str
    began_at: datetime
    paused_at: datetime | None
    withdrawn_at: datetime | None
    tasks: Mapping[str, tuple[str, date]]
    """Kind -> owner and day of an open task of the whole school or the whole mailing."""
    adults_tasks: Mapping[int, Sequence[OpenTask]]
    """An adult's row -> what a person must decide about them, the soonest first."""
    school_days: Callable[[date], bool]


def families_of(mailing_id: int, school_id: int, now: datetime) -> Iterator[FamilyLine]:
    """The school's children by class. Raises SchoolNotInMailing, SchoolHasNoList and SchoolKeyDestroyed."""
    account = account_of(mailing_id)
    part, values = part_of(account, school_id), account.values(now)
    after: Position | None = FIRST
    while after is not None:
        lines, after = _page(part, school_id, values, now, after, PAGE)
        yield from lines


def family_page(
    mailing_id: int, school_id: int, now: datetime, *, after: Position = FIRST, limit: int = PAGE
) -> tuple[list[FamilyLine], Position | None]:
    """The next lines of `families_of`, of at most `limit` children, and where they end: None after the last child."""
    account = account_of(mailing_id)
    return _page(part_of(account, school_id), school_id, account.values(now), now, after, limit)


def _page(
    part: Part, school_id: int, values: Mapping[str, Any], now: datetime, after: Position, limit: int
) -> tuple[list[FamilyLine], Position | None]:
    of_school = {**values, "school": school_id}
    with tenant(school_id):
        pupils = _after(_rows(_PUPILS, of_school), after)[:limit]
        found = children_of(part, of_school, pupils=[pupil for _, pupil in pupils])
        lines = lines_of(found, part, of_school, open_vault(school_id, now=now))
    return lines, pupils[-1] if len(pupils) == limit else None


def children_of(part: Part, of_school: Mapping[str, Any], *, pupils: list[int] | None = None) -> list[Child]:
    """These children of the school who are on its roll (None: all) with their outcomes, by class.

    `of_school` are an account's values and the school. Run inside `tenant(school_id)`, for all after `part_in`.
    """
    found = []
    for pupil, own_id, year_group, class_name, *flags in _rows(_FACTS, {**of_school, "pupils": pupils}):
        facts = ChildFacts(**dict(zip(FLAGS, flags, strict=True)))
        outcome, reason = outcome_of(replace(facts, school_held=True) if part.held else facts)
        found.append(Child(pupil, bytes(own_id) if own_id else None, year_group, class_name, outcome, reason))
    return sorted(found, key=lambda one: _place((one.class_name, one.pupil)))


def _after(pupils: list[tuple[Any, ...]], after: Position) -> list[tuple[Any, ...]]:
    """Classes and rows of children as a school lists its classes, from the one after `after`."""
    ordered = sorted(pupils, key=_place)
    return ordered if after == FIRST else [one for one in ordered if _place(one) > _place(after)]


def _place(one: Sequence[Any]) -> tuple[object, ...]:
    class_name, pupil = one
    return in_class_order(class_name), pupil


def class_of_child(school_id: int, pupil: int) -> str | None:
    """The class of a child on the roll; None if the school has no such child."""
    with tenant(school_id):
        rows = _rows(
            "SELECT p.class_name FROM people_child p WHERE p.school_id = %(school)s AND p.id = %(pupil)s AND p.is_here",
            {"school": school_id, "pupil": pupil},
        )
    return rows[0][0] if rows else None


def lines_of(
    children: Sequence[Child],
    part: Part,
    of_school: Mapping[str, Any],
    vault: Vault,
    tries_of: TriesOf | None = None,
) -> list[FamilyLine]:
    """What is shown of these children. Run inside `tenant(school_id)`. For `tries_of` see `adults_of`."""
    pupils = [one.pupil for one in children]
    adults = adults_of(_rows, {**of_school, "pupils": pupils}, part.adults_tasks, tries_of)
    return [_line(one, adults.get(one.pupil, ()), part, vault) for one in children]


def too_young(school_id: int, from_year: int, *, pupil: int | None = None) -> int:
    """How many children on the school's roll, or whether this one, are in a year below `from_year`. Run inside
    `tenant(school_id)`."""
    if from_year == EVERY_YEAR:
        return 0
    ((found,),) = _rows(_TOO_YOUNG, {"school": school_id, "from_year": from_year, "pupil": pupil})
    return int(found)


_TOO_YOUNG = """
SELECT count(*) FROM people_child_year y WHERE y.school_id = %(school)s AND y.is_here AND y.up_to_year < %(from_year)s
  AND (%(pupil)s::bigint IS NULL OR y.id = %(pupil)s)
"""
_PUPILS = """
SELECT p.class_name, p.id FROM people_child p
WHERE p.school_id = %(school)s AND p.is_here
"""
_CHILDREN = """
SELECT p.school_id, p.id FROM people_child p
WHERE p.school_id = %(school)s AND p.is_here AND (%(pupils)s::bigint[] IS NULL OR p.id = ANY(%(pupils)s))
"""
_FACTS = f"""
{facts_of(_CHILDREN)}
SELECT p.id, p.id_encrypted, p.year_group, p.class_name, {", ".join(f"c.{flag}" for flag in FLAGS)}
FROM child c JOIN people_child p ON p.school_id = c.school_id AND p.id = c.pupil_id
"""  # noqa: S608 - constants of facts.py
_PART = """
SELECT p.state, p.wave_at, p.paused_at, p.withdrawn_at FROM mailings_part p
WHERE p.mailing_id = %(mailing)s AND p.school_id = %(school)s
"""
_TASKS = """
SELECT mailing_id, NULL::bigint, CASE WHEN kind IN ('carrier', 'failures', 'letter') THEN 'paused' ELSE kind END,
  owner, due_on
FROM mailings_open_mailing_task WHERE mailing_id = ANY(%(mailings)s)
UNION ALL
SELECT mailing_id, parent_id, kind, owner, due_on FROM mailings_open_task
WHERE mailing_id = ANY(%(mailings)s) AND school_id = %(school)s
ORDER BY 5
"""
# Set in the same statement, because a page has few.
_TASKS_WITHOUT_LOOPS = f"""
SELECT s.off, t.* FROM (SELECT set_config('enable_nestloop', 'off', true) AS off) s LEFT JOIN ({_TASKS}) t ON true
"""  # noqa: S608 - a constant of this module


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def part_of(account: Account, school_id: int) -> Part:
    """The school's part in the account's mailing. Raises SchoolNotInMailing and SchoolHasNoList."""
    mailing_id = account.mailing
    values = {"mailing": mailing_id, "mailings": list(account.mailings), "school": school_id}
    with tenant(school_id):
        found, tasks = _rows(_PART, values), _rows(_TASKS, values)
    if not found:
        raise SchoolNotInMailing(
            "This letter does not go to this school.", "Check the URN and the letter's reference."
        )
    ((state, wave_at, paused_at, withdrawn_at),) = found
    lead = school_by_id(school_id).lead_role
    school_days = has_school(calendar_of(mailing_id, school_id))
    return _part(mailing_id, state, lead, (wave_at, paused_at, withdrawn_at), tasks, school_days)


def part_in(mailing: MailingOfSchool, lead_role: str, of_school: Mapping[str, Any]) -> Part:
    """The same for a mailing that was read already, inside `tenant(school_id)`. Raises SchoolHasNoList.

    Until the transaction ends, no query is planned with nested loops: a roll is newer than its statistics, and a loop
    planned for ten rows took minutes for 150 children.
    """
    times = mailing.wave_at, mailing.paused_at, mailing.withdrawn_at
    tasks = [row[1:] for row in _rows(_TASKS_WITHOUT_LOOPS, of_school)]
    return _part(mailing.id, mailing.state, lead_role, times, tasks, has_school(mailing.calendar))


def _part(
    mailing_id: int,
    state: str,
    lead_role: str,
    times: tuple[datetime, datetime | None, datetime | None],
    tasks: list[tuple[Any, ...]],
    school_days: Callable[[date], bool],
) -> Part:
    if state == "sends itself":
        raise SchoolHasNoList(
            "This school sends the letter itself: there is no list of its families here.",
            "Its five numbers are in its return.",
        )
    wave_at, paused_at, withdrawn_at = times
    # The soonest of each kind comes last and overwrites the others.
    soonest = {
        kind: (owner, due_on)
        for mailing, parent, kind, owner, due_on in reversed(tasks)
        if parent is None and mailing == mailing_id
    }
    theirs: dict[int, list[OpenTask]] = {}
    for _, parent, kind, owner, due_on in tasks:
        if parent is not None:
            theirs.setdefault(parent, []).append(OpenTask(kind, owner, due_on))
    held = state == "held" and withdrawn_at is None
    return Part(held, lead_role or "school lead", wave_at, paused_at, withdrawn_at, soonest, theirs, school_days)


def _line(child: Child, adults: tuple[AdultLine, ...], part: Part, vault: Vault) -> FamilyLine:
    outcome, reason = child.outcome, child.reason
    rule = _rule_of(outcome, reason, adults)
    owner, due_on = _who_and_when(rule, reason, adults, part) if rule else ("", None)
    return FamilyLine(
        pupil=child.pupil,
        own_id=vault.decrypt("pupil", child.pupil, child.own_id) if child.own_id else "",
        year_group=child.year_group,
        class_name=child.class_name,
        outcome=outcome,
        reason=reason,
        why=rule.why if rule and reason else "",
        action=rule.action if rule else "",
        owner=owner,
        due_on=due_on,
        by_end_of_term=bool(rule and due_on is None and rule.days is None and rule.owner != "no one"),
        adults=adults,
    )


def _rule_of(outcome: Outcome, reason: Reason | None, adults: tuple[AdultLine, ...]) -> NextAction | None:
    if reason:
        return NEXT[reason]
    if outcome is Outcome.ON_ITS_WAY:
        waits = any(adult.tries and _is_paper_at_school(adult.tries[-1]) for adult in adults)
        return PAPER_AT_SCHOOL if waits else SETTLES_BY_ITSELF
    return ON_THE_WAY_TO_REACHED.get(outcome)


def _is_paper_at_school(last: Try) -> bool:
    """Whether a copy has gone to the school and nobody has said yet that it was handed out."""
    return last.channel == Channel.PUPIL_POST and last.status in WAITING


def _who_and_when(
    rule: NextAction, reason: Reason | None, adults: tuple[AdultLine, ...], part: Part
) -> tuple[str, date | None]:
    """An open task says who and by when. Otherwise the rule does, counted from when the reason arose."""
    kinds = _TASK_OF.get(reason, ()) if reason else ()
    if tasks := [task for adult in adults for task in adult.tasks if task.kind in kinds]:
        first = min(tasks, key=lambda task: task.due_on)
        return first.owner, first.due_on
    for kind in kinds:
        if kind in part.tasks:
            return part.tasks[kind]
    at_school = rule.owner in _SCHOOLS_OWN
    owner = part.lead if at_school else rule.owner
    if rule.days is None:
        return owner, None
    arose_on = _arose_at(reason, adults, part).astimezone(LONDON).date()
    if at_school:
        return owner, day_due(arose_on, rule.days, part.school_days)
    return owner, working_days_after(arose_on, rule.days, bank_holidays())


def _arose_at(reason: Reason | None, adults: tuple[AdultLine, ...], part: Part) -> datetime:
    if reason is Reason.WITHDRAWN and part.withdrawn_at:
        return part.withdrawn_at
    if reason is Reason.PAUSED and part.paused_at:
        return part.paused_at
    changed = [adult.changed_at for adult in adults if adult.changed_at is not None]
    return max(changed, default=part.began_at)
