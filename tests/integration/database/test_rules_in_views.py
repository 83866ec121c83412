"""Each row of the spec tables, through the views that the database publishes: they say what the pure rules say.

The same rows run through the pure rules in tests/spec. Here each table becomes rows of one school, read in one look.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from everyfamily.core.adults.eligibility import LinkFacts, closes_shared_ways
from tests.factories.city import NOW, City
from tests.spec.test_who_may_have_it import TABLE

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
type Answers = dict[str, object]
"""Name of a row of a table -> what is said of it."""


class School:
    """Writes adults, children and ways of one school, each known by the row that it was made for."""

    def __init__(self, school_id: int) -> None:
        self._school = school_id
        self._made = 0

    def adult(self, *, objects: bool = False) -> int:
        from everyfamily.people.models import Parent

        return Parent.objects.create(
            school_id=self._school,
            identity_hash=self._next(),
            objects_at=NOW if objects else None,
            objects_by="test" if objects else None,
        ).pk

    def child(self, *, left: bool = False, died: bool = False, purged: bool = False, year_group: str = "") -> int:
        from everyfamily.people.models import Pupil

        return Pupil.objects.create(
            school_id=self._school,
            id_hash=self._next(),
            year_group=year_group,
            id_encrypted=None if purged else b"\x00",
            on_roll_from=NOW.date(),
            on_roll_to=NOW.date() if left else None,
            died_known_at=NOW if died else None,
            died_known_by="test" if died else None,
        ).pk

    def link(self, link: dict[str, Any], *, parent: int | None = None, purged: bool = False) -> int:
        from everyfamily.people.models import Care

        facts = LinkFacts(**link)
        return Care.objects.create(
            school_id=self._school,
            parent_id=self.adult() if parent is None else parent,
            pupil_id=self.child(left=not facts.here, purged=purged, year_group=str(facts.up_to_year)),
            relationship="other",
            parental_responsibility=facts.parental_responsibility,
            has_care=facts.has_care,
            restriction=facts.restriction,
            restriction_reason=facts.reason,
            parent_or_carer=facts.said,
            parent_or_carer_at=NOW if facts.said else None,
            parent_or_carer_by="test" if facts.said else None,
        ).pk

    def way(self, *, status: str, purged: bool) -> int:
        from everyfamily.people.models import ContactPoint

        return ContactPoint.objects.create(
            school_id=self._school,
            parent_id=self.adult(),
            channel="email",
            value=None if purged else b"\x00",
            value_hash=self._next(),
            status=status,
        ).pk

    def _next(self) -> bytes:
        self._made += 1
        return f"{self._made}".encode()


def rows(sql: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def made(kind: str, make: Callable[[dict[str, Any]], int]) -> dict[int, str]:
    """Each row of a table in the database: its id there -> its name."""
    return {make(row): row["name"] for row in TABLE[kind]}


def said(kind: str, key: str) -> Answers:
    return {row["name"]: row[key] for row in TABLE[kind]}


def test_every_row_about_who_may_have_it_is_the_views_too(city: City) -> None:
    from everyfamily.mailings.actions.planning.planning import ADULTS
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, attests=False)
    with tenant(city.schools[URN]):
        school = School(city.schools[URN])

        def adult(row: dict[str, Any]) -> int:
            parent = school.adult(objects=row.get("objects", False))
            for link in row["links"]:
                school.link(link, parent=parent)
            return parent

        adults = made("adult", adult)
        closing = made("closes", lambda row: school.link(row["link"]))
        papers = made("paper", lambda row: school.link(row.get("link", {}), purged=row.get("purged", False)))
        children = made(
            "child", lambda row: school.child(left=row.get("left", False), died=row.get("died", False))
        )
        ways = made(
            "way",
            lambda row: school.way(status=row.get("status", "usable"), purged=row.get("purged", False)),
        )
        first_year = {row["name"]: row.get("from_year", 0) for row in TABLE["adult"]}
        standing = {
            who: "may have it" if may else "a person decides" if asked else "may not have it"
            for first in set(first_year.values())
            for who, may, _, asked in rows(
                ADULTS, {"school": city.schools[URN], "from_year": first, "on_old_word": True}
            )
            if first_year.get(adults.get(who, "")) == first
        }
        closes = dict(rows("SELECT id, closes_shared_ways FROM people_link"))
        here = dict(rows("SELECT id, is_here FROM people_child"))
        on_roll = {row[0] for row in rows("SELECT id FROM people_child_on_roll")}
        usable = dict(rows("SELECT id, is_usable FROM people_known_way"))
        assert dict(rows("SELECT id, is_usable FROM people_way")) == usable
        carried = {
            row[0] for row in rows("SELECT l.id FROM people_link l JOIN people_paper_way USING (parent_id)")
        }
        objects = dict(rows("SELECT id, objects FROM people_adult"))
        objectors = {row[0] for row in rows("SELECT parent_id FROM people_objection")}
    assert {name: standing.get(who, "may not have it") for who, name in adults.items()} == said(
        "adult", "standing"
    )
    assert {name: closes[link] for link, name in closing.items()} == said("closes", "closes")
    assert {name: here[child] for child, name in children.items()} == said("child", "here")
    assert {name: child in on_roll for child, name in children.items()} == said("child", "here")
    assert {name: usable[way] for way, name in ways.items()} == said("way", "usable")
    assert {name: link in carried for link, name in papers.items()} == said("paper", "carries")
    asked = {row["name"] for row in TABLE["adult"] if row.get("objects")}
    assert {name for who, name in adults.items() if objects[who]} == asked
    assert {name for who, name in adults.items() if who in objectors} == asked


def test_a_childs_year_is_the_views_too(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import School as SchoolRow

    city.school(URN, attests=False)
    with tenant(city.schools[URN]):
        school = School(city.schools[URN])
        for row in TABLE["year"]:
            SchoolRow.objects.filter(pk=city.schools[URN]).update(phase=row["phase"])
            child = school.child(year_group=row["year_group"])
            found = rows("SELECT up_to_year FROM people_child_year WHERE id = %(child)s", {"child": child})
            assert found == [(row["up_to_year"],)], row["name"]


def test_every_link_that_can_be_stored_is_the_views_too(city: City) -> None:
    """Not only the rows of the table: each combination of what a link may say."""
    from itertools import product

    from everyfamily.core.rolls.model.roll_rows import RESTRICTION_REASONS, RESTRICTIONS, YES_NO_UNKNOWN
    from everyfamily.people.database.tenancy import tenant

    city.school(URN, attests=False)
    fields = ("parental_responsibility", "has_care", "said")
    both = (YES_NO_UNKNOWN, YES_NO_UNKNOWN, ("", "yes", "no"))
    cases = [dict(zip(fields, values, strict=True)) for values in product(*both)]
    held = ("restriction", "reason")
    cases += [dict(zip(held, values, strict=True)) for values in product(RESTRICTIONS, RESTRICTION_REASONS)]
    with tenant(city.schools[URN]):
        school = School(city.schools[URN])
        links = {school.link(case): LinkFacts(**case) for case in cases}
        found = {
            row: tuple(flags)
            for row, *flags in rows(
                "SELECT id, is_entitled, is_unclear, is_open, closes_shared_ways FROM people_link"
            )
        }
    assert {link: found[link] for link in links} == {
        link: (
            facts.is_entitled,
            facts.is_unclear,
            facts.restriction == "none" and facts.is_entitled,
            closes_shared_ways(facts.restriction, facts.reason),
        )
        for link, facts in links.items()
    }


def test_what_attempts_prove_is_the_views_too(city: City) -> None:
    """The rows of the table, every attempt by itself, and every pair of attempts, each as one delivery."""
    from itertools import combinations, product

    from everyfamily.core.sending.fallback import (
        UNDER_WAY,
        AttemptStatus,
        Channel,
        at_close,
        at_withdrawal,
        proven,
    )
    from everyfamily.mailings.models import Attempt, Delivery
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Parent
    from tests.spec.test_proof import ROWS, tried_in

    school_id = city.school(URN, attests=False)
    mailing_id = city.open()
    single = list(product(Channel, AttemptStatus))
    cases = [*map(tried_in, ROWS), *([one] for one in single), *map(list, combinations(single, 2))]
    # One attempt of a delivery may be open at a time: the database refuses a second.
    cases = [tried for tried in cases if sum(status in UNDER_WAY for _, status in tried) < 2]
    with tenant(school_id):
        parents = Parent.objects.bulk_create(
            Parent(school_id=school_id, identity_hash=f"{number}".encode()) for number in range(len(cases))
        )
        deliveries = Delivery.objects.bulk_create(
            Delivery(school_id=school_id, mailing_id=mailing_id, parent=parent, planned_at=NOW)
            for parent in parents
        )
        Attempt.objects.bulk_create(
            Attempt(
                school_id=school_id,
                delivery=delivery,
                option_key=f"{number}",
                channel=channel,
                status=status,
                created_at=NOW,
                changed_at=NOW,
            )
            for delivery, tried in zip(deliveries, cases, strict=True)
            for number, (channel, status) in enumerate(tried)
        )
        found = {
            row: (state, *ends)
            for row, state, *ends in rows(
                "SELECT id, proven, at_close, at_withdrawal FROM mailings_delivery_proof"
            )
        }
    assert len(cases) > 700
    for delivery, tried in zip(deliveries, cases, strict=True):
        said_here = (proven(tried), at_close(tried), at_withdrawal(tried))
        assert found[delivery.pk] == said_here, tried
