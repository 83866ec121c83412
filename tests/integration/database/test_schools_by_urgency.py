"""Somebody with several schools sees first where something is urgent, and does it from one list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, adult
from tests.factories.school_pages import served, somebody

pytestmark = [pytest.mark.database, pytest.mark.slow]

CALM, WAITS, SOON, TELLS = 900001, 900002, 900003, 900004
SILENT = {"RESTRICTION": "see file"}


@pytest.fixture(autouse=True)
def _pages(tmp_path: Path) -> Iterator[None]:
    with served(tmp_path):
        yield


def listed(city: City, *roles: Role, name: str = "Tom Rydal") -> str:
    client = somebody(name, *((role, school) for role in roles for school in city.schools.values()))
    answer = client.get("/schools/", secure=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def order(page: str) -> list[int]:
    return [int(urn) for urn in re.findall(r'<h2><a class="govuk-link" href="/schools/(\d+)/"', page)]


def test_what_is_urgent_is_first_then_by_day_and_last_where_nothing_waits(city: City) -> None:
    from everyfamily.people.actions.roll_tasks import open_tasks
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import RollTask

    city.school(CALM, [adult("P1", "Ana Ferris", EMAIL="a@example.org")])
    city.school(WAITS, [adult("P1", "Bo Marsh", **SILENT)])
    city.school(SOON, [adult("P1", "Cal Ombre", **SILENT)])
    with tenant(city.schools[SOON]):
        open_tasks(city.schools[SOON], owner="lead", now=NOW)
        assert RollTask.objects.filter(closed_at=None).update(due_on=(NOW - timedelta(days=1)).date())
    page = listed(city, Role.LEAD)
    assert order(page) == [SOON, WAITS, CALM], "by the day, and not by alphabet"
    assert f'href="/schools/{SOON}/restrictions/"' in page, "the morning is one list"
    assert "It was due" in page

    city.school(TELLS, [adult("P1", "Dee Sample", EMAIL="d@example.org")], attests=False)
    city.open()
    city.send()
    page = listed(city, Role.LEAD, name="Una Marsh")
    assert order(page)[0] == TELLS, "a letter waits for its word, which is urgent"
    assert "Urgent" in page.partition(f'href="/schools/{TELLS}/"')[2].partition("<h2>")[0]


def test_each_school_says_only_what_is_its_own(city: City) -> None:
    city.school(WAITS, [adult(f"P{n}", f"Bo Marsh {n}", **SILENT) for n in range(3)])
    city.school(SOON, [adult("P1", "Cal Ombre", **SILENT)])
    page = listed(city, Role.LEAD)
    for urn, said in ((WAITS, "3 decisions"), (SOON, "1 decision")):
        of_school = page.partition(f'<h2><a class="govuk-link" href="/schools/{urn}/"')[2].partition("<h2>")[0]
        assert said in of_school, urn


def test_to_whom_nothing_is_asked_the_list_is_by_name(city: City) -> None:
    for urn in (SOON, WAITS):
        city.school(urn, [adult("P1", "Bo Marsh", **SILENT)])
    assert order(listed(city, Role.DPO)) == [WAITS, SOON]
