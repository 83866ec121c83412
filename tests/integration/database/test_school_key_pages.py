"""What is kept of a school and until when, and its key, which takes two people to destroy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from everyfamily.core.permissions import Role
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.doors import open_doors
from tests.factories.signed_in import signed_in
from tests.integration.database.test_data_requests import events, get, post, seen_in

if TYPE_CHECKING:
    from django.test import Client

pytestmark = [pytest.mark.database, pytest.mark.slow]

URN, ITSELF = 900001, 900003
KEPT = f"/schools/{URN}/data/kept/"
KEY = f"{KEPT}key/"
ROWS = [
    adult("P-77", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700 900202"),
    adult("P-78", "Ana Ferris", EMAIL="ana@example.org", MOBILE="07700 900202"),
    adult("P-79", "Karl Marsh", EMAIL="karl@example.org", RESTRICTION="do not send"),
]


@pytest.fixture
def school(city: City, tmp_path: Path) -> Iterator[int]:
    from django.test import override_settings

    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    number = city.school(URN, ROWS, order=["email"])
    city.school(ITSELF, sends="school")
    with open_doors(tmp_path), override_settings(EVERYFAMILY_CLOCK="database"):
        yield number


@pytest.fixture
def lead(school: int) -> Client:
    return signed_in(Role.LEAD, "Leo Lindt", school_id=school)


@pytest.fixture
def dpo(school: int) -> Client:
    return signed_in(Role.DPO, "Dee Pereira", school_id=school)


def destroyed(school: int) -> bool:
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.keys.school_keys import key_state

    with tenant(school):
        state = key_state(school)
    assert state is not None
    return state.destroyed_at is not None


def row(page: str, what: str) -> str:
    """The cells of one row as text."""
    found = re.search(rf"<th[^>]*>{what}</th>(.*?)</tr>", page, re.S)
    assert found is not None, what
    return " | ".join(re.findall(r"<td[^>]*>(.*?)</td>", found[1], re.S))


def test_each_kind_is_counted_and_has_a_day_or_a_rule(school: int, dpo: Client, city: City) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing

    roll_is_old = "5 April 2028 | No mailing has used your newest roll. It goes 400 days after it came in."
    assert row(get(dpo, KEPT), "Names of adults") == f"2 | {roll_is_old}"
    city.open()
    city.send()
    agreed = "They go 30 days after a letter’s mailing is closed, as agreed with your school."
    page = get(dpo, KEPT)
    assert row(page, "Email addresses, mobile numbers and home addresses") == f"3 | A mailing is open | {agreed}"
    assert row(page, "Letters to adults and what became of them").startswith("1 letter, 1 message |")
    close_mailing(city.mailing, by=Actor.typed("Una Marsh"), now=NOW, although="a test")
    assert row(get(dpo, KEPT), "Children’s own ids, years and classes") == f"3 | 1 April 2027 | {agreed}"


def test_the_day_on_the_page_is_the_day_of_the_purge(
    school: int, dpo: Client, city: City, tmp_path: Path
) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing
    from everyfamily.mailings.actions.ending.keeping import purge_due
    from everyfamily_demo.clock import set_simulated

    city.open()
    city.send()
    close_mailing(city.mailing, by=Actor.typed("Una Marsh"), now=NOW, although="a test")
    for days, left in ((30 - 1, "2"), (30, "0")):
        now = NOW.astimezone(UTC) + timedelta(days=days)
        set_simulated(now)
        purge_due(now, outbox=tmp_path)
        assert row(get(dpo, KEPT), "Names of adults").startswith(f"{left} | 1 April 2027")


def test_a_school_that_sends_itself_has_nobody_to_keep(school: int, city: City) -> None:
    office = signed_in(Role.LEAD, "Ina Itself", school_id=city.schools[ITSELF])
    page = get(office, f"/schools/{ITSELF}/data/kept/")
    assert "we hold nothing about its children and adults" in page
    assert "Names of adults" not in page
    assert office.get(f"/schools/{ITSELF}/data/kept/key/", secure=True).status_code == 403


def test_one_person_asks_and_another_agrees_and_both_are_in_the_trail(
    school: int, lead: Client, dpo: Client
) -> None:
    page = get(lead, KEY)
    for words in ("2 names", "3 email addresses", "3 of the children’s own ids", "3 links"):
        assert words in page, words
    assert post(lead, KEY).status_code == 422
    assert post(lead, KEY, sure="yes").headers["Location"] == KEY
    assert post(lead, KEY, sure="yes").status_code == 409, "one request at a time"
    waiting = get(lead, KEY)
    assert "Your request waits for a colleague" in waiting
    assert "key/agree/" not in waiting
    alone = post(lead, f"{KEY}agree/", seen=seen_in(waiting), sure="yes")
    assert (alone.status_code, "somebody else must agree" in alone.content.decode()) == (409, True)
    assert not destroyed(school)
    assert "Leo Lindt asks for your school’s key to be destroyed." in get(dpo, KEPT)
    asked = get(dpo, KEY)
    assert "Leo Lindt asked for it at 9am on Tuesday 2 March" in asked
    assert post(dpo, f"{KEY}agree/", seen=seen_in(asked)).status_code == 422
    assert post(dpo, f"{KEY}agree/", seen=seen_in(asked), sure="yes").status_code == 302
    assert destroyed(school)
    assert "The key is destroyed" in get(dpo, KEY)
    assert post(dpo, f"{KEY}agree/", seen=seen_in(asked), sure="yes").status_code == 409
    number = str(school)
    assert events(school, "ask to destroy school key") == [("Leo Lindt", number)]
    assert events(school, "destroy school key") == [("Dee Pereira", number)]


def test_a_colleague_sees_on_the_desk_that_a_key_waits_until_it_does_not(
    school: int, lead: Client, dpo: Client
) -> None:
    words = "Say whether your school’s key is to be destroyed"
    there = signed_in(Role.DPO, "Theo Other", school_id=school + 1)
    post(lead, KEY, sure="yes")
    for path in ("/", f"/schools/{URN}/"):
        page = get(dpo, path)
        assert words in page, path
        assert f'href="{KEY}"' in page, path
        assert "By 9am on Tuesday 9 March" in page, path
    assert words not in get(lead, "/"), "whoever asked does not agree"
    assert words not in get(there, "/"), "another school's"
    post(dpo, f"{KEY}stays/", seen=seen_in(get(dpo, KEY)))
    assert words not in get(dpo, "/")


def test_it_is_taken_back_by_either_and_runs_out_after_a_week(school: int, lead: Client, dpo: Client) -> None:
    from everyfamily_demo.clock import set_simulated

    for who in (lead, dpo):
        post(lead, KEY, sure="yes")
        seen = seen_in(get(who, KEY))
        assert post(who, f"{KEY}stays/", seen=seen).status_code == 302
        assert post(dpo, f"{KEY}agree/", seen=seen, sure="yes").status_code == 409
    post(lead, KEY, sure="yes")
    seen = seen_in(get(dpo, KEY))
    set_simulated(NOW + timedelta(days=7))
    assert post(dpo, f"{KEY}agree/", seen=seen, sure="yes").status_code == 409
    assert "Destroy the school’s key?" in get(dpo, KEY)
    assert not destroyed(school)
    assert post(dpo, KEY, sure="yes").status_code == 302, "what ran out is in nobody's way"
    assert len(events(school, "take back destroying school key")) == 2


def test_an_account_of_today_is_no_second_person(school: int, lead: Client) -> None:
    """Whoever asks could otherwise invite one and be both."""
    from django.test import override_settings

    with override_settings(EVERYFAMILY_CLOCK="system"):
        new = signed_in(Role.DPO, "Nia New", school_id=school, is_new=True)
        post(lead, KEY, sure="yes")
        answer = post(new, f"{KEY}agree/", seen=seen_in(get(new, KEY)), sure="yes")
        assert (answer.status_code, "Your account is new" in answer.content.decode()) == (409, True)
    assert not destroyed(school)


def test_while_a_mailing_is_open_nobody_may(school: int, lead: Client, dpo: Client, city: City) -> None:
    post(lead, KEY, sure="yes")
    seen = seen_in(get(dpo, KEY))
    city.open()
    assert "A mailing in which we write to your families is open" in get(dpo, KEY)
    assert post(dpo, f"{KEY}agree/", seen=seen, sure="yes").status_code == 409
    assert post(lead, f"{KEY}stays/", seen=seen).status_code == 302
    assert post(lead, KEY, sure="yes").status_code == 409
    assert not destroyed(school)


def test_the_database_refuses_one_account_for_both(school: int) -> None:
    from django.db import IntegrityError

    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import KeyDestruction

    with pytest.raises(IntegrityError, match="key_destruction_by_two_accounts"), tenant(school):
        KeyDestruction.objects.create(
            school_id=school,
            asked_at=NOW,
            asked_by="Leo Lindt",
            asked_account=1,
            ended_at=NOW,
            ended_by="Another Name",
            ended_account=1,
            became="destroyed",
        )


def command(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["keys", "destroy", "--school", str(URN), "--yes", *words])


def test_the_command_needs_two_names_and_says_so_while_a_mailing_is_open(school: int, city: City) -> None:
    assert "EF663" in command("--by", "Una Marsh").output
    assert "EF660" in command("--by", "Una Marsh", "--agreed-by", "una  marsh").output
    city.open()
    two = ("--by", "Una Marsh", "--agreed-by", "Pat Example")
    refused = command(*two)
    assert (refused.exit_code, "EF661" in refused.output) == (2, True)
    assert REFERENCE not in refused.output
    assert not destroyed(school)
    assert command(*two, "--although-open").exit_code == 0
    assert destroyed(school)
    number = str(school)
    assert events(school, "ask to destroy school key") == [("Una Marsh", number)]
    assert events(school, "destroy school key") == [("Pat Example", number)]
