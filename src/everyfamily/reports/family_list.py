"""A school's list of its families as a page shows it: counted whole, filtered, and read in detail only for the page.

The counts are of the same rows as the list, and both of the same as the coverage (facts.py), so they add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.mailings.queries.mailings_of_school import MailingOfSchool, MailingsOfSchool
from everyfamily.people.database.access import Access, opened
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.queries import SchoolFacts
from everyfamily.reports.facts import account_among
from everyfamily.reports.families import (
    FIRST,
    Child,
    FamilyLine,
    Position,
    children_of,
    class_of_child,
    family_page,
    lines_of,
    part_in,
    too_young,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which children are asked for."""

    outcome: Outcome | None = None
    reason: Reason | None = None
    class_of: int = 0
    """A child's row: only children of the same class. 0 for every class, so that no class is named in an address."""


@dataclass(frozen=True, slots=True)
class FamilyList:
    """One page of the children who are asked for, and what all of the school's add up to."""

    lines: tuple[FamilyLine, ...]
    """One more than fits on the page, if there is a next page."""
    found: int
    """Children who are asked for, on every page."""
    outcomes: Mapping[Outcome, int]
    """Of the whole school. Their sum is the children on the roll to whom the letter is offered."""
    reasons: Mapping[Reason, int]
    """Of the whole school's children who are not reached."""
    classes: tuple[tuple[int, str], ...]
    """Each class by the row of its first child, and its name."""
    wanted_class: str
    """The name of the class that is asked for, or blank."""
    too_young: int = 0
    """Children on the roll who are too young for the letter, and in none of the counts."""

    @property
    def children(self) -> int:
        """On the roll, and not too young for the letter."""
        return sum(self.outcomes.values())


def families_page(
    mailing: MailingOfSchool,
    every: MailingsOfSchool,
    school: SchoolFacts,
    now: datetime,
    wanted: Wanted,
    *,
    after: int,
    limit: int,
) -> FamilyList:
    """Up to `limit` + 1 of the children, by class, after the child with the row `after` (0: from the first).

    Raises SchoolHasNoList and SchoolKeyDestroyed.
    """
    account = account_among(mailing.id, every.followed, mailing.from_year)
    of_school = {**account.values(now), "school": school.id}
    with tenant(school.id):
        part = part_in(mailing, school.lead_role, of_school)
        children = children_of(part, of_school)
        others = too_young(school.id, mailing.from_year)
        in_class = _class_of(children, wanted.class_of)
        matching = [one for one in children if _is_wanted(one, wanted, in_class)]
        page = matching[_start(matching, after) :][: limit + 1]
        lines = lines_of(page, part, of_school, open_vault(school.id, now=now)) if page else []
    classes: dict[str, int] = {}
    for one in children:
        classes.setdefault(one.class_name, one.pupil)
    return FamilyList(
        tuple(lines),
        len(matching),
        Counter(one.outcome for one in children),
        Counter(one.reason for one in children if one.reason),
        tuple((pupil, name) for name, pupil in classes.items()),
        in_class or "",
        others,
    )


def every_line(mailing_id: int, school_id: int, now: datetime, wanted: Wanted) -> Iterator[FamilyLine]:
    """All who are asked for, for a download: read a part at a time, after the view that began it has ended.

    Each part opens the school again, in a transaction of its own. Raises as `families_of`.
    """
    access = Access.school(school_id, with_people=True)
    with opened(access):
        in_class = class_of_child(school_id, wanted.class_of) if wanted.class_of else None
    after: Position | None = FIRST
    while after is not None:
        with opened(access):
            lines, after = family_page(mailing_id, school_id, now, after=after)
        yield from (line for line in lines if _is_wanted(line, wanted, in_class))


def _is_wanted(one: Child | FamilyLine, wanted: Wanted, in_class: str | None) -> bool:
    return (
        wanted.outcome in (None, one.outcome)
        and wanted.reason in (None, one.reason)
        and (in_class is None or one.class_name == in_class)
    )


def _class_of(children: list[Child], pupil: int) -> str | None:
    """None for every class, also if the child whose class it was is no longer on the roll."""
    return next((one.class_name for one in children if one.pupil == pupil), None) if pupil else None


def _start(children: list[Child], after: int) -> int:
    return next((at for at, one in enumerate(children, start=1) if one.pupil == after), 0)
