"""A hostile lead on pages that a school in the middle of a mailing does not have: an uploaded roll, a school that sends
the letter itself, adults to tell, copies to bin, and a key that a colleague wants destroyed.

Each form is attacked where it waits. Before and after, the rows of both schools are compared.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, adult, roll_csv, sealed_letter
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in
from tests.factories.uploads import run
from tests.integration.database import test_hostile_lead as attacking
from tests.integration.database.test_hostile_lead import OURS, THEIRS, bump, followed, superuser

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]
__all__ = ["superuser"]

UNA = Actor.typed("Una Marsh")
LATER = NOW + timedelta(days=2, hours=1)
OUR_PAGE, ROLL, FILE = f"/schools/{OURS}/", f"/schools/{OURS}/roll/", f"/schools/{OURS}/roll/file/"
NEW_NUMBERS = "Adm No,Year,Reg,Carer Forename,Carer Surname,Rel,Carer Email,Legal remark\r\n"


@pytest.fixture(autouse=True)
def _open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from django.test import override_settings

    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    monkeypatch.setattr(attacking, "HOSTILE", list(attacking.HOSTILE))
    with (
        open_doors(tmp_path),
        override_settings(
            EVERYFAMILY_CLOCK="database", SECRET_KEY="a key that only this test knows, and long enough"
        ),
    ):
        yield


def attack(lead: Client, superuser: psycopg.Connection[Any], wanted: Collection[str], *starts: str) -> None:
    """Attack every form of these addresses that the pages have. Each must be there."""
    from django.urls import resolve

    _, forms = followed(lead, *starts)
    some = [form for form in forms if resolve(form.action.partition("?")[0]).url_name in wanted]
    assert {resolve(form.action.partition("?")[0]).url_name for form in some} == set(wanted)
    attacks = [one for form in some for one in attacking.attacks_on(form)]
    assert len(attacks) >= len(wanted)
    wrong = attacking.what_went_wrong(lead, superuser, attacks)
    assert wrong == [], "\n".join(wrong)


def rows_of(mark: str, *numbers: int) -> list[dict[str, str]]:
    return [
        adult(f"{mark}-{n}", f"{mark} Amber", CLASS=f"{mark}-7B", EMAIL=f"{mark.lower()}{n}@example.org")
        for n in numbers
    ]


def theirs_are(*ids: int) -> None:
    """Numbers of the other school's rows that are not the first of their table."""
    attacking.HOSTILE.extend(ids)


def keep(school_id: int, data: bytes) -> None:
    from everyfamily.mailings.edges.roll_uploads import queue_reading
    from everyfamily.people.actions.rolls.uploads import keep_upload

    keep_upload(school_id, [data], "contacts.csv", queue_reading, by=UNA, now=NOW)
    run()


def state() -> str:
    from tests.factories.uploads import newest

    return str(newest(OURS).state)


def test_an_uploaded_roll_is_its_schools_own_in_every_state(
    city: City, superuser: psycopg.Connection[Any]
) -> None:
    first = rows_of("Plain", *range(1, 9))
    own = city.school(OURS, first)
    lead = signed_in(Role.LEAD, "Leo Lindt", school_id=own)
    keep(own, roll_csv(OURS, rows_of("Plain", *range(21, 30))))
    bump(superuser, "people_")
    other = city.school(THEIRS, rows_of("Zyphora", *range(1, 9)))
    keep(other, roll_csv(THEIRS, rows_of("Zyphora", *range(21, 30))))
    assert state() == "held"
    attack(lead, superuser, {"roll-whose"}, FILE)
    seen = _seen(lead)
    assert lead.post(f"{FILE}whose/", {"seen": seen, "whose": "ours"}, secure=True).status_code == 302
    run()
    assert state() == "review"
    attack(lead, superuser, {"roll-put-in", "roll-delete"}, FILE)
    assert lead.post(f"{FILE}delete/", {"seen": _seen(lead)}, secure=True).status_code == 302
    keep(own, (NEW_NUMBERS + "20417,4,4B,Joanna,Plain,Mother,j.plain@example.org,x\r\n").encode())
    assert state() == "columns"
    attack(lead, superuser, {"roll-columns"}, FILE)
    assert lead.post(f"{FILE}delete/", {"seen": _seen(lead)}, secure=True).status_code == 302
    keep(own, roll_csv(OURS, first))
    assert state() == "same"
    attack(lead, superuser, {"roll-again", "roll-delete"}, FILE)


def _seen(lead: Client) -> str:
    from tests.factories.uploads import hidden

    return hidden(lead.get(FILE, secure=True))


def test_a_return_is_of_the_school_that_files_it(city: City, superuser: psycopg.Connection[Any]) -> None:
    from everyfamily.mailings.actions.returns.return_links import open_returns

    own, other = city.school(OURS, sends="school"), city.school(THEIRS, sends="school")
    lead, zelda = (
        signed_in(Role.LEAD, name, school_id=school)
        for name, school in (("Leo Lindt", own), ("Zelda Quillon", other))
    )
    city.open()
    open_returns(city.mailing, due_on=date(2027, 3, 12), close_on=date(2027, 3, 25), by=UNA, now=NOW)
    form = {
        "on_roll": "30",
        "by_email": "18",
        "on_paper": "7",
        "by_text": "2",
        "not_reached": "3",
        "emails": "yes",
    }
    at = f"return/{city.mailing}/"
    for client, urn in ((lead, OURS), (zelda, THEIRS)):
        seen = {"seen": _newest_return(client, f"/schools/{urn}/{at}")}
        assert client.post(f"/schools/{urn}/{at}", form | seen, secure=True).status_code == 302
        bump(superuser, "mailings_schoolreturn")
    attack(lead, superuser, {"school-return"}, f"{OUR_PAGE}{at}")


def test_that_a_letter_was_not_sent_is_said_for_ones_own_school(
    city: City, superuser: psycopg.Connection[Any]
) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.returns.return_links import open_returns

    own, _ = city.school(OURS, sends="school"), city.school(THEIRS, sends="school")
    lead = signed_in(Role.LEAD, "Leo Lindt", school_id=own)
    city.open()
    open_returns(city.mailing, due_on=date(2027, 3, 12), close_on=date(2027, 3, 25), by=UNA, now=NOW)
    withdraw(REFERENCE, why="a number does not answer", by=UNA, now=NOW)
    attack(lead, superuser, {"school-return-not-sent"}, f"{OUR_PAGE}return/{city.mailing}/")


def _newest_return(client: Client, path: str) -> str:
    import re

    found = re.search(r'name="seen" value="(\d+)"', client.get(path, secure=True).content.decode())
    assert found
    return found[1]


def test_adults_to_tell_and_copies_to_bin_are_the_schools_own(
    city: City, superuser: psycopg.Connection[Any]
) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.edges.tasks import look_at_school

    order = ["email", "pupil post"]
    own = city.school(OURS, [*rows_of("Plain", 1), adult("Plain-2", "Plain Bell", CLASS="Plain-7B")], order=order)
    lead = signed_in(Role.LEAD, "Leo Lindt", school_id=own)
    bump(superuser, "people_")
    city.school(
        THEIRS, [*rows_of("Zyphora", 1), adult("Zyphora-2", "Zyphora Bell", CLASS="Zyphora-7B")], order=order
    )
    city.open()
    begin_wave(city.mailing, own, NOW)
    for _ in range(4):
        look_at_school(mailing_id=city.mailing, school_id=own)
    bump(superuser, "mailings_")
    city.send()
    withdraw(REFERENCE, why="a number does not answer", by=UNA, now=NOW + timedelta(hours=1))
    theirs_are(*_ids(city, THEIRS, "bin copies"))
    attack(lead, superuser, {"hand-outs-bin"}, f"{OUR_PAGE}hand-outs/{city.mailing}/")
    _correct(city)
    theirs_are(*_ids(city, THEIRS, "to tell"))
    (task,) = _ids(city, OURS, "to tell")
    attack(lead, superuser, {"tell-one"}, f"{OUR_PAGE}tell/", f"{OUR_PAGE}tell/{task}/")


def _correct(city: City) -> None:
    """Whoever had the wrong letter by email may not be written to since, so they are told in person."""
    from everyfamily.core.calendar.sending_window import urgent_as_data
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.planning.opening import Follows, open_mailing
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    for school in city.schools.values():
        with tenant(school):
            link = Care.objects.order_by("pk")[0].pk
        review_restriction(school, link=link, decision="do not send", by=UNA, now=NOW + timedelta(hours=1))
    seal, artefacts, key = sealed_letter("ES-2703-C0R2")
    record_sealed_letter(seal, artefacts, sealing_key=key, by=UNA, now=LATER)
    opened = open_mailing(
        reference="ES-2703-C0R2",
        term="spring term 2027",
        waves=dict.fromkeys(city.schools.values(), (1, LATER)),
        closes_at=LATER + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=UNA,
        now=LATER,
        sending=urgent_as_data(),
        follows=Follows(city.mailing, "correction"),
    )
    City(city.folder, dict(city.schools), opened.id).send(LATER)


def _ids(city: City, urn: int, kind: str) -> list[int]:
    from everyfamily.mailings.models import PersonTask
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return list(PersonTask.objects.filter(kind=kind, closed_at=None).values_list("id", flat=True))


def test_nobody_agrees_that_another_schools_key_is_destroyed(
    city: City, superuser: psycopg.Connection[Any]
) -> None:
    own = city.school(OURS, rows_of("Plain", 1))
    lead = signed_in(Role.LEAD, "Leo Lindt", school_id=own)
    attacking.requests_about_data(own, "Petra")
    bump(superuser, "people_")
    other = city.school(THEIRS, rows_of("Zyphora", 1))
    attacking.requests_about_data(other, "Zelda")
    attack(lead, superuser, {"data-key-agree", "data-key-stays"}, f"{OUR_PAGE}data/kept/key/")


def test_a_pause_several_decisions_and_a_death_that_is_taken_back_are_the_schools_own(
    city: City, superuser: psycopg.Connection[Any]
) -> None:
    from everyfamily.people.actions.keeping.leavers import record_death

    def rows(mark: str) -> list[dict[str, str]]:
        silent = {"RESTRICTION": "", "CLASS": f"{mark}-7B"}
        return [*rows_of(mark, 1, 2), *(adult(f"{mark}-{n}", f"{mark} Carr", **silent) for n in (3, 4))]

    own = city.school(OURS, rows("Plain"))
    lead = signed_in(Role.LEAD, "Leo Lindt", school_id=own)
    child = _last_child(own)
    record_death(own, pupil=child, by=UNA, now=NOW)
    bump(superuser, "people_")
    record_death(city.school(THEIRS, rows("Zyphora")), pupil=700_003, by=UNA, now=NOW)
    theirs_are(700_003)
    city.open()
    assert lead.post(f"{OUR_PAGE}pause/", {"why": "roll"}, secure=True).status_code == 302
    attack(
        lead,
        superuser,
        {"resume", "restrictions-several", "child-not-died"},
        f"{OUR_PAGE}pause/",
        f"{OUR_PAGE}restrictions/several/?reason=not-said",
        f"{OUR_PAGE}children/{child}/",
    )


def _last_child(school_id: int) -> int:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Pupil

    with tenant(school_id):
        return Pupil.objects.order_by("-pk").values_list("pk", flat=True)[0]
