"""A school pauses its own part in a browser, and lets it go on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter
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

ROLL = [adult("P2", "Bo Ferris", EMAIL="bo@example.org")]
BY = Actor.typed("Una Marsh")


def _parts() -> dict[int, str | None]:
    """URN -> who paused the school's part."""
    from everyfamily.mailings.models import MailingSchool

    return dict(MailingSchool.objects.order_by("school__urn").values_list("school__urn", "paused_by"))


def _mark(client: Client) -> str:
    page = client.get(place("pause/"), secure=True).content.decode()
    return page.partition('name="seen" value="')[2].partition('"')[0]


def _post(client: Client, what: str, urn: int = OURS, **values: str) -> Any:
    return client.post(place(what, urn), values, secure=True)


def test_a_lead_pauses_in_one_press_and_only_their_own_school(city: City) -> None:
    school = city.school(OURS, ROLL)
    city.school(THEIRS, ROLL)
    city.open()
    lead = lead_of(school)
    words = words_of(lead.get(place("pause/"), secure=True))
    assert f"You stop 1 letter to your families, before the next message: Spring letter, {REFERENCE}." in words
    assert "Pause 1 letter now" in words
    assert "Are you sure" not in words
    answer = _post(lead, "pause/")
    assert (answer.status_code, answer["Location"]) == (302, place("pause/"))
    assert _parts() == {OURS: "Dev Marchetti", THEIRS: None}
    assert "Paused by Dev Marchetti on Tuesday 2 March, 9am." in words_of(lead.get(place("pause/"), secure=True))
    city.send()
    assert [line["to"] for line in city.outbox()] == ["bo@example.org"]
    assert _post(lead, "pause/", THEIRS).status_code == 404
    assert _parts()[THEIRS] is None


def test_it_says_before_the_button_how_many_letters_stop_and_which(city: City) -> None:
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.planning.opening import open_mailing

    school = city.school(OURS, ROLL)
    city.open()
    seal, files, key = sealed_letter("EX-2027-S2")
    record_sealed_letter(seal, files, sealing_key=key, by=BY, now=NOW)
    open_mailing(
        reference="EX-2027-S2",
        term="summer term 2027",
        waves={school: (1, NOW)},
        closes_at=NOW + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=BY,
        now=NOW,
    )
    lead = lead_of(school)
    words = words_of(lead.get(place("pause/"), secure=True))
    both = f"Summer letter, EX-2027-S2; Spring letter, {REFERENCE}."
    assert f"You stop 2 letters to your families, before the next message: {both}" in words
    assert "Pause 2 letters now" in words
    _post(lead, "pause/")
    assert "Your part is paused." in lead.get(place("pause/"), secure=True).content.decode()


def test_a_letter_that_the_partnership_paused_already_is_not_counted_and_can_still_be_paused(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing
    from everyfamily.mailings.models import Mailing

    school = city.school(OURS, ROLL)
    city.open()
    pause_mailing(Mailing.objects.get().id, why="A wrong number", by=BY, now=NOW)
    lead = lead_of(school)
    words = words_of(lead.get(place("pause/"), secure=True))
    assert "The partnership has paused every letter to your families already." in words
    assert ("Pause our part now" in words, "You stop 1 letter" in words) == (True, False)
    assert _post(lead, "pause/").status_code == 302
    assert _parts() == {OURS: "Dev Marchetti"}


def test_a_reason_is_one_of_four_so_that_nobody_writes_a_name(city: City) -> None:
    from everyfamily.mailings.models import MailingSchool

    school = city.school(OURS, ROLL)
    city.open()
    lead = lead_of(school)
    _post(lead, "pause/", why="Ana Ferris")
    assert MailingSchool.objects.get().paused_reason == "Paused by the school"
    _post(lead, "pause/end/", seen=_mark(lead))
    _post(lead, "pause/", why="order")
    assert MailingSchool.objects.get().paused_reason == "A court order or an address may have changed"


def test_pausing_twice_says_so_and_any_lead_of_the_school_lets_it_go_on(city: City) -> None:
    school = city.school(OURS, ROLL)
    city.open()
    lead, deputy = lead_of(school), lead_of(school, "Ada Clarke")
    _post(lead, "pause/")
    answer = _post(deputy, "pause/")
    assert answer.status_code == 409
    assert "paused already" in words_of(answer)
    assert _parts() == {OURS: "Dev Marchetti"}
    assert _post(deputy, "pause/end/", seen=_mark(deputy)).status_code == 302
    assert _parts() == {OURS: None}
    city.send()
    assert len(city.outbox()) == 1


def test_letting_go_on_what_changed_meanwhile_is_refused(city: City) -> None:
    from everyfamily_demo.clock import set_simulated

    school = city.school(OURS, ROLL)
    city.open()
    lead, deputy = lead_of(school), lead_of(school, "Ada Clarke")
    _post(lead, "pause/")
    seen = _mark(lead)
    _post(deputy, "pause/end/", seen=seen)
    set_simulated(NOW + timedelta(minutes=5))
    _post(deputy, "pause/", why="order")
    answer = _post(lead, "pause/end/", seen=seen)
    assert answer.status_code == 409
    assert "while this page was open" in words_of(answer)
    assert _parts() == {OURS: "Ada Clarke"}


def test_what_the_partnership_paused_only_the_partnership_resumes(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_school

    school = city.school(OURS, ROLL)
    city.open()
    pause_school(city.mailing, school, why="a wrong line", by=BY, now=NOW)
    lead = lead_of(school)
    page = lead.get(place("pause/"), secure=True)
    assert "Only the partnership can resume what it paused." in words_of(page)
    assert "Let our part go on" not in words_of(page)
    mark = " ".join(f"{city.mailing}-{at}" for at in (NOW.timestamp(),))
    assert _post(lead, "pause/end/", seen=mark).status_code == 409
    assert _parts() == {OURS: "Una Marsh"}


def test_the_office_cannot_pause_and_a_school_that_sends_itself_has_nothing_to_pause(city: City) -> None:
    school = city.school(OURS, ROLL)
    itself = city.school(THEIRS, sends="school")
    city.open()
    assert _post(somebody("Priya Nand", (Role.OFFICE, school)), "pause/").status_code == 403
    lead = lead_of(itself)
    assert "Nothing is being sent for your school" in words_of(lead.get(place("pause/", THEIRS), secure=True))
    assert _post(lead, "pause/", THEIRS).status_code == 409
    assert _parts() == {OURS: None, THEIRS: None}


def test_a_pause_waits_for_the_school_and_for_the_partnership_until_it_is_over(city: City) -> None:
    school = city.school(OURS, ROLL)
    city.open()
    lead = lead_of(school)
    coordinator = somebody("Ben Frost", (Role.COORDINATOR, None))
    _post(lead, "pause/", why="roll")
    words = words_of(lead.get(place(""), secure=True))
    assert "Let your school’s part go on" in words
    assert f'href="{place("pause/")}"' in lead.get("/", secure=True).content.decode()
    page = coordinator.get("/", secure=True)
    assert "Dev Marchetti paused it: Our roll is not right yet." in words_of(page)
    assert "/schools/9" not in page.content.decode()
    _post(lead, "pause/end/", seen=_mark(lead))
    assert "Let your school’s part go on" not in words_of(lead.get(place(""), secure=True))
    assert "paused it" not in words_of(coordinator.get("/", secure=True))


def test_the_page_asks_few_questions(city: City) -> None:
    school = city.school(OURS, ROLL)
    city.open()
    assert questions_of(lead_of(school), place("pause/")) <= MOST_QUERIES
