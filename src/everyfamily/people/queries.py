"""Reads of schools and their people. Reads of people run inside `tenant(school_id)`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from everyfamily.core.accounting.coverage import to_ten
from everyfamily.core.adults.right_file import why_held
from everyfamily.core.calendar.sending_days import SchoolSize
from everyfamily.core.calendar.year_groups import EVERY_YEAR, has_years_from
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.schools.school_record import FormerUrn as Former
from everyfamily.core.schools.school_record import SchoolRecord
from everyfamily.people.file_tables import TAKEN_BACK
from everyfamily.people.models import (
    ON_ROLL_STATES,
    Attestation,
    Care,
    FormerUrn,
    Parent,
    Pupil,
    RollImport,
    School,
    SchoolKey,
    here,
)


class SchoolNotKnown(EveryfamilyError):
    """No school has this URN."""

    code = "EF210"


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What other apps may know about a school. Nothing about people."""

    id: int
    urn: int
    name: str
    kind: str
    phase: str
    sends: str
    roll_expected: int | None
    lead_role: str
    phone: str
    """Blank unless somebody has checked it, because an unchecked number is never printed."""
    channel_policy: dict[str, object]
    dfe_number: str = ""
    """The authority's three digits and the establishment's four, or blank for a council's list."""
    former_urns: tuple[int, ...] = ()
    """URNs that it had before. A roll with one of them belongs to this school."""
    mailbox: str = ""
    """A role's address at the school, or blank if none is known."""
    keep_days: int = 30
    demonstration: bool = False
    """Made by the demo. Numbers that nobody has are allowed in its rolls, and in no other school's."""
    has_children: bool = True
    """It is open today, by the newest list."""


def _facts(school: School) -> SchoolFacts:
    return SchoolFacts(
        id=school.pk,
        urn=school.urn,
        name=school.name,
        kind=school.kind,
        phase=school.phase,
        sends=school.sends,
        roll_expected=school.roll_expected,
        lead_role=school.lead_role,
        phone=school.phone if school.phone_checked_at else "",
        channel_policy=school.channel_policy,
        dfe_number=school.dfe_number,
        former_urns=tuple(school.before),  # type: ignore[attr-defined] # _schools() reads them
        mailbox=school.mailbox,
        keep_days=school.keep_days,
        demonstration=school.demonstration,
        has_children=school.status in ON_ROLL_STATES,
    )


@cache
def _schools() -> QuerySet[School]:
    """Built once, because every page asks and to build it takes longer than to read it."""
    before = FormerUrn.objects.filter(school_id=OuterRef("pk")).order_by("urn").values("urn")
    return School.objects.annotate(before=ArraySubquery(before))


def open_schools() -> list[SchoolFacts]:
    """Every open school, by URN."""
    return [_facts(school) for school in _schools().filter(status__in=ON_ROLL_STATES).order_by("urn")]


def school_by_urn(urn: int) -> SchoolFacts:
    """The school that has this URN, or had it before. Raises SchoolNotKnown."""
    former = FormerUrn.objects.filter(urn=urn).values("school_id")
    found = [_facts(school) for school in _schools().filter(Q(urn=urn) | Q(pk__in=former)).order_by("pk")]
    if not found:
        raise SchoolNotKnown(f"No school has the URN {urn}.", "Import the list of schools first.")
    # A former URN first, because what is still under it is the closed predecessor's row, without people.
    return next((school for school in found if urn in school.former_urns), found[0])


def schools_by_urn(urns: Iterable[int]) -> dict[int, SchoolFacts]:
    """The schools that have these URNs now, in one read."""
    return {school.urn: _facts(school) for school in _schools().filter(urn__in=set(urns))}


def school_by_id(school_id: int) -> SchoolFacts:
    """The school with this id, which another table holds."""
    return _facts(_schools().get(pk=school_id))


def schools_by_id(ids: Iterable[int]) -> dict[int, SchoolFacts]:
    """The schools with these ids, in one read."""
    return {school.pk: _facts(school) for school in _schools().filter(pk__in=set(ids))}


def school_names(ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """URN and name of these schools, in one read."""
    rows = School.objects.filter(pk__in=set(ids)).values_list("id", "urn", "name")
    return {school_id: (urn, name) for school_id, urn, name in rows}


def schools_that_send(ids: Iterable[int]) -> frozenset[int]:
    """Those of these schools that send the letter themselves, so that this product has no people of them."""
    wanted = set(ids)
    rows = School.objects.filter(pk__in=wanted, sends="school").values_list("id", flat=True) if wanted else ()
    return frozenset(rows)


def every_school() -> list[tuple[int, int]]:
    """Id and URN of every school that was ever known, open or closed, by URN."""
    return list(School.objects.order_by("urn").values_list("id", "urn"))


def days_kept() -> dict[int, int]:
    """For how many days after a mailing contact values are kept -> at how many schools with children today."""
    found = School.objects.filter(status__in=ON_ROLL_STATES).values_list("keep_days")
    return dict(found.annotate(Count("id")).order_by("keep_days"))


def school_areas() -> list[int]:
    """Codes of the local authorities of the known schools."""
    codes = School.objects.exclude(la_code=None).values_list("la_code", flat=True).distinct()
    return sorted(code for code in codes if code is not None)


def school_records() -> list[SchoolRecord]:
    """Every school as it is stored, by URN, to work out what a list changes."""
    schools = list(School.objects.select_related("successor").prefetch_related("former_urns").order_by("urn"))
    to_open = [school.pk for school in schools if school.status == "proposed to open"]
    # The planner sees every school's imports, and `tenant()` shows them for only one school at a time.
    imports = RollImport.objects.using("planner").filter(school_id__in=to_open)
    with_people = set(imports.values_list("school_id", flat=True).distinct()) if to_open else set()
    return [_record(school, has_people=school.pk in with_people) for school in schools]


def _record(school: School, *, has_people: bool) -> SchoolRecord:
    former = sorted(school.former_urns.all(), key=lambda one: one.urn)
    return SchoolRecord(
        **{name: getattr(school, name) for name in STORED},
        successor=None if school.successor is None else school.successor.urn,
        former=tuple(Former(one.urn, one.until) for one in former),
        has_people=has_people,
    )


STORED = (
    *("urn", "name", "kind", "phase", "status", "type_code", "la_code", "dfe_number", "opened_on", "closed_on"),
    *("roll_expected", "roll_expected_on", "roll_source"),
    *("phone", "phone_checked_at", "phone_checked_by", "sends", "lead_role", "mailbox"),
    *("keep_days", "channel_policy"),
)
"""Columns of a school that have the same name in its SchoolRecord."""


@dataclass(frozen=True, slots=True)
class SchoolStanding:
    """What the partnership sees of a school: what is set, and counts. Nothing about people."""

    urn: int
    name: str
    kind: str
    status: str
    sends: str
    roll_expected: int | None
    """As published, or None if it is not known."""
    lead: bool
    mailbox: bool
    phone_checked: bool
    roll_imported_at: datetime | None
    children_held: int | None
    """On the roll that came in, to the nearest 10. None without a roll."""


def school_standings(*, after: int = 0, limit: int | None = None) -> list[SchoolStanding]:
    """Every school with children today, by URN: at most `limit`, after the URN `after`."""
    schools = list(School.objects.filter(status__in=ON_ROLL_STATES, urn__gt=after).order_by("urn")[:limit])
    pupils = Pupil.objects.using("planner").filter(on_roll_to=None)
    committed = RollImport.objects.using("planner").filter(state="committed")
    if limit is not None:
        ids = [school.pk for school in schools]
        pupils, committed = pupils.filter(school_id__in=ids), committed.filter(school_id__in=ids)
    children = dict(pupils.values_list("school_id").annotate(Count("id")))
    imported = dict(committed.values_list("school_id").annotate(Max("imported_at")))
    return [
        SchoolStanding(
            urn=school.urn,
            name=school.name,
            kind=school.kind,
            status=school.status,
            sends=school.sends,
            roll_expected=school.roll_expected,
            lead=bool(school.lead_role),
            mailbox=bool(school.mailbox),
            phone_checked=school.phone_checked_at is not None,
            roll_imported_at=imported.get(school.pk),
            children_held=to_ten(children.get(school.pk, 0)) if school.pk in imported else None,
        )
        for school in schools
    ]


def school_sizes(from_year: int = EVERY_YEAR) -> list[SchoolSize]:
    """The open schools that we send for and that may have a child in `from_year` or above, by URN: such children on the
    roll that came in, or all children as published, or none."""
    ours = _schools().filter(status__in=ON_ROLL_STATES, sends="us").order_by("urn")
    if from_year == EVERY_YEAR:
        pupils = Pupil.objects.using("planner").filter(here())
        children = dict(pupils.values_list("school_id").annotate(Count("id")))
    else:
        children = children_offered(from_year)
    return [
        SchoolSize(school.pk, children.get(school.pk) or school.roll_expected or 0, school.urn)
        for school in ours
        if has_years_from(school.phase, from_year) or school.pk in children
    ]


def children_offered(from_year: int) -> dict[int, int]:
    """School id -> children on the roll who are, or may be, in `from_year` or above. Schools without any are not in
    it."""
    return dict(_planner_rows(_CHILDREN_OFFERED, [from_year]))


def children_too_young(from_year: int) -> dict[int, int]:
    """School id -> children on the roll who are in a year below `from_year`. Schools without any are not in it."""
    return dict(_planner_rows(_CHILDREN_TOO_YOUNG, [from_year]))


def _planner_rows(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connections["planner"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


_CHILDREN_OFFERED = """
SELECT y.school_id, count(*) FROM people_child_year y WHERE y.is_here AND y.up_to_year >= %s GROUP BY 1
"""
_CHILDREN_TOO_YOUNG = """
SELECT y.school_id, count(*) FROM people_child_year y WHERE y.is_here AND y.up_to_year < %s GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A lead's word that restrictions and leavers are right."""

    id: int
    at: datetime
    by: str


def last_word(school_id: int) -> Word | None:
    """The newest word of a school's lead, or None if there is none. Run it inside `tenant(school_id)`.

    Not what was said before the school's key was made (about other people), or before a file was taken back.
    """
    row = _words(school_id).filter(word__gte=0).values_list("id", "attested_at", "attested_by").first()
    return None if row is None else Word(*row)


def last_attested_at(school_id: int, *, on_old_word: bool = False) -> datetime | None:
    """When that was. `on_old_word`: for a correction, which goes on the word on which the wrong letter went."""
    words = _words(school_id) if on_old_word else _words(school_id).filter(word__gte=0)
    return words.values_list("attested_at", flat=True).first()


def _words(school_id: int) -> QuerySet[Attestation]:
    key = SchoolKey.objects.filter(school_id=school_id, created_at__gt=OuterRef("attested_at"))
    return Attestation.objects.filter(~Exists(key), school_id=school_id).order_by("-attested_at", "-id")


def schools_attested() -> set[int]:
    """URNs of the schools whose lead has ever said that the roll is right."""
    said = Attestation.objects.using("planner").filter(word__gte=0).values_list("school_id", flat=True).distinct()
    return set(School.objects.filter(pk__in=list(said)).values_list("urn", flat=True))


def schools_with_roll() -> set[int]:
    """Ids of the schools with an imported roll."""
    committed = RollImport.objects.using("planner").filter(state="committed")
    return set(committed.values_list("school_id", flat=True).distinct())


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A roll's file that went in, or was held. Counts only."""

    id: int
    went_in: bool
    format: str
    rows: int
    accepted: int
    set_aside: int
    at: datetime
    by: str
    digest: str = field(repr=False)
    why: str = ""
    """Why it was held."""
    said: str = ""
    """What became of a held file, and who said so (actions/rolls/held_files.py)."""
    was_taken_back: bool = False


def imports_of(school_id: int, *, after: int = 0, limit: int) -> list[ImportedFile]:
    """The school's files, newest first: at most `limit`, below the row number `after` unless it is 0. Inside
    `tenant(school_id)`."""
    rows = RollImport.objects.filter(school_id=school_id).order_by("-pk")
    rows = rows.filter(pk__lt=after) if after else rows
    return [
        ImportedFile(
            one.pk,
            one.state == "committed",
            one.format,
            one.rows,
            one.accepted,
            one.rows - one.accepted,
            one.imported_at,
            one.imported_by,
            one.file_digest,
            why_held(one.doubts) if one.state == "held" else "",
            was_taken_back=one.state == TAKEN_BACK,
        )
        for one in rows.defer("set_aside")[:limit]
    ]


def count_adults(from_year: int = EVERY_YEAR) -> int:
    """Adults whom schools have told us about, in the whole area: all, or those of children in `from_year` or above."""
    if from_year == EVERY_YEAR:
        return Parent.objects.using("planner").count()
    ((adults,),) = _planner_rows(_ADULTS_OFFERED, [from_year])
    return int(adults)


_ADULTS_OFFERED = """
SELECT count(DISTINCT (c.school_id, c.parent_id)) FROM people_link c
JOIN people_child_year y ON y.school_id = c.school_id AND y.id = c.pupil_id AND y.is_here AND y.up_to_year >= %s
"""


def decisions_of(school_id: int) -> int:
    """How often somebody has decided about the school's people. A mailing that planned for a lower number plans
    again."""
    return School.objects.values_list("decisions", flat=True).get(pk=school_id)


@dataclass(frozen=True, slots=True)
class LinkOnRoll:
    """One adult of a child, and since when the child is on the roll."""

    adult: int
    came_on: date
    left_on: date | None
    objects_at: datetime | None
    objects_by: str


def links_on_roll(school_id: int, pupil: int) -> list[LinkOnRoll]:
    """The child's adults, inside `tenant(school_id)`. None for a child without any."""
    rows = Care.objects.filter(school_id=school_id, pupil_id=pupil).order_by("id")
    found = rows.values_list(
        *("parent_id", "pupil__on_roll_from", "pupil__on_roll_to", "parent__objects_at", "parent__objects_by"),
        "parent__died_known_at",
    )
    return [
        LinkOnRoll(adult, came_on, left_on, None if objects_at == died_at else objects_at, by or "")
        for adult, came_on, left_on, objects_at, by, died_at in found
    ]
