"""Take back a list of schools that was for the wrong area, as long as nothing has been done with its schools."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.people.actions.schools.school_changes import one_list_at_a_time
from everyfamily.people.models import Attestation, FormerUrn, Pupil, RollImport, School

_NAMED = 5
"""URNs in a sentence before the rest becomes a number."""


class SchoolsInUse(EveryfamilyError):
    """Some of the schools to take back have a roll or a return, or are part of a mailing."""

    code = "EF227"


class NothingToTakeBack(EveryfamilyError):
    """No school of the national list has this area or URN."""

    code = "EF228"


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A school that is taken back. Schools are public: names may be shown."""

    urn: int
    name: str


def take_back_schools(
    *,
    areas: Collection[int],
    urns: Collection[int] = (),
    in_mailings: Collection[int],
    dry_run: bool,
    by: Actor,
    now: datetime,
) -> list[TakenBack]:
    """Take back all schools that the national list brought for these areas, or those of them that `urns` names.

    All or none. Raises SchoolsInUse if one of them has a roll, an attestation or a former URN, is followed by another
    school, or is in `in_mailings` (ids of schools that are part of a mailing, and so have or may have a return). Raises
    NothingToTakeBack if there is none. With `dry_run` nothing is written.
    """
    with transaction.atomic():
        one_list_at_a_time()
        wanted = School.objects.filter(la_code__in=areas, type_code__isnull=False)
        if urns:
            wanted = wanted.filter(urn__in=urns)
        schools = list(wanted.order_by("urn"))
        if not schools:
            which = " or ".join(map(str, sorted(areas)))
            raise NothingToTakeBack(
                f"No school here came with a national list of area {which}.",
                "See which schools are here.",
            )
        used = _used(schools) | set(in_mailings)
        _require_unused([school for school in schools if school.pk in used])
        if not dry_run:
            _remove(schools)
            record_event(
                action="take back schools",
                by=by,
                subject_type="school",
                subject_id="",
                now=now,
                detail={"areas": sorted(areas), "urns": [school.urn for school in schools]},
            )
    return [TakenBack(school.urn, school.name) for school in schools]


def _used(schools: Sequence[School]) -> set[int]:
    """The ids of those schools that have anything that would be lost. The planner sees every school's."""
    ids = [school.pk for school in schools]
    found: set[int] = set(FormerUrn.objects.filter(school_id__in=ids).values_list("school_id", flat=True))
    followed = School.objects.filter(successor_id__in=ids).exclude(pk__in=ids)
    found |= {row for row in followed.values_list("successor_id", flat=True) if row is not None}
    for table in (Pupil, RollImport, Attestation):
        rows = table._default_manager.using("planner").filter(school_id__in=ids)
        found |= set(rows.values_list("school_id", flat=True).distinct())
    return found


def _require_unused(used: Sequence[School]) -> None:
    if used:
        named = ", ".join(str(school.urn) for school in used[:_NAMED])
        more = f" and {len(used) - _NAMED:,} more" if len(used) > _NAMED else ""
        raise SchoolsInUse(
            f"{len(used):,} of these schools have a roll, a return or a part in a mailing: {named}{more}. "
            "Nothing was taken back.",
            "Take back the others one by one. A school that has begun stays.",
        )


def _remove(schools: Sequence[School]) -> None:
    ids = [school.pk for school in schools]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Anything that was attached to one of them a moment ago is found here, and not at the end of the
            # transaction.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("UPDATE people_school SET successor_id = NULL WHERE id = ANY(%s)", [ids])
            cursor.execute("DELETE FROM people_school WHERE id = ANY(%s)", [ids])
    except IntegrityError as problem:
        raise SchoolsInUse(
            "One of these schools has come into use just now. Nothing was taken back.",
            "Look again without writing anything.",
        ) from problem
