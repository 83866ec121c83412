"""A school's own page, several schools of one person, a deputy, and a lead who leaves."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, address, adult
from tests.factories.school_pages import (
    MOST_QUERIES,
    OURS,
    THEIRS,
    lead_of,
    place,
    questions_of,
    somebody,
    words_of,
)

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.usefixtures("served_pages")]

ROLL = [
    adult("P1", "Ana Ferris", EMAIL="ana@example.org", **address(1)),
    adult("P2", "Bo Ferris", **address(2)),
    adult("P3", "Cay Ferris", EMAIL="cay@example.org", RESTRICTION="hold"),
    adult("P4", "Dee Ferris", HAS_CARE="no"),
    adult("P5", "Eli Ferris", RESTRICTION="do not send"),
]


def _plan(city: City) -> None:
    from everyfamily.mailings.models import MailingSchool

    city.open()
    MailingSchool.objects.update(wave_at=NOW + timedelta(hours=20))


def test_before_a_wave_it_says_by_which_way_first_and_the_numbers_add_up_to_the_roll(city: City) -> None:
    school = city.school(OURS, ROLL)
    _plan(city)
    for who in (lead_of(school), somebody("Priya Nand", (Role.OFFICE, school))):
        words = words_of(who.get(place(""), secure=True))
        assert (
            "The spring letter, as planned First way Children Email 1 Post 1 Waits for a decision 1 "
            "No way that works yet 1 Nobody may have it 1 On roll 5" in words
        )
    dpo = words_of(somebody("Hari Stone", (Role.DPO, school)).get(place(""), secure=True))
    assert "First way" not in dpo


def test_once_it_goes_out_the_plan_is_gone(city: City) -> None:
    school = city.school(OURS, ROLL)
    city.open()
    city.send()
    page = lead_of(school).get(place(""), secure=True)
    assert "First way" not in words_of(page)
    assert f'href="{place("families/")}">See each child' in page.content.decode()


def test_the_first_way_is_the_way_that_is_then_taken(city: City) -> None:
    from everyfamily.mailings.queries.first_ways import first_ways_of
    from everyfamily.people.queries import school_by_urn

    city.school(OURS, ROLL)
    city.open()
    planned = {first.value: count for first, count in first_ways_of(school_by_urn(OURS)).items() if count}
    city.send()
    sent = [str(line["channel"]) for line in city.outbox()]
    assert (planned["Email"], planned["Post"]) == (sent.count("email"), sent.count("post"))
    assert "Paper, by you" not in planned


def test_a_card_leads_to_the_page_that_does_it(city: City) -> None:
    school = city.school(OURS, ROLL, attests=False)
    _plan(city)
    page = lead_of(school).get(place(""), secure=True).content.decode()
    assert f'href="{place("attest/")}">Check and attest' in page
    assert "everyfamily attest" not in page


def test_the_page_asks_as_many_questions_for_a_large_school(city: City) -> None:
    many = [adult(f"P{n}", f"Ana Ferris {n}", EMAIL=f"a{n}@example.org", RESTRICTION="hold") for n in range(60)]
    first, second = city.school(OURS, many[:6]), city.school(THEIRS, many)
    _plan(city)
    few = questions_of(lead_of(first), place(""))
    assert few == questions_of(lead_of(second, "Ada Clarke"), place("", THEIRS))
    assert few <= MOST_QUERIES


def test_a_lead_of_several_schools_changes_school_on_the_page_of_the_same_part(city: City) -> None:
    ours, theirs, itself = city.school(OURS, ROLL), city.school(THEIRS, ROLL), city.school(900101, sends="school")
    lead = somebody("Dev Marchetti", *((Role.LEAD, one) for one in (ours, theirs, itself)))
    for part in ("attest/", "settings/", "pause/", "people/", "audit/", ""):
        page = lead.get(place(part), secure=True).content.decode()
        assert f'<p class="at-school-name">Quayfield School {OURS}</p>' in page, part
        assert f'href="{place(part, THEIRS)}"' in page, part
    # A school that sends itself has nothing to attest, so its own page is where the way leads.
    page = lead.get(place("attest/"), secure=True).content.decode()
    assert f'href="{place("", 900101)}"' in page
    assert f'href="{place("attest/", 900101)}"' not in page
    # Below a part, nothing of the address is taken along.
    assert f'href="{place("attest/", THEIRS)}"' in lead.get(place("attest/done/"), secure=True).content.decode()


def test_somebody_with_one_school_is_not_asked_which(city: City) -> None:
    school = city.school(OURS, ROLL)
    city.school(THEIRS, ROLL)
    page = lead_of(school).get(place("attest/"), secure=True).content.decode()
    assert "Change school" not in page
    assert str(THEIRS) not in page


def test_every_form_of_a_school_posts_to_the_same_school(city: City) -> None:
    ours, theirs = city.school(OURS, ROLL), city.school(THEIRS, ROLL)
    _plan(city)
    lead = somebody("Dev Marchetti", (Role.LEAD, ours), (Role.LEAD, theirs))
    # The role of an only lead cannot be ended, so a page of people would have no form.
    somebody("Ada Clarke", (Role.LEAD, ours), (Role.LEAD, theirs))
    for part in ("attest/", "pause/", "settings/", "people/"):
        for urn in (OURS, THEIRS):
            page = lead.get(place(part, urn), secure=True).content.decode()
            actions = re.findall(r'<form[^>]* action="(/schools/[^"]+)"', page)
            assert actions, part
            assert {one.split("/")[2] for one in actions} == {str(urn)}, part


def test_a_deputy_does_what_a_lead_does(city: City) -> None:
    school = city.school(OURS, ROLL)
    deputy = lead_of(school, "Ada Clarke")
    lead_of(school)
    for part in ("", "attest/", "pause/", "settings/"):
        assert deputy.get(place(part), secure=True).status_code == 200


def test_a_lead_whose_role_ends_is_out_with_the_next_request_and_their_work_stays(city: City) -> None:
    from everyfamily.accounts.models import Membership

    school = city.school(OURS, ROLL)
    _plan(city)
    lead, deputy = lead_of(school), lead_of(school, "Ada Clarke")
    lead.post(place("pause/"), {}, secure=True)
    Membership.objects.filter(account__name="Dev Marchetti").update(ended_at=NOW, ended_by="Ada Clarke")
    for part in ("", "attest/", "pause/", "settings/"):
        assert lead.get(place(part), secure=True).status_code == 404
        assert lead.post(place(part), {}, secure=True).status_code == 404
    page = deputy.get(place("pause/"), secure=True)
    assert "Paused by Dev Marchetti" in words_of(page)
    seen = page.content.decode().partition('name="seen" value="')[2].partition('"')[0]
    assert deputy.post(place("pause/end/"), {"seen": seen}, secure=True).status_code == 302
    assert "Decide who may have the letter: 1 decision" in words_of(deputy.get(place(""), secure=True))
