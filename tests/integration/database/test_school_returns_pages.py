"""A school's letters and returns, signed in: the same form and the same rules as by the link in its mailbox."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from everyfamily.core.accounting.coverage import Outcome, Return
from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.doors import open_doors
from tests.factories.kept import filled
from tests.factories.signed_in import signed_in
from tests.integration.database.test_paper_pages import page, post, text

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE, TWO, LATE, OURS = 900101, 900102, 900103, 900001
DUE, CLOSE = date(2027, 3, 12), date(2027, 3, 25)
GOOD = {"on_roll": "30", "by_email": "18", "on_paper": "7", "by_text": "2", "not_reached": "3", "emails": "yes"}


@pytest.fixture
def schools(city: City, tmp_path: Path) -> Iterator[City]:
    """Two schools that send themselves, each with a link, and one that we send for."""
    with open_doors(
        tmp_path, EVERYFAMILY_CLOCK="database", SECRET_KEY="a key that only this test knows, and long enough"
    ):
        filled(city, _two_links)
        yield city


def _two_links(city: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import open_returns
    from everyfamily_demo.clock import set_simulated

    for urn in (ONE, TWO):
        city.school(urn, sends="school")
    city.school(OURS, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    open_returns(city.mailing, due_on=DUE, close_on=CLOSE, by=Actor.typed("team"), now=NOW)
    set_simulated(NOW)


def office(city: City, urn: int = ONE, name: str = "Priya Nand", role: Role = Role.OFFICE) -> Client:
    return signed_in(role, name, school_id=city.schools[urn])


def path(city: City, rest: str = "", urn: int = ONE) -> str:
    return f"/schools/{urn}/return/{city.mailing}/{rest}"


def letter(city: City, rest: str = "", urn: int = ONE) -> str:
    return f"/schools/{urn}/letter/{city.mailing}/{rest}"


def filed(city: City, urn: int = ONE) -> list[Any]:
    from everyfamily.mailings.queries.returns import filed_returns
    from everyfamily.people.database.tenancy import tenant

    with tenant(city.schools[urn]):
        return list(reversed(filed_returns(city.schools[urn], city.mailing)))


def link_of(city: City, urn: int = ONE) -> str:
    from tests.integration.database.test_returns import path_of

    return path_of(city, urn)


def seen_in(shown: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', shown)
    assert found
    return found[1]


def withdraw(city: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw as act

    act(REFERENCE, why="the number is dead", by=Actor.typed("Ines Ortega"), now=NOW)


# ---- filing ----------------------------------------------------------------------------------------------------


def test_signed_in_a_return_is_filed_in_three_presses_and_counts_like_any_other(schools: City) -> None:
    priya = office(schools)
    assert f'href="/schools/{ONE}/return/"' in page(priya, f"/schools/{ONE}/")
    assert f'href="{path(schools)}"' in page(priya, f"/schools/{ONE}/return/")
    form = GOOD | {"seen": seen_in(page(priya, path(schools)))}
    post(priya, path(schools), form)
    [one] = filed(schools)
    assert one.counts == Return(30, 18, 2, 7, 3, True)
    assert (one.filed_by, one.link, one.by_school, one.is_schools_own) == ("Priya Nand", None, True, True)
    thanks = text(page(priya, path(schools, "filed/")))
    assert "25 of 30 children are reached" in thanks
    assert schools.coverage(NOW).total.outcomes[Outcome.REACHED] == 25
    assert "Filed on Tuesday 2 March" in text(page(priya, f"/schools/{ONE}/return/"))


def test_the_audit_trail_has_the_person_who_filed(schools: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    priya = office(schools)
    post(priya, path(schools), GOOD | {"seen": "0"})
    with tenant(schools.schools[ONE]):
        [event] = AuditEvent.objects.filter(action="file return")
        assert (event.actor, event.actor_account) == ("Priya Nand", priya.account)  # type: ignore[attr-defined]


def test_both_doors_ask_the_same_and_refuse_the_same(schools: City) -> None:
    priya, other = office(schools), office(schools, TWO, "Kit Vale")
    for change in ({"on_paper": "6"}, {"by_email": "x"}, {"on_roll": "500", "by_email": "488"}):
        signed = post(priya, path(schools), GOOD | change | {"seen": "0"}, status=200 if len(change) > 1 else 422)
        linked = other.post(link_of(schools, TWO), GOOD | change, secure=True).content.decode()
        body = re.compile(r'<form class="return".*?<p class="small">', re.S)
        asked = [
            re.sub(r'action="[^"]*"|<input type="hidden" [^>]*>', "", body.search(one)[0])
            for one in (signed, linked)
        ]  # type: ignore[index]
        assert asked[0] == asked[1]
    assert filed(schools) == filed(schools, TWO) == []


def test_an_unlikely_number_is_asked_about_once(schools: City) -> None:
    priya = office(schools)
    form = GOOD | {"on_roll": "500", "by_email": "488", "seen": "0"}
    asked = post(priya, path(schools), form, status=200)
    assert "Is this right?" in text(asked)
    answer = re.search(r'name="answer" type="checkbox" value="([^"]+)"', asked)
    assert answer
    post(priya, path(schools), form | {"answer": answer[1]})
    [one] = filed(schools)
    assert one.doubts == ("roll_not_as_published",)


def test_pressed_twice_it_is_filed_once(schools: City) -> None:
    priya = office(schools)
    post(priya, path(schools), GOOD | {"seen": "0"})
    post(priya, path(schools), GOOD | {"seen": "0"})
    assert len(filed(schools)) == 1


def test_what_somebody_filed_by_link_meanwhile_is_not_overwritten(schools: City) -> None:
    priya = office(schools)
    before = page(priya, path(schools))
    office(schools, TWO, "Kit Vale").post(link_of(schools), GOOD | {"seen": "0"}, secure=True)
    other = GOOD | {"by_email": "15", "not_reached": "6", "seen": seen_in(before)}
    shown = post(priya, path(schools), other, status=409)
    assert "Somebody else has filed meanwhile" in text(shown)
    assert 'value="15"' in shown
    assert len(filed(schools)) == 1
    post(priya, path(schools), other | {"seen": seen_in(shown)})
    assert len(filed(schools)) == 2


def test_each_door_says_who_filed_and_only_colleagues_are_named(schools: City) -> None:
    priya, mailbox = office(schools), office(schools, TWO, "Kit Vale")
    link = link_of(schools)
    mailbox.post(link, GOOD | {"seen": "0"}, secure=True)
    signed = page(priya, path(schools))
    post(priya, path(schools), GOOD | {"by_text": "1", "not_reached": "4", "seen": seen_in(signed)})
    seen = seen_in(page(priya, path(schools)))
    post(priya, path(schools), GOOD | {"by_text": "0", "not_reached": "5", "seen": seen})
    here, there = page(priya, path(schools)), mailbox.get(link, secure=True).content.decode()
    assert "by a link in your school’s mailbox" in text(here)
    assert "by Priya Nand" in text(here)
    assert "by this link" in there
    assert "by somebody at your school who signed in" in there
    assert "Priya" not in there


def test_a_person_called_like_a_link_is_no_link(schools: City) -> None:
    from everyfamily.mailings.actions.returns.returns import file_return
    from everyfamily.mailings.models import ReturnLink
    from everyfamily.people.database.tenancy import tenant

    with tenant(schools.schools[ONE]):
        number = ReturnLink.objects.get(school_id=schools.schools[ONE]).pk
    by = Actor.typed(f"link {number}")
    file_return(schools.mailing, schools.schools[ONE], Return(30, 18, 2, 7, 3, True), by=by, now=NOW)
    mailbox = office(schools, TWO, "Kit Vale")
    later = GOOD | {"by_text": "1", "not_reached": "4"}
    first = mailbox.get(link_of(schools), secure=True).content.decode()
    mailbox.post(link_of(schools), later | {"seen": seen_in(first)}, secure=True)
    shown = mailbox.get(link_of(schools), secure=True).content.decode()
    assert "by the partnership" in shown
    assert [one.link for one in filed(schools)] == [None, number]


def test_what_was_filed_by_link_before_is_known_after_the_migration(schools: City) -> None:
    from everyfamily.mailings.models import ReturnLink, SchoolReturn
    from everyfamily.mailings.sql.security_sql import WHO_FILED
    from everyfamily.people.database.tenancy import tenant
    from tests.factories.the_server import superuser

    school = schools.schools[ONE]
    numbers = {"on_roll": 30, "by_email": 30, "by_text": 0, "on_paper": 0, "not_reached": 0}
    with tenant(school):
        number = ReturnLink.objects.get(school_id=school).pk
        for by in (f"link {number}", "link 999", "Ines Ortega"):
            SchoolReturn.objects.create(
                school_id=school,
                mailing_id=schools.mailing,
                filed_by=by,
                filed_at=NOW,
                emails_confirmed=True,
                **numbers,
            )
    superuser().execute(WHO_FILED)
    assert [one.link for one in filed(schools)] == [number, None, None]


def test_after_the_last_day_nothing_is_filed_and_what_was_stays_to_be_seen(schools: City) -> None:
    from everyfamily_demo.clock import set_simulated

    priya = office(schools)
    post(priya, path(schools), GOOD | {"seen": "0"})
    set_simulated(NOW + timedelta(days=24))
    shown = post(priya, path(schools), GOOD | {"by_text": "1", "not_reached": "4"}, status=409)
    assert "have closed" in text(shown)
    assert len(filed(schools)) == 1
    listed = page(priya, f"/schools/{ONE}/return/")
    assert f'href="{path(schools, "filed/")}"' in listed
    assert "25 of 30" in text(page(priya, path(schools, "filed/")))


def test_a_return_filed_by_the_partnership_is_seen_even_if_no_day_was_set(schools: City) -> None:
    from everyfamily.mailings.actions.returns.returns import file_return
    from everyfamily.mailings.models import Mailing

    Mailing.objects.update(returns_due_on=None, returns_close_on=None)
    counts = Return(30, 18, 2, 7, 3, True)
    file_return(schools.mailing, schools.schools[ONE], counts, by=Actor.typed("Ines Ortega"), now=NOW)
    priya = office(schools)
    shown = page(priya, path(schools, "filed/"))
    assert "25 of 30" in text(shown)
    assert "Correct these numbers" not in text(shown)
    answer = priya.get(path(schools), secure=True)
    assert answer.headers["Location"] == f"/schools/{ONE}/return/"
    post(priya, path(schools), GOOD)
    assert len(filed(schools)) == 1


def test_at_most_twenty_returns_are_taken(schools: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from everyfamily.mailings.actions.returns import returns

    monkeypatch.setattr(returns, "MOST_FILINGS", 1)
    priya = office(schools)
    post(priya, path(schools), GOOD | {"seen": "0"})
    seen = seen_in(page(priya, path(schools)))
    post(priya, path(schools), GOOD | {"by_text": "1", "not_reached": "4", "seen": seen}, status=409)
    assert len(filed(schools)) == 1


# ---- a withdrawn letter ----------------------------------------------------------------------------------------


def test_a_school_says_that_it_has_not_sent_a_withdrawn_letter(schools: City) -> None:
    from click.testing import CliRunner

    from everyfamily.cli.main import main

    priya = office(schools)
    post(priya, path(schools, "not-sent/"), {}, status=409)
    withdraw(schools)
    before = text(page(priya, path(schools)))
    assert "Stop: do not send the spring letter" in before
    assert "We have not sent it, and have stopped" in before
    post(priya, path(schools, "not-sent/"), {})
    assert "Recorded: you have not sent it" in text(page(priya, path(schools)))
    post(priya, path(schools, "not-sent/"), {})
    shown = text(page(priya, path(schools)))
    assert "recorded before" in shown
    assert "You said on Tuesday 2 March that you had not sent it" in shown
    other = office(schools, TWO, "Kit Vale")
    answer = other.post(link_of(schools, TWO) + "not-sent/", secure=True)
    assert (answer.status_code, answer.headers["Location"]) == (303, link_of(schools, TWO))
    again = CliRunner().invoke(
        main,
        ["withdraw", "--reference", REFERENCE, "--why", "x", "--by", "Ines Ortega", "--agreed-by", "Bo Example"],
    )
    assert f"say that they have not sent it: {ONE}, {TWO}" in again.output
    assert "may have sent it" not in again.output


def test_who_has_filed_cannot_say_that_it_was_not_sent(schools: City) -> None:
    priya = office(schools)
    post(priya, path(schools), GOOD | {"seen": "0"})
    withdraw(schools)
    assert "We have not sent it" not in text(page(priya, path(schools)))
    assert "says that it was sent" in text(post(priya, path(schools, "not-sent/"), {}, status=409))


# ---- the letter and the kit ------------------------------------------------------------------------------------


def test_the_kit_is_the_sealed_one_and_the_same_as_by_the_link(schools: City) -> None:
    priya = office(schools)
    answer = priya.get(letter(schools, "kit.zip"), secure=True)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="kit-{REFERENCE}.zip"'
    assert answer.content == priya.get(link_of(schools) + "kit.zip", secure=True).content
    assert "English/letter.pdf" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert letter(schools, "kit.zip") in page(priya, letter(schools))


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEAD])
def test_where_we_send_the_letter_is_there_to_read_and_no_kit(schools: City, role: Role) -> None:
    who = office(schools, OURS, "Lee Moss", role)
    answer = who.get(f"/schools/{OURS}/letter/", secure=True)
    assert answer.headers["Location"] == letter(schools, urn=OURS)
    shown = page(who, letter(schools, urn=OURS))
    assert "We send this letter to your families" in text(shown)
    assert "kit" not in text(shown)
    page(who, letter(schools, "kit.zip", OURS), status=404)
    files = re.findall(r'href="(/schools/[0-9/]+/letter/[0-9]+/files/[0-9]+/)"', shown)
    assert len(files) == 3
    for file in files:
        answer = who.get(file, secure=True)
        assert answer.content.startswith(b"%PDF")
        assert answer.headers["Cache-Control"] == "no-store"


def test_the_words_are_all_of_the_letters(schools: City) -> None:
    from everyfamily.letters.queries import letter_by_id
    from everyfamily.mailings.models import Mailing
    from everyfamily.rendering.view import unbroken

    letter_id = Mailing.objects.get(pk=schools.mailing).letter_id
    shown = text(page(office(schools), letter(schools)))
    view = letter_by_id(letter_id).english
    for section in view.sections:
        for passage in section.passages:
            if passage.stands_in("email") and "((" not in passage.text:
                assert " ".join(unbroken(passage.text).split()) in shown


def test_a_withdrawn_letter_has_its_words_and_no_file(schools: City) -> None:
    priya = office(schools)
    files = re.findall(r'href="(/schools/[0-9/]+/letter/[0-9]+/files/[0-9]+/)"', page(priya, letter(schools)))
    withdraw(schools)
    shown = page(priya, letter(schools))
    assert "Do not send it, print it or hand it out" in text(shown)
    for address in (letter(schools, "kit.zip"), *files):
        assert address not in shown
        page(priya, address, status=404)
    assert f'href="{path(schools)}"' in shown


# ---- whose it is -----------------------------------------------------------------------------------------------


def test_another_schools_return_and_letter_are_not_there(schools: City) -> None:
    priya = office(schools)
    for number in (schools.mailing + 1, 999999):
        for rest in (
            f"return/{number}/",
            f"return/{number}/filed/",
            f"letter/{number}/",
            f"letter/{number}/kit.zip",
        ):
            page(priya, f"/schools/{ONE}/{rest}", status=404)
        post(priya, f"/schools/{ONE}/return/{number}/", GOOD, status=404)
        post(priya, f"/schools/{ONE}/return/{number}/not-sent/", {}, status=404)
    for rest in ("", "filed/", "not-sent/"):
        post(priya, path(schools, rest, TWO), GOOD, status=404)
    assert filed(schools, TWO) == []
    lee = office(schools, OURS, "Lee Moss")
    post(lee, path(schools, urn=OURS), GOOD, status=404)
    page(priya, letter(schools, "files/999999/"), status=404)


def test_a_letter_in_which_a_school_has_no_part_is_not_there(schools: City) -> None:
    schools.school(LATE, sends="school")
    priya = office(schools, LATE)
    for address in (path(schools, urn=LATE), letter(schools, urn=LATE), letter(schools, "kit.zip", LATE)):
        page(priya, address, status=404)
    assert "No letter has a day yet" in text(page(priya, f"/schools/{LATE}/return/"))


def test_the_pages_take_as_many_queries_at_ten_times_the_letters(schools: City) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    from everyfamily.letters.models import Letter
    from everyfamily.mailings.models import Mailing, MailingSchool

    priya = office(schools)
    post(priya, path(schools), GOOD | {"seen": "0"})
    addresses = [f"/schools/{ONE}/return/", f"/schools/{ONE}/letters/", path(schools), letter(schools)]

    def counted() -> list[int]:
        counts = []
        for address in addresses:
            with (
                CaptureQueriesContext(connections["default"]) as mine,
                CaptureQueriesContext(connections["planner"]) as planner,
            ):
                assert len(page(priya, address)) < 60_000
            asked = [*mine.captured_queries, *planner.captured_queries]
            counts.append(sum("simulatedclock" not in one["sql"] for one in asked))
        return counts

    counted()
    before = counted()
    first, real = Mailing.objects.get(pk=schools.mailing), Letter.objects.get()
    for number in range(60):
        copy = Letter.objects.create(
            reference=f"ES-OLD-{number}",
            topic=real.topic,
            term=real.term,
            state="approved",
            digest=f"{number:064}",
            record=real.record,
            composed_at=NOW,
        )
        older = Mailing.objects.create(
            letter=copy,
            term=first.term,
            opens_at=NOW,
            closes_at=first.closes_at,
            reply_mailbox="x@example.org",
            reply_owner="x",
            ledger_key=first.ledger_key,
            started_by="x",
        )
        MailingSchool.objects.create(
            mailing=older, school_id=schools.schools[ONE], wave=1, wave_at=NOW, state="sends itself"
        )
    assert counted() == before
    assert max(before) <= 15, before
    listed = page(priya, f"/schools/{ONE}/letters/")
    following = re.search(r'href="\?after=([0-9]+)"', listed)
    assert following
    assert listed.count("ES-OLD-") == 50
    assert page(priya, f"/schools/{ONE}/letters/?after={following[1]}").count("ES-OLD-") == 10
