"""Homes that look like the home of somebody who may not have the letter, and a person who tells them apart.

Such a home is closed (people/sql/eligibility_sql.py). Where two addresses may be one home and may be two
(same_home.py) a person is asked, once. Two homes are told apart one at a time, by name, and only from the adults
who were seen: somebody else who moves in closes the home again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.people.actions.decided.restrictions import require_a_person
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.roll_tasks import settle_shared_homes
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import ContactPoint
from everyfamily.people.queries import school_by_id
from everyfamily.people.sql.eligibility_sql import MAYBE, SAME


class HomeNotShared(EveryfamilyError):
    """No home with this number is closed because somebody else lives there."""

    code = "EF260"


@dataclass(frozen=True, slots=True)
class SharedWay:
    """A way that is closed because an adult who may not have the letter shares it. For the lead, never for a log."""

    way: int
    """The number that is used to tell two homes apart."""
    adult: int
    adult_name: str
    """Blank once purged."""
    pupils: tuple[str, ...]
    """The school's own ids of the adult's children on the roll, or blank once purged."""
    channel: str
    is_doubted: bool
    """It may be another home, nobody has said which, and a person is asked."""
    shut: int
    """The number of the way of the adult who may not have the letter."""
    shut_name: str
    """That adult's name, or blank once purged."""


def shared_ways(school_id: int, *, now: datetime) -> list[SharedWay]:
    """Closed ways of adults who may have the letter, with doubtful ones first.

    Raises SchoolKeyDestroyed.
    """
    with tenant(school_id):
        return _ways(school_id, open_vault(school_id, now=now))


@dataclass(frozen=True, slots=True)
class SharedPage:
    """One page of ways, by number, and how many there are."""

    ways: list[SharedWay]
    next: int | None
    """The way with which the next page begins."""
    doubted: int
    sure: int
    apart: int
    """Homes that somebody told apart."""


class Homes(StrEnum):
    """Which ways a page lists."""

    DOUBTED = "doubted"
    """homes that a person is asked about"""
    SURE = "sure"
    """closed, because they are shared"""
    APART = "apart"
    """told apart by a person"""


def shared_page(school_id: int, *, now: datetime, which: Homes, start: int, limit: int) -> SharedPage:
    """Ways for a screen, in one transaction. They begin with the way `start`."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        found = _ways(school_id, vault, which=which, start=start, limit=limit + 1)
        with connection.cursor() as cursor:
            cursor.execute(_COUNTS, {"school": school_id})
            counts = cursor.fetchone()
        more = found[limit].way if len(found) > limit else None
        return SharedPage(found[:limit], more, *counts)


@dataclass(frozen=True, slots=True)
class PairOfHomes:
    """A closed home and the one that closes it, as they are written. For the lead, never for a log."""

    shared: SharedWay
    home: str
    shut_home: str
    is_told_apart: bool


def pair_of_homes(school_id: int, *, way: int, shut: int, now: datetime) -> PairOfHomes | None:
    """A way and the one that closes it, or from which it was told apart, or None if neither. Raises
    SchoolKeyDestroyed."""
    with tenant(school_id):
        vault = open_vault(school_id, now=now)
        found = _ways(school_id, vault, way=way, shut=shut, limit=1)
        apart = [] if found else _ways(school_id, vault, which=Homes.APART, way=way, shut=shut, limit=1)
        if not found and not apart:
            return None
        points = ContactPoint.objects.filter(school_id=school_id, pk__in=[way, shut])
        kept = {
            one.pk: vault.decrypt("contact", one.pk, bytes(one.value)) if one.value is not None else ""
            for one in points
        }
        return PairOfHomes((found or apart)[0], kept[way], kept[shut], is_told_apart=bool(apart))


def _ways(
    school_id: int,
    vault: Vault,
    *,
    which: Homes | None = None,
    start: int | None = None,
    way: int | None = None,
    shut: int | None = None,
    limit: int | None = None,
) -> list[SharedWay]:
    asked = {"start": start, "way": way, "shut": shut, "limit": limit}
    order = "5 DESC, c.channel <> 'post', c.id, b.id" if start is None else "c.id, b.id"
    with connection.cursor() as cursor:
        cursor.execute(_SHARED.format(order=order, closed=_WHICH[which]), {"school": school_id, **asked})
        rows = cursor.fetchall()
    return [
        SharedWay(
            way,
            adult,
            vault.decrypt("parent", adult, bytes(name)) if name is not None else "",
            tuple(
                vault.decrypt("pupil", pupil, bytes(own_id)) if own_id is not None else ""
                for pupil, own_id in zip(pupils, own_ids, strict=True)
            ),
            channel,
            doubted,
            shut,
            vault.decrypt("parent", shut_adult, bytes(shut_name)) if shut_name is not None else "",
        )
        for way, adult, name, channel, doubted, shut, shut_adult, shut_name, pupils, own_ids in rows
    ]


TOLD_APART = "EXISTS (SELECT FROM people_hometoldapart o WHERE o.way_id = c.id AND o.shut_id = b.id)"
SAID_ONE = "EXISTS (SELECT FROM people_homesaidone q WHERE q.way_id = c.id AND q.shut_id = b.id)"
ALIKE = f"""
people_closing_way b ON b.school_id = c.school_id AND b.channel = c.channel AND b.parent_id <> c.parent_id
  AND ({SAME} OR {MAYBE})
"""
_FROM = f"""
FROM people_contactpoint c
JOIN {ALIKE}
JOIN people_adult_standing m ON m.school_id = c.school_id AND m.id = c.parent_id AND m.may_have_it
"""
_KEPT = """
WHERE c.school_id = %(school)s AND (c.status = 'usable' OR c.channel = 'post') AND c.value IS NOT NULL
"""
_ASKED = f"(NOT {SAME} AND NOT {SAID_ONE})"
_WHICH = {
    None: f"NOT {TOLD_APART}",
    Homes.DOUBTED: f"NOT {TOLD_APART} AND {_ASKED}",
    Homes.SURE: f"NOT {TOLD_APART} AND NOT {_ASKED}",
    Homes.APART: TOLD_APART,
}
_SHARED = f"""
SELECT c.id, c.parent_id, a.name, c.channel, {_ASKED}, b.id, b.parent_id, s.name, array_agg(p.id ORDER BY p.id),
  array_agg(p.id_encrypted ORDER BY p.id)
{_FROM}
JOIN people_parent a ON a.school_id = c.school_id AND a.id = c.parent_id
JOIN people_parent s ON s.school_id = b.school_id AND s.id = b.parent_id
JOIN people_care k ON k.school_id = c.school_id AND k.parent_id = c.parent_id
JOIN people_child p ON p.school_id = k.school_id AND p.id = k.pupil_id AND p.is_here
{_KEPT}
  AND {{closed}}
  AND c.id >= coalesce(%(start)s::bigint, 0)
  AND c.id = coalesce(%(way)s::bigint, c.id) AND b.id = coalesce(%(shut)s::bigint, b.id)
GROUP BY c.id, c.parent_id, a.name, c.channel, c.value_hash, c.closing_keys, b.id, b.parent_id, b.value_hash,
  b.closing_keys, s.name
ORDER BY {{order}} LIMIT %(limit)s
"""
_COUNTS = f"""
SELECT {", ".join(f"count(*) FILTER (WHERE {_WHICH[one]})" for one in Homes)} {_FROM} {_KEPT}
"""


def tell_apart(school_id: int, *, way: int, shut: int, by: Actor, now: datetime) -> None:
    """A named person says that a home does not belong to one adult who closes it (`shut`, as `shared_ways` shows it).

    Once nobody closes it any more, the letter may go there again. Raises HomeNotShared, and ReviewerNotNamed for a role
    without a name.
    """
    require_a_person(by)
    with tenant(school_id):
        wait_for_roll(school_id)
        with connection.cursor() as cursor:
            cursor.execute(
                _TELL_APART, {"school": school_id, "way": way, "shut": shut, "now": now, "by": by.text}
            )
            told = int(cursor.rowcount)
            cursor.execute(
                "DELETE FROM people_homesaidone WHERE school_id = %s AND way_id = %s AND shut_id = %s",
                [school_id, way, shut],
            )
        if not told:
            raise HomeNotShared(
                f"No home has the number {way} and is closed because of way {shut}.",
                "See the numbers of homes that are shared. An inbox or a phone is never told apart.",
            )
        settle_shared_homes(school_id, owner=school_by_id(school_id).lead_role, now=now, by=by)
        count_decision(school_id)
        record_event(
            action="tell homes apart",
            by=by,
            subject_type="contact point",
            subject_id=way,
            now=now,
            school_id=school_id,
            detail={"from": shut},
        )


_TELL_APART = f"""
INSERT INTO people_hometoldapart (school_id, way_id, shut_id, told_at, told_by)
SELECT c.school_id, c.id, b.id, %(now)s, %(by)s
FROM people_contactpoint c
JOIN {ALIKE}
WHERE c.school_id = %(school)s AND c.id = %(way)s AND b.id = %(shut)s AND c.channel = 'post' AND NOT {TOLD_APART}
"""  # noqa: S608 - constants


def say_one_home(school_id: int, *, way: int, shut: int, by: Actor, now: datetime) -> bool:
    """A named person says that two addresses are one home, also if somebody told them apart before. Returns whether
    that is new. The home is closed, and nobody is asked about the two again.

    Raises HomeNotShared, and ReviewerNotNamed for a role without a name.
    """
    require_a_person(by, fact="Which homes are one is said by a named person.")
    with tenant(school_id):
        wait_for_roll(school_id)
        asked: dict[str, Any] = {"school": school_id, "way": way, "shut": shut, "now": now, "by": by.text}
        with connection.cursor() as cursor:
            cursor.execute(_IS_ALIKE, asked)
            if cursor.fetchone() is None:
                raise HomeNotShared(
                    f"No home has the number {way} and is like way {shut}.",
                    "See the numbers of homes that are shared. An inbox or a phone is never told apart.",
                )
            cursor.execute(_NOT_APART, asked)
            cursor.execute(_SAY_ONE, asked)
            new = bool(cursor.rowcount)
        if new:
            settle_shared_homes(school_id, owner=school_by_id(school_id).lead_role, now=now, by=by)
            count_decision(school_id)
            record_event(
                action="say one home",
                by=by,
                subject_type="contact point",
                subject_id=way,
                now=now,
                school_id=school_id,
                detail={"from": shut},
            )
        return new


_IS_ALIKE = f"""
SELECT c.id FROM people_contactpoint c JOIN {ALIKE}
WHERE c.school_id = %(school)s AND c.id = %(way)s AND b.id = %(shut)s AND c.channel = 'post'
"""  # noqa: S608 - constants
_NOT_APART = """
DELETE FROM people_hometoldapart WHERE school_id = %(school)s AND way_id = %(way)s AND shut_id = %(shut)s
"""
_SAY_ONE = """
INSERT INTO people_homesaidone (school_id, way_id, shut_id, said_at, said_by)
VALUES (%(school)s, %(way)s, %(shut)s, %(now)s, %(by)s) ON CONFLICT DO NOTHING
"""
