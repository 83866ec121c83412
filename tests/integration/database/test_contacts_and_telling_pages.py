"""Contacts that failed and adults to tell, in a browser: what is shown, what a tick does, and what it never does."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, address, adult, sealed_letter
from tests.factories.doors import open_doors
from tests.factories.kept import filled
from tests.factories.signed_in import signed_in

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

OWN, ANOTHER = 900001, 900002
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=2, hours=1)
LEAD = Actor.typed("Una Marsh")


@pytest.fixture(autouse=True)
def _doors(city: City, tmp_path: Path) -> Iterator[None]:
    from django.test import override_settings

    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        yield


def client_of(city: City, role: Role = Role.OFFICE, urn: int = OWN) -> Client:
    return signed_in(role, f"{role}{urn} Example", school_id=city.schools[urn])


def get(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(f"/schools/{OWN}/{path}", secure=True)
    assert answer.status_code == status
    return str(answer.content.decode())


def post(client: Client, path: str, **fields: object) -> HttpResponse:
    found: HttpResponse = client.post(f"/schools/{OWN}/{path}", fields, secure=True)
    return found


def ticks(text: str) -> list[str]:
    return re.findall(r'name="works" id="works-\d+" value="([^"]*)"', text)


def statuses(city: City, urn: int = OWN) -> list[tuple[str, str]]:
    """Channel and status of each contact that has a value."""
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint

    with tenant(city.schools[urn]):
        rows = ContactPoint.objects.filter(value__isnull=False).order_by("id")
        return list(rows.values_list("channel", "status"))


def after_six_bounces(city: City) -> None:
    """Six emails that do not exist at one school, and one at another."""
    city.school(OWN, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(1, 13)])
    city.school(ANOTHER, [adult(f"Q{n}", f"Ida Ferris{n}", EMAIL=f"ida{n}@example.org") for n in range(1, 3)])
    city.open()
    city.send()
    dead = [f"ana{n}@example.org" for n in range(1, 7)] + ["ida1@example.org"]
    city.hear([(value, "permanent-failure") for value in dead], NOW + HOUR)
    city.send(NOW + HOUR)


# ---- Contacts ----


def test_a_contact_that_failed_has_child_class_adult_and_since_when_and_no_value(city: City) -> None:
    filled(city, after_six_bounces)
    text = get(client_of(city), "contacts/")
    assert '<h1 class="govuk-heading-xl">6 contacts do not work</h1>' in text
    for value in ("P1", "7B", "Mother", "The address does not exist", "2 March 2027"):
        assert value in text
    assert "example.org" not in text
    assert "Ferris" not in text
    assert ">Q1<" not in text, "another school's"


def test_six_dead_addresses_work_again_in_one_sitting(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    filled(city, after_six_bounces)
    client = client_of(city)
    answer = post(client, "contacts/", works=ticks(get(client, "contacts/")))
    assert answer.status_code == 302
    text = get(client, "contacts/")
    assert "6 contacts work again. We use them from now on." in text
    assert "Every contact works, as far as we know" in text
    assert {status for _, status in statuses(city)} == {"usable"}
    assert statuses(city, ANOTHER).count(("email", "permanent-failure")) == 1
    with tenant(city.schools[OWN]):
        said = list(AuditEvent.objects.filter(action="ways work again"))
    assert len(said) == 6
    assert {one.actor for one in said} == {"office900001 Example"}
    assert all(set(one.detail) == {"channel", "way"} for one in said)


def test_what_works_again_is_used_again(city: City) -> None:
    """An address that died with an earlier letter, and is right again when the next one goes."""
    from everyfamily.people.actions.decided.dead_ways import mark_dead
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint

    school = city.school(OWN, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")])
    with tenant(school):
        mark_dead(school, {ContactPoint.objects.get().pk: "no such mailbox"})
    city.open()
    city.send()
    assert city.outbox() == []
    client = client_of(city)
    text = get(client, "contacts/")
    assert "“no such mailbox”" in text
    assert post(client, "contacts/", works=ticks(text)).status_code == 302
    city.send(NOW + HOUR)
    assert [line["to"] for line in city.outbox()] == ["ana@example.org"]


def test_a_second_press_changes_nothing_and_says_so(city: City) -> None:
    filled(city, after_six_bounces)
    client = client_of(city)
    ticked = ticks(get(client, "contacts/"))[:1]
    assert post(client, "contacts/", works=ticked).status_code == 302
    again = post(client, "contacts/", works=ticked)
    assert again.status_code == 409
    assert "has changed since this page was made" in again.content.decode()


def test_a_contact_that_failed_again_meanwhile_stays_dead(city: City) -> None:
    from everyfamily.mailings.models import Attempt
    from everyfamily.people.database.tenancy import tenant

    filled(city, after_six_bounces)
    client = client_of(city)
    ticked = ticks(get(client, "contacts/"))
    with tenant(city.schools[OWN]):
        Attempt.objects.filter(status="permanent-failure").update(changed_at=NOW + 2 * HOUR)
    answer = post(client, "contacts/", works=ticked)
    assert answer.status_code == 409
    assert statuses(city).count(("email", "permanent-failure")) == 6


def test_nothing_ticked_is_said_and_another_schools_contact_is_not_freed(city: City) -> None:
    filled(city, after_six_bounces)
    assert post(client_of(city), "contacts/").status_code == 422
    theirs = ticks(signed_page(city, ANOTHER))
    assert len(theirs) == 1
    answer = client_of(city, Role.LEAD).post(f"/schools/{OWN}/contacts/", {"works": theirs}, secure=True)
    assert answer.status_code == 409
    assert statuses(city, ANOTHER).count(("email", "permanent-failure")) == 1


def signed_page(city: City, urn: int) -> str:
    answer = client_of(city, urn=urn).get(f"/schools/{urn}/contacts/", secure=True)
    return str(answer.content.decode())


def test_whoever_may_not_have_the_letter_is_not_in_the_list_and_what_is_closed_stays_closed(city: City) -> None:
    """Bea may not have it, Dan objects, and Cai opted out of email. Ana shares an inbox with Bea."""
    from everyfamily.people.actions.decided.dead_ways import mark_dead, say_ways_work
    from everyfamily.people.actions.decided.opt_outs import opt_out
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import ContactPoint

    school = city.school(
        OWN,
        [
            adult("P1", "Ana Ferris", EMAIL="home@example.org", HAS_CARE="no"),
            adult("P1", "Bea Ferris", EMAIL="home@example.org", RELATIONSHIP="father", RESTRICTION="do not send"),
            adult("P2", "Cai Ferris", EMAIL="cai@example.org", HAS_CARE="no"),
            adult("P3", "Dan Ferris", EMAIL="dan@example.org", OBJECTS="yes"),
        ],
    )
    with tenant(school):
        ways = list(ContactPoint.objects.order_by("id").values_list("id", "parent_id"))
        mark_dead(school, {way: "no such mailbox" for way, _ in ways})
    opt_out(school, adult=ways[2][1], channel="email", by=LEAD, now=NOW)
    text = get(client_of(city), "contacts/")
    assert len(ticks(text)) == 2, "only of those who may have the letter: Ana and Cai"
    say_ways_work(school, [way for way, _ in ways], by=LEAD, now=NOW)
    assert dict.fromkeys(statuses(city)) == {("email", "usable"): None, ("email", "opted out"): None}
    city.open()
    city.send()
    assert city.outbox() == [], "Ana's inbox is still shared, and the others are closed as before"


def test_post_that_came_back_is_shown_and_cannot_be_ticked(city: City) -> None:
    city.school(OWN, [adult("P1", "Fay Ferris", **address(1), HAS_CARE="no")])
    city.open()
    city.send()
    city.hear([("Fay Ferris\n1 Lantern Row\nEastmere\nEM4 7QX", "returned")], NOW + HOUR)
    city.send(NOW + HOUR)
    text = get(client_of(city), "contacts/")
    assert "A letter came back" in text
    assert ticks(text) == []
    assert "Lantern Row" not in text


def test_a_home_to_which_nothing_can_be_posted_is_no_failed_contact(city: City) -> None:
    city.school(OWN, [adult("P1", "Fay Ferris", ADDRESS_1="1 Lantern Row")])
    assert "Every contact works" in get(client_of(city), "contacts/")


# ---- Adults to tell ----


def to_tell(city: City) -> None:
    """Ana had a wrong letter at both schools, and may not be written to since."""
    from everyfamily.core.calendar.sending_window import urgent_as_data
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.planning.opening import Follows, open_mailing
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    for urn in (OWN, ANOTHER):
        city.school(
            urn, [adult(f"P{urn}", "Ana Ferris", EMAIL=f"ana{urn}@example.org", RELATIONSHIP="grandparent")]
        )
    city.open()
    city.send()
    withdraw(REFERENCE, why="a number does not answer", by=LEAD, now=NOW + HOUR)
    for school in city.schools.values():
        with tenant(school):
            link = Care.objects.get().pk
        review_restriction(school, link=link, decision="do not send", by=LEAD, now=NOW + HOUR)
    seal, artefacts, key = sealed_letter("ES-2703-C0R2")
    record_sealed_letter(seal, artefacts, sealing_key=key, by=LEAD, now=LATER)
    opened = open_mailing(
        reference="ES-2703-C0R2",
        term="spring term 2027",
        waves=dict.fromkeys(city.schools.values(), (1, LATER)),
        closes_at=LATER + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=LEAD,
        now=LATER,
        sending=urgent_as_data(),
        follows=Follows(city.mailing, "correction"),
    )
    City(city.folder, dict(city.schools), opened.id).send(LATER)


def tasks(city: City, urn: int = OWN) -> list[int]:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return list(PersonTask.objects.filter(kind="to tell", closed_at=None).values_list("id", flat=True))


def test_an_adult_to_tell_is_listed_without_a_name_and_told_once(city: City) -> None:
    filled(city, to_tell)
    client = client_of(city, Role.LEAD)
    text = get(client, "tell/")
    assert "Tell 1 adult in person" in text
    assert "Grandparent of" in text
    assert f"P{OWN}" in text
    assert "Must not have the letter" in text
    assert "Ferris" not in text
    assert f"P{ANOTHER}" not in text
    (task,) = tasks(city)
    one = get(client, f"tell/{task}/")
    assert "What did you do about Ana Ferris?" in one, "a person speaks to them"
    assert "example.org" not in one
    title = re.search("<title>(.*?)</title>", one)
    assert title is not None
    assert "Ferris" not in title[1]
    nothing = post(client, f"tell/{task}/")
    assert nothing.status_code == 422
    assert "Choose whether you told them." in nothing.content.decode()
    assert post(client, f"tell/{task}/", outcome="not told").status_code == 302
    after = get(client, "tell/")
    assert "It is recorded that you decided not to tell them." in after
    assert "Nobody waits to be told" in after
    again = post(client, f"tell/{task}/", outcome="told")
    assert again.status_code == 409
    assert "recorded already" in again.content.decode()


def test_what_was_done_is_in_the_audit_trail_with_who_and_what(city: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    filled(city, to_tell)
    (task,) = tasks(city)
    post(client_of(city, Role.LEAD), f"tell/{task}/", outcome="told")
    with tenant(city.schools[OWN]):
        event = AuditEvent.objects.get(action="settle owed correction")
    assert (event.actor, event.detail) == ("lead900001 Example", {"outcome": "told"})


def test_an_adult_of_another_school_is_not_there_and_stays_open(city: City) -> None:
    filled(city, to_tell)
    (theirs,) = tasks(city, ANOTHER)
    client = client_of(city, Role.LEAD)
    get(client, f"tell/{theirs}/", 404)
    assert post(client, f"tell/{theirs}/", outcome="told").status_code == 404
    get(client, "tell/999999/", 404)
    assert tasks(city, ANOTHER) == [theirs]


def test_the_desk_leads_to_the_page(city: City) -> None:
    filled(city, to_tell)
    text = get(client_of(city, Role.LEAD), "")
    assert f'href="/schools/{OWN}/tell/"' in text


def test_the_table_has_whose_child_what_failed_and_since_when_and_begins_no_formula(city: City) -> None:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    rows = [adult("P1", "Ana Ferris", EMAIL="ana@example.org", CLASS="7B"), adult("P2", "Bo Ferris")]
    city.school(OWN, [*rows, adult("P3", "Ana Ferris", EMAIL="ana@example.org", CLASS="8A")])
    city.open()
    city.send()
    city.hear([("ana@example.org", "permanent-failure")], NOW + HOUR)
    with tenant(city.schools[OWN]):
        # A roll with this is cleared of it; whatever else may come in must do no harm here either.
        Pupil.objects.filter(class_name="7B").update(class_name="=7B")
    client = client_of(city)
    assert client.get(f"/schools/{OWN}/contacts/table/", secure=True).status_code == 405
    answer = post(client, "contacts/table/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="contacts.csv"'
    assert "no-store" in answer.headers["Cache-Control"]
    lines = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert lines == [
        {
            "child": "P1; P3",
            "class": "'=7B, 8A",
            "adult": "Mother",
            "contact": "Email",
            "problem": "The address does not exist",
            "since": "2027-03-02",
        }
    ]
    assert "ana@" not in answer.content.decode() and "Ferris" not in answer.content.decode()
    with tenant(city.schools[OWN]):
        from everyfamily.audit.models import AuditEvent

        assert AuditEvent.objects.filter(action="download contacts").count() == 1
