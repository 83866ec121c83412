"""Contacts of a school's families that do not work: what failed, why, since when, and whose child it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Max

from everyfamily.mailings.models import Attempt
from everyfamily.people.actions.decided.dead_ways import ChildOfAdult, children_of_adults, failed_ways
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import open_vault


@dataclass(frozen=True, slots=True)
class ChildShown:
    """A child of the adult."""

    pupil: int
    own_id: str
    """The school's own id, or blank once it is purged."""
    class_name: str


@dataclass(frozen=True, slots=True)
class FailedContact:
    """One contact that does not work, without its value and without a name. Only for the school, never for a log."""

    way: int
    channel: str
    reason: str
    is_dead: bool
    """Nothing is sent to it. False for a home that a letter came back from."""
    since: datetime | None
    """When it failed last; None if that is not known any more."""
    relationship: str
    children: tuple[ChildShown, ...]


def failed_contacts(
    school_id: int, *, now: datetime, after: int = 0, limit: int | None = None
) -> list[FailedContact]:
    """Contacts of adults who may have the letter that are dead or that post came back from, by channel.

    At most `limit`, after the row `after`. Raises SchoolKeyDestroyed.
    """
    with tenant(school_id):
        ways = failed_ways(school_id, _returned(school_id), after=after, limit=limit)
        if not ways:
            return []
        vault = open_vault(school_id, now=now)
        since = _since(school_id, [one.way for one in ways])
        children: dict[int, list[ChildOfAdult]] = {}
        for child in children_of_adults(school_id, {one.adult for one in ways}):
            children.setdefault(child.adult, []).append(child)
        return [
            FailedContact(
                one.way,
                one.channel,
                one.reason,
                one.is_dead,
                since.get(one.way),
                _first_said(children.get(one.adult, ())),
                tuple(
                    ChildShown(
                        child.pupil,
                        vault.decrypt("pupil", child.pupil, bytes(child.own_id)) if child.own_id else "",
                        child.class_name,
                    )
                    for child in children.get(one.adult, ())
                ),
            )
            for one in ways
        ]


def _first_said(children: Collection[ChildOfAdult]) -> str:
    return next((child.relationship for child in children if child.relationship), "")


def _returned(school_id: int) -> list[int]:
    """Homes from which the last letter came back."""
    with connection.cursor() as cursor:
        cursor.execute(_RETURNED, [school_id])
        return [row[0] for row in cursor.fetchall()]


_RETURNED = """
SELECT t.contact_point_id FROM (
  SELECT DISTINCT ON (a.contact_point_id) a.contact_point_id, a.status FROM mailings_attempt a
  WHERE a.school_id = %s AND a.channel = 'post' AND a.contact_point_id IS NOT NULL
  ORDER BY a.contact_point_id, a.id DESC) t
WHERE t.status = 'returned'
"""


def _since(school_id: int, ways: Collection[int]) -> dict[int, datetime]:
    failed = Attempt.objects.filter(
        school_id=school_id, contact_point_id__in=ways, status__in=("permanent-failure", "returned")
    )
    return dict(failed.values_list("contact_point_id").annotate(Max("changed_at")))
