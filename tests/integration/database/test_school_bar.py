"""The bar of a school: the same on every page, with what the person may open and nothing else, and where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from everyfamily.core.permissions import Role
from tests.factories.city import City, adult
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in
from tests.integration.database.test_decision_pages import links

if TYPE_CHECKING:
    from tests.factories.doors import Person

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, ITSELF = 900001, 900002
AT = f"/schools/{URN}/"
OF = {
    Role.LEAD: ["Home", "Roll", "Restrictions", "Families", "Contacts", "Paper", "Letter"],
    Role.OFFICE: ["Home", "Roll", "Families", "Contacts", "Paper", "Letter"],
    Role.HEAD: ["Home", "Roll", "Restrictions", "Families", "Contacts", "Paper", "Letter"],
    Role.DPO: ["Home", "Data requests", "What is kept"],
}


@pytest.fixture(autouse=True)
def _doors(tmp_path: Path) -> Iterator[None]:
    with open_doors(tmp_path):
        yield


@pytest.fixture
def school(city: City) -> int:
    found = city.school(URN, [adult("P1", "Bo Marsh", RESTRICTION="see file", EMAIL="bo@example.org")])
    city.open()
    return found


def bar(client: Person, path: str) -> list[tuple[str, str, str]]:
    """(Name, address, aria-current) of the one menu of a page."""
    answer = client.get(path, secure=True, follow=True)
    assert answer.status_code == 200, path
    (menu,) = re.findall(r'<nav aria-label="Menu">.*?</nav>', answer.content.decode(), re.DOTALL)
    return [
        (name, address, current)
        for address, current, name in re.findall(r'href="([^"]+)"(?: aria-current="(\w+)")?>([^<]+)</a>', menu)
    ]


@pytest.mark.parametrize("role", list(OF))
def test_each_role_has_what_it_may_open_and_each_place_opens(school: int, role: Role) -> None:
    client = signed_in(role, school_id=school)
    shown = bar(client, AT)
    assert [name for name, _, _ in shown] == OF[role]
    for name, address, _ in shown:
        again = bar(client, address)
        assert [one for one, _, _ in again] == OF[role], "the same on every page"
        assert [one for one, _, current in again if current] == [name], "and it says where one is"


def test_a_page_below_a_part_marks_the_part(school: int) -> None:
    lead, link = signed_in(Role.LEAD, school_id=school), links(school)["Bo Marsh"]
    for path, name, current in (
        (AT, "Home", "page"),
        (f"{AT}attest/", "Home", "true"),
        (f"{AT}people/", "Home", "true"),
        (f"{AT}restrictions/", "Restrictions", "page"),
        (f"{AT}restrictions/{link.pk}/", "Restrictions", "true"),
        (f"{AT}parents/", "Restrictions", "true"),
        (f"{AT}children/{link.pupil_id}/", "Families", "true"),
        (f"{AT}calls/", "Families", "true"),
        (f"{AT}roll/history/", "Roll", "true"),
        (f"{AT}roll/", "Roll", "page"),
        (f"{AT}contacts/", "Contacts", "page"),
    ):
        assert [(one, now) for one, _, now in bar(lead, path) if now] == [(name, current)], path


def test_a_school_that_sends_itself_has_its_letter_and_returns(city: City) -> None:
    itself = city.school(ITSELF, [], sends="school")
    client = signed_in(Role.LEAD, school_id=itself)
    assert [name for name, _, _ in bar(client, f"/schools/{ITSELF}/")] == ["Home", "Letter", "Returns"]


def test_on_the_first_day_the_bar_has_only_what_is_left(school: int) -> None:
    from datetime import UTC, datetime, timedelta

    from everyfamily.accounts.models import Membership

    client = signed_in(Role.LEAD, school_id=school)
    Membership.objects.update(full_from=datetime.now(UTC) + timedelta(hours=20))
    names = [name for name, _, _ in bar(client, AT)]
    assert names == ["Home", "Restrictions", "Families", "Letter"]


def test_a_page_that_is_no_school_s_has_the_menu_of_the_person(school: int) -> None:
    client = signed_in(Role.LEAD, school_id=school)
    names = [name for name, _, _ in bar(client, "/")]
    assert names == ["Home", "Your schools", "Check a letter"]


def test_a_refusal_at_a_school_has_the_bar_too(school: int) -> None:
    client = signed_in(Role.OFFICE, school_id=school)
    answer = client.get(f"{AT}attest/", secure=True)
    assert answer.status_code == 403
    assert f'href="{AT}contacts/"' in answer.content.decode()
