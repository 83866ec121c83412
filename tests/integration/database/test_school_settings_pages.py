"""A school's settings in a browser: what a lead may change, and what only the partnership may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.permissions import Role
from tests.factories.city import City
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

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.usefixtures("served_pages")]

GOOD = {
    "lead_role": "Deputy head",
    "phone": "0151 496 0200",
    "has_rung": "yes",
    "keep_days": "14",
    "channels": "paper",
}


def _seen(client: Client) -> str:
    page = client.get(place("settings/"), secure=True).content.decode()
    return page.partition('name="seen" value="')[2].partition('"')[0]


def _save(client: Client, seen: str, urn: int = OURS, **values: str) -> Any:
    return client.post(place("settings/", urn), GOOD | values | {"seen": seen}, secure=True)


def _school(urn: int = OURS) -> Any:
    from everyfamily.people.models import School

    return School.objects.get(urn=urn)


def test_a_lead_changes_four_things_and_it_is_in_the_trail_without_values(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    lead = lead_of(city.school(OURS))
    answer = _save(lead, _seen(lead))
    assert (answer.status_code, answer["Location"]) == (302, place("settings/"))
    school = _school()
    assert (school.lead_role, school.phone, school.keep_days) == ("Deputy head", "0151 496 0200", 14)
    assert school.phone_checked_by == "Dev Marchetti"
    assert school.channel_policy == {"order": ["post", "pupil post"]}
    with tenant(school.pk):
        event = AuditEvent.objects.get(action="change school")
    assert (event.actor, event.detail) == (
        "Dev Marchetti",
        {
            "changed": "the lead’s role, the telephone number, how we send, days kept, from 30 to 14, "
            "the number was rung"
        },
    )
    words = words_of(lead.get(place("settings/"), secure=True))
    assert words.count("Saved.") == 1
    assert "Dev Marchetti rang 0151 496 0200 on 2 March 2027." in words


def test_nobody_at_a_school_changes_who_sends_or_the_mailbox_whatever_they_post(city: City) -> None:
    from everyfamily.people.models import School

    lead = lead_of(city.school(OURS))
    School.objects.update(mailbox="office@quayfield.example.org")
    _save(lead, _seen(lead), sends="school", mailbox="mine@example.org", name="Mine", urn_="1", decisions="0")
    school = _school()
    assert (school.sends, school.mailbox) == ("us", "office@quayfield.example.org")
    assert school.name == f"Quayfield School {OURS}"
    assert "ask your partnership’s coordinator" in words_of(lead.get(place("settings/"), secure=True))


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept(city: City) -> None:
    lead = lead_of(city.school(OURS))
    for values, said in (
        ({"phone": "ring Mrs Marsh"}, "There are words beside the number"),
        ({"keep_days": "400"}, "The days are not a whole number up to 365."),
        ({"lead_role": ""}, "Say what your safeguarding lead is called"),
        ({"channels": "pigeon"}, "This is not one of the choices."),
        ({"lead_role": "<script>alert(1)</script>", "keep_days": "x"}, "The days are not a whole number"),
    ):
        answer = _save(lead, _seen(lead), **values)
        assert answer.status_code == 422
        assert said in words_of(answer)
        assert "<script>alert" not in answer.content.decode()
        assert 'value="0151 496 0200"' in answer.content.decode() or "phone" in values
    answer = _save(lead, _seen(lead), lead_role="", phone="ring Mrs Marsh", keep_days="400")
    for field in ("lead_role", "phone", "keep_days"):
        assert f'<a href="#{field}">' in answer.content.decode(), "all at once, each with a link to its field"
        assert f'id="{field}-error"' in answer.content.decode()
    assert _school().keep_days == 30


def test_two_leads_at_once_lose_nothing_and_a_second_press_does_nothing(city: City) -> None:
    school = city.school(OURS)
    first, second = lead_of(school), lead_of(school, "Ada Clarke")
    seen = _seen(second)
    _save(first, _seen(first))
    assert _save(first, seen).status_code == 302
    answer = _save(second, seen, lead_role="Head of pastoral care")
    assert answer.status_code == 409
    words = words_of(answer)
    assert "Somebody changed these settings while this page was open." in words
    assert "What your lead is called: now Deputy head" in words
    assert 'value="Head of pastoral care"' in answer.content.decode()
    assert _school().lead_role == "Deputy head"


@pytest.mark.parametrize("role", [Role.OFFICE, Role.DPO])
def test_only_a_lead_of_the_school_opens_them(city: City, role: Role) -> None:
    school = city.school(OURS)
    city.school(THEIRS)
    assert _save(somebody("Priya Nand", (role, school)), "").status_code == 403
    assert _save(lead_of(school), "", THEIRS).status_code == 404
    assert (_school().keep_days, _school(THEIRS).keep_days) == (30, 30)


def test_a_school_that_sends_itself_is_asked_for_its_number_and_its_leads_role_only(city: City) -> None:
    lead = lead_of(city.school(OURS, sends="school"))
    page = lead.get(place("settings/"), secure=True)
    assert "By which ways do we write" not in words_of(page)
    assert _save(lead, _seen(lead), keep_days="30", channels="all").status_code == 302
    assert _school().lead_role == "Deputy head"


def test_a_policy_that_no_choice_makes_is_shown_and_kept(city: City) -> None:
    lead = lead_of(city.school(OURS, order=["email", "pupil post"]))
    assert "As it is now: Email, then paper that the child takes home" in words_of(
        lead.get(place("settings/"), secure=True)
    )
    _save(lead, _seen(lead), channels="")
    assert _school().channel_policy == {"order": ["email", "pupil post"]}


def test_the_page_asks_few_questions(city: City) -> None:
    assert questions_of(lead_of(city.school(OURS)), place("settings/")) <= MOST_QUERIES
