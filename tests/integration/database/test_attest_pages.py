"""A lead attests in a browser: what the page says, what it writes, and what it refuses."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, City, adult
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

OPEN = adult("P2", "Bo Ferris", EMAIL="bo@example.org")
HELD = adult("P1", "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="hold")
CLOSED = adult("P1", "Cay Ferris", EMAIL="cay@example.org", RESTRICTION="do not send")
NOT_SAID = adult("P3", "Dee Ferris", EMAIL="dee@example.org", RESTRICTION="")
UNCLEAR = adult("P4", "Eli Ferris", EMAIL="eli@example.org", PARENTAL_RESPONSIBILITY="", HAS_CARE="")
ROLL = [OPEN, HELD, CLOSED, NOT_SAID, UNCLEAR]
BY = Actor.typed("Una Marsh")


def _form(client: Client, urn: int = OURS) -> dict[str, str]:
    """What the page's own form would post, with no tick."""
    page = client.get(place("attest/", urn), secure=True)
    assert page.status_code == 200
    return dict(
        re.findall(r'<input type="hidden" name="(seen|word|trail|waited)" value="(\d+)">', page.content.decode())
    )


def _attest(client: Client, form: dict[str, str], *ticks: str, urn: int = OURS) -> Any:
    return client.post(place("attest/", urn), form | dict.fromkeys(ticks, "yes"), secure=True)


def _said(school_id: int) -> list[str]:
    """Who gave their word in this test."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Attestation

    with tenant(school_id):
        found = Attestation.objects.filter(school_id=school_id).exclude(attested_by="lead").order_by("id")
        return list(found.values_list("attested_by", flat=True))


def _restrictions(school_id: int) -> list[str]:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    with tenant(school_id):
        return sorted(Care.objects.filter(school_id=school_id).values_list("restriction", flat=True))


def test_the_page_says_in_numbers_what_the_lead_vouches_for_and_by_whose_name(city: City) -> None:
    school = city.school(OURS, ROLL)
    answer = lead_of(school).get(place("attest/"), secure=True)
    words = words_of(answer)
    assert "4 children, and 1 adult who may have the letter." in words
    assert "2 decisions wait for you , one for each adult and child" in words
    assert "1 decision says that an adult must not have the letter." in words
    assert "For 1 of the decisions that wait for you, your roll says nothing about restrictions." in words
    assert "Your roll leaves 1 decision open: whether an adult" in words
    assert (
        "I say this as Dev Marchetti , designated safeguarding lead of Quayfield School 900001 , "
        "as of Tuesday 2 March 2027, 9am." in words.replace("900001,", "900001 ,")
    )
    assert "It counts until Wednesday 3 March, 9am." in words
    assert "Every restriction is right, and every child who has left or died is marked." in words
    page = answer.content.decode()
    assert page.count('type="checkbox"') == 3
    assert not re.search(r"<input[^>]* checked", page)
    assert "Ferris" not in page
    assert len(answer.content) <= 60_000


def test_one_action_attests_lifts_and_calls_parents_and_the_next_page_says_until_when(city: City) -> None:
    school = city.school(OURS, ROLL)
    lead = lead_of(school)
    answer = _attest(lead, _form(lead), "roll", "restrictions", "parents")
    assert (answer.status_code, answer["Location"]) == (302, place("attest/done/"))
    assert _said(school) == ["Dev Marchetti"]
    assert _restrictions(school) == ["do not send", "hold", "none", "none", "none"]
    words = words_of(lead.get(place("attest/done/"), secure=True))
    assert "Your roll is right, by your word" in words
    assert "Dev Marchetti, Tuesday 2 March 2027, 9am. It counts until Wednesday 3 March, 9am." in words
    assert "1 decision: your roll did not mention restrictions, and by your word there is none." in words
    assert "Ferris" not in words


def test_what_is_not_ticked_stays_closed_and_the_page_and_the_command_do_the_same(city: City) -> None:
    school = city.school(OURS, ROLL)
    before = _restrictions(school)
    lead = lead_of(school)
    _attest(lead, _form(lead), "roll")
    assert _said(school) == ["Dev Marchetti"]
    assert _restrictions(school) == before


def test_nothing_is_written_unless_the_lead_says_that_the_roll_is_right(city: City) -> None:
    school = city.school(OURS, ROLL)
    before = _restrictions(school)
    lead = lead_of(school)
    answer = _attest(lead, _form(lead), "restrictions")
    assert answer.status_code == 422
    assert "Tick “Your roll is right” if you have checked it." in words_of(answer)
    assert re.search(r'name="restrictions"[^>]* checked', answer.content.decode())
    assert "<title>Error: " in answer.content.decode()
    assert (_said(school), _restrictions(school)) == ([], before)


def test_it_is_refused_if_a_file_came_meanwhile_and_the_page_says_who_and_what(city: City) -> None:
    school = city.school(OURS, [OPEN])
    lead = lead_of(school)
    form = _form(lead)
    city.import_rows(OURS, [OPEN, HELD])
    answer = _attest(lead, form, "roll")
    assert answer.status_code == 409
    words = words_of(answer)
    assert "Your roll changed while this page was open" in words
    assert "test put in a roll, 9am" in words
    assert "1 more decision waits for you now." in words
    assert not re.search(r"<input[^>]* checked", answer.content.decode())
    assert _said(school) == []
    # The page that came back knows what it shows.
    assert _attest(lead, _form(lead), "roll").status_code == 302
    assert _said(school) == ["Dev Marchetti"]


def test_two_leads_at_once_are_told_of_each_other(city: City) -> None:
    school = city.school(OURS, ROLL)
    first, second = lead_of(school), lead_of(school, "Ada Clarke")
    form = _form(second)
    _attest(first, _form(first), "roll", "restrictions")
    answer = _attest(second, form, "roll", "restrictions")
    assert answer.status_code == 409
    assert "Dev Marchetti said that the roll is right, 9am" in words_of(answer)
    assert _said(school) == ["Dev Marchetti"]


def test_a_form_that_is_sent_twice_attests_once(city: City) -> None:
    school = city.school(OURS, ROLL)
    lead = lead_of(school)
    form = _form(lead)
    for ticks in (("roll", "restrictions", "parents"),) * 2:
        answer = _attest(lead, form, *ticks)
        assert (answer.status_code, answer["Location"]) == (302, place("attest/done/"))
    assert _said(school) == ["Dev Marchetti"]


def test_a_form_that_is_not_the_pages_own_attests_nothing(city: City) -> None:
    school = city.school(OURS, ROLL)
    lead = lead_of(school)
    for form in ({}, {"seen": "x" * 400}, {"seen": "-1"}, {"seen": "9" * 15}):
        assert _attest(lead, form, "roll").status_code == 409
    assert _said(school) == []


@pytest.mark.parametrize("role", [Role.OFFICE, Role.DPO])
def test_only_a_lead_attests(city: City, role: Role) -> None:
    school = city.school(OURS, ROLL)
    other = somebody("Priya Nand", (role, school))
    for answer in (other.get(place("attest/"), secure=True), _attest(other, {"seen": "1"}, "roll")):
        assert answer.status_code == 403
        assert "attest the roll before a wave" in words_of(answer)
    assert _said(school) == []


def test_a_word_that_would_end_before_the_wave_says_from_when_to_give_it(city: City) -> None:
    from everyfamily.mailings.models import MailingSchool

    school = city.school(OURS, [OPEN])
    city.open()
    lead = lead_of(school)
    MailingSchool.objects.update(wave_at=NOW + timedelta(days=3))
    words = words_of(lead.get(place("attest/"), secure=True))
    assert "Give it from Thursday 4 March, 9am" in words
    _attest(lead, _form(lead), "roll")
    assert "Give it again from Thursday 4 March, 9am. Otherwise they wait." in words_of(
        lead.get(place("attest/done/"), secure=True)
    ).replace("so give", "Give")
    MailingSchool.objects.update(wave_at=NOW + timedelta(hours=23))
    words = words_of(lead.get(place("attest/done/"), secure=True))
    assert "You need not do anything more." in words


def test_without_a_roll_there_is_nothing_to_attest(city: City) -> None:
    school = city.school(OURS, attests=False)
    words = words_of(lead_of(school).get(place("attest/"), secure=True))
    assert "Your school’s roll has not come in, so there is nothing to attest yet." in words
    assert "Attest for 24 hours" not in words


def test_the_page_asks_as_many_questions_for_a_large_roll_as_for_a_small_one(city: City) -> None:
    rows = [adult(f"P{number}", f"Ana Ferris{number}", RESTRICTION="hold") for number in range(50)]
    small, large = city.school(OURS, rows[:5]), city.school(THEIRS, rows)
    few = questions_of(lead_of(small), place("attest/"))
    many = questions_of(lead_of(large, "Ada Clarke"), place("attest/", THEIRS))
    assert few == many
    assert many <= MOST_QUERIES


def test_two_tabs_with_two_schools_never_mix(city: City) -> None:
    """The form of one school's page, sent to the other's address, is refused: nothing is attested for either."""
    ours, theirs = city.school(OURS, ROLL), city.school(THEIRS, [OPEN, NOT_SAID])
    lead = somebody("Dev Marchetti", (Role.LEAD, ours), (Role.LEAD, theirs))
    first, second = _form(lead), _form(lead, THEIRS)
    page = lead.get(place("attest/"), secure=True).content.decode()
    assert f'action="{place("attest/")}"' in page
    before = _restrictions(ours), _restrictions(theirs)
    assert _attest(lead, first | {"seen": str(int(second["seen"]) + 7)}, "roll", urn=THEIRS).status_code == 409
    assert (_restrictions(ours), _restrictions(theirs)) == before
    _attest(lead, second, "roll", "restrictions", urn=THEIRS)
    assert (_said(ours), _said(theirs)) == ([], ["Dev Marchetti"])
    assert _restrictions(ours) == before[0]


@pytest.mark.parametrize("field", ["word", "trail"])
def test_a_form_with_a_number_that_no_page_has_shown_yet_writes_nothing(city: City, field: str) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.queries import last_word

    school = city.school(OURS, ROLL, attests=False)
    lead = lead_of(school)
    form = _form(lead)
    forged = _attest(lead, form | {field: str(10**9)}, "roll")
    assert forged.status_code == 409
    assert "Your roll changed while this page was open" in words_of(forged)
    with tenant(school):
        assert last_word(school) is None
    assert _attest(lead, form, "roll").status_code == 302
