"""A way out of a cell with more in it than a way only ever closes. It is not hers, and no message goes there."""

from __future__ import annotations

import psycopg
import pytest

from everyfamily.core.actors import Actor
from everyfamily_postgres.launcher import Server
from everyfamily_postgres.roles import Role
from tests.factories.city import NOW, City, adult
from tests.integration.database.test_eligibility import sql
from tests.integration.database.test_sending import values

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN = 900001
TWO = "07700 900704 (Karl) / 07700 900703"
LEAD = Actor.typed("Una Marsh")


def opens(city: City) -> None:
    """The lead lets the mother have the letter."""
    from everyfamily.people.actions.decided.restrictions import review_restriction

    link = sql(city, "SELECT min(id) FROM people_care")[0][0]
    review_restriction(city.schools[URN], link=link, decision="none", by=LEAD, now=NOW)


@pytest.mark.parametrize("restriction", ["hold", "do not send", "ask the head first"])
@pytest.mark.parametrize(
    "cells",
    [{"MOBILE": TWO}, {"MOBILE": "07700 900704 (Karl)"}, {"EMAIL": "karl@example.org (Karl)"}],
    ids=["two numbers", "a number and a name", "an inbox and a name"],
)
def test_what_was_not_kept_gets_nothing_when_she_is_opened(
    city: City, restriction: str, cells: dict[str, str]
) -> None:
    mother = adult("P1", "Dee Marsh", RESTRICTION=restriction, **cells)
    city.school(URN, [mother, adult("P2", "Mo Reed", EMAIL="mo@example.org")], order=["email", "text"])
    city.open()
    assert sql(city, "SELECT count(*) FROM people_contactpoint WHERE value IS NOT NULL") == [(1,)]
    opens(city)
    city.send()
    assert values(city) == {"mo@example.org": 1}


def test_a_clean_cell_beside_it_is_used(city: City) -> None:
    mother = adult("P1", "Dee Marsh", RESTRICTION="hold", EMAIL="dee@example.org", MOBILE=TWO)
    city.school(URN, [mother], order=["text", "email"])
    city.open()
    opens(city)
    city.send()
    assert values(city) == {"dee@example.org": 1}


def test_a_file_empties_what_an_earlier_version_kept(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import open_vault
    from everyfamily.people.models import ContactPoint

    mother = adult("P1", "Dee Marsh", RESTRICTION="hold", MOBILE=TWO)
    school = city.school(URN, [mother], order=["text"])
    with tenant(school):
        vault = open_vault(school, now=NOW)
        for one in ContactPoint.objects.all():
            ContactPoint.objects.filter(pk=one.pk).update(value=vault.encrypt("contact", one.pk, "+447700900704"))
    city.import_rows(URN, [mother])
    assert sql(city, "SELECT count(*) FROM people_contactpoint WHERE value IS NOT NULL") == [(0,)]
    assert sql(city, "SELECT count(*) FROM people_contactpoint") == [(2,)]


def test_the_update_empties_what_closes_and_nothing_of_the_others(city: City, database: Server) -> None:
    """The SQL of the migration, as the tables' owner runs it, over rows that are there."""
    from everyfamily.people.sql.words_sql import EMPTY_CLOSED_WAYS

    silent = adult("P2", "Mo Reed", RESTRICTION="", EMAIL="mo@example.org")
    city.school(URN, [adult("P1", "Dee Marsh", RESTRICTION="hold", EMAIL="dee@example.org"), silent])
    with psycopg.connect(database.dsn(Role.OWNER)) as owner:
        owner.execute(EMPTY_CLOSED_WAYS)
    kept = (
        "SELECT c.restriction FROM people_contactpoint o JOIN people_care c ON c.parent_id = o.parent_id WHERE "
    )
    assert sql(city, f"{kept} o.value IS NOT NULL") == [("unknown",)]
    assert sql(city, f"{kept} o.value IS NULL AND o.closing_keys <> ''") == [("hold",)]
    with psycopg.connect(database.dsn(Role.OWNER)) as owner:
        forced = owner.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'people_contactpoint'")
        assert forced.fetchone() == (True,)
