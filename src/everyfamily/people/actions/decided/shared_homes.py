"""Homes that look like the home of somebody who may not have the letter, and a person who tells them apart.

Such a home is closed (people/sql/eligibility_sql.py). Where two addresses may be one home and may be two
(same_home.py) a person is asked, once. Two homes are told apart one at a time, by name, and only from the adults
who were seen: somebody else who moves in closes the home again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from everyfamily.audit.actions import record_event
from everyfamily.core.actors import Actor
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.keys.vault import Vault
from everyfamily.people.actions.decided.home_pairs import IS_ALIKE, TELL_APART, HomePair, pair_of, pairs_of
from everyfamily.people.actions.decided.restrictions import require_a_person
from everyfamily.people.actions.decisions import count_decision
from everyfamily.people.actions.roll_lock import wait_for_roll
from everyfamily.people.actions.roll_tasks import settle_shared_homes
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault
from everyfamily.people.models import Care, ContactPoint, Parent, here
from everyfamily.people.queries import school_by_id


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
        pairs = [one for one in pairs_of(school_id) if not one.is_told_apart]
        pairs.sort(key=lambda one: (not one.is_doubted, one.channel != "post", one.way, one.shut))
        return _opened(school_id, pairs, open_vault(school_id, now=now))


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
        pairs = pairs_of(school_id)
        lists = {one: [pair for pair in pairs if _which(pair) is one] for one in Homes}
        found = [pair for pair in lists[which] if pair.way >= start]
        more = found[limit].way if len(found) > limit else None
        counts = (len(lists[one]) for one in Homes)
        return SharedPage(_opened(school_id, found[:limit], vault), more, *counts)


def _which(pair: HomePair) -> Homes:
    if pair.is_told_apart:
        return Homes.APART
    return Homes.DOUBTED if pair.is_doubted else Homes.SURE


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
        pair = pair_of(school_id, way=way, shut=shut)
        if pair is None:
            return None
        points = ContactPoint.objects.filter(school_id=school_id, pk__in=[way, shut])
        kept = {
            one.pk: vault.decrypt("contact", one.pk, bytes(one.value)) if one.value is not None else ""
            for one in points
        }
        [shared] = _opened(school_id, [pair], vault)
        return PairOfHomes(shared, kept[way], kept[shut], is_told_apart=pair.is_told_apart)


def _opened(school_id: int, pairs: Sequence[HomePair], vault: Vault) -> list[SharedWay]:
    """The same with names and the school's own ids."""
    adults = {one.adult for one in pairs} | {one.shut_adult for one in pairs}
    parents = Parent.objects.filter(school_id=school_id, pk__in=adults).values_list("id", "name")
    names = {adult: vault.decrypt("parent", adult, bytes(name)) if name else "" for adult, name in parents}
    links = Care.objects.filter(here("pupil__"), school_id=school_id, parent_id__in={one.adult for one in pairs})
    pupils: dict[int, list[str]] = {}
    for adult, pupil, own_id in links.order_by("pupil_id").values_list(
        "parent_id", "pupil_id", "pupil__id_encrypted"
    ):
        pupils.setdefault(adult, []).append(vault.decrypt("pupil", pupil, bytes(own_id)) if own_id else "")
    return [
        SharedWay(
            one.way,
            one.adult,
            names[one.adult],
            tuple(pupils.get(one.adult, ())),
            one.channel,
            one.is_doubted,
            one.shut,
            names[one.shut_adult],
        )
        for one in pairs
    ]


def tell_apart(school_id: int, *, way: int, shut: int, by: Actor, now: datetime) -> None:
    """A named person says that a home does not belong to one adult who closes it (`shut`, as `shared_ways` shows it).

    Once nobody closes it any more, the letter may go there again. Raises HomeNotShared, MayOnlyClose, and
    ReviewerNotNamed for a role without a name.
    """
    by.require_may_open()
    require_a_person(by)
    with tenant(school_id):
        wait_for_roll(school_id)
        with connection.cursor() as cursor:
            cursor.execute(TELL_APART, {"school": school_id, "way": way, "shut": shut, "now": now, "by": by.text})
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
            cursor.execute(IS_ALIKE, asked)
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


_NOT_APART = """
DELETE FROM people_hometoldapart WHERE school_id = %(school)s AND way_id = %(way)s AND shut_id = %(shut)s
"""
_SAY_ONE = """
INSERT INTO people_homesaidone (school_id, way_id, shut_id, said_at, said_by)
VALUES (%(school)s, %(way)s, %(shut)s, %(now)s, %(by)s) ON CONFLICT DO NOTHING
"""
