"""A school that closes while a mailing is open: nobody writes to it, and nobody waits for its return."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from click.testing import CliRunner, Result
from django.test import Client

from everyfamily.core.actors import Actor
from everyfamily.core.sending.fallback import AttemptStatus
from tests.factories.city import NOW, REFERENCE, City

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE, TWO = 900101, 900102
DUE, CLOSE = date(2027, 3, 12), date(2027, 3, 25)
CLOSED_ON = date(2027, 3, 5)
GOOD = {"on_roll": "30", "by_email": "18", "on_paper": "7", "by_text": "2", "not_reached": "3", "emails": "yes"}


@pytest.fixture
def schools(city: City) -> Iterator[City]:
    """Two schools that send themselves, each with a mailbox and a link."""
    from django.conf import settings

    from everyfamily.mailings.actions.returns.return_links import open_returns
    from everyfamily.people.models import School

    settings.SECRET_KEY = "a key that only this test knows, and long enough"
    for urn in (ONE, TWO):
        city.school(urn, sends="school")
        School.objects.filter(urn=urn).update(mailbox=f"office{urn}@example.org")
    city.open()
    open_returns(city.mailing, due_on=DUE, close_on=CLOSE, by=Actor.typed("team"), now=NOW)
    yield city


def close(urn: int, status: str = "closed") -> None:
    """As the list of schools does."""
    from everyfamily.core.schools.school_record import SchoolChange, SchoolChanges, SchoolRecord
    from everyfamily.people.actions.schools.school_changes import ListFile, change_schools

    def closed(known: list[SchoolRecord]) -> SchoolChanges:
        before = next(school for school in known if school.urn == urn)
        closed_on = CLOSED_ON if status == "closed" else None
        return SchoolChanges(changes=(SchoolChange(before, replace(before, status=status, closed_on=closed_on)),))

    change_schools(closed, file=ListFile("0" * 64), dry_run=False, by=Actor.typed("test"), now=NOW)


def remind(city: City, now: object):  # type: ignore[no-untyped-def]
    from everyfamily.core.sending.fallback import Channel
    from everyfamily.mailings.actions.returns.reminders import Post, remind_schools
    from everyfamily.mailings.installation.carriers import carriers

    post = Post(carriers()[Channel.EMAIL], "https://letters.eastmere.example", lambda day: True)
    return remind_schools(city.mailing, post, now)  # type: ignore[arg-type]


def written_to(city: City) -> list[object]:
    return [line["to"] for line in city.outbox()]


def status(*more: str) -> Result:
    from everyfamily.cli.main import main

    done = CliRunner().invoke(main, ["returns", "status", "--reference", REFERENCE, *more])
    assert done.exit_code == 0, done.output
    return done


def test_no_reminder_goes_to_a_school_that_has_closed(schools: City) -> None:
    assert remind(schools, NOW).sent == 2
    close(ONE)
    close(TWO, "proposed to close")
    days = [NOW.replace(day=day, hour=10) for day in range(3, 26)]
    assert sum(remind(schools, day).sent for day in days) == 3
    assert written_to(schools).count(f"office{ONE}@example.org") == 1
    assert len(written_to(schools)) == 5


def test_what_was_written_down_before_a_school_closed_is_not_sent(schools: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import renew_link
    from everyfamily.mailings.models import ReturnReminder
    from everyfamily.people.database.tenancy import tenant

    renew_link(schools.mailing, schools.schools[ONE], by=Actor.typed("team"), now=NOW)
    close(ONE)
    assert remind(schools, NOW + timedelta(hours=1)).sent == 1
    assert written_to(schools) == [f"office{TWO}@example.org"]
    with tenant(schools.schools[ONE]):
        assert ReturnReminder.objects.get().status == AttemptStatus.CREATED.value


def test_a_school_that_closes_while_letters_go_out_gets_none(
    schools: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run takes minutes, and its list of schools is older than that."""
    from everyfamily.mailings.actions.returns import reminders

    whole = reminders.return_standings

    def then_it_closes(mailing_id: int) -> object:
        found = whole(mailing_id)
        close(ONE)
        return found

    monkeypatch.setattr(reminders, "return_standings", then_it_closes)
    assert remind(schools, NOW).sent == 1
    assert written_to(schools) == [f"office{TWO}@example.org"]


def test_its_return_is_not_expected_and_the_status_says_why(schools: City) -> None:
    close(ONE)
    figures = json.loads(status("--json").output)
    assert (figures["not_expected"], figures["missing"], figures["no_mailbox"]) == (1, 1, 0)
    assert [school["state"] for school in figures["list"]] == ["not expected", "missing"]
    said = status().output
    assert "not expected: 1" in said
    assert f"{ONE} Quayfield School {ONE}: no return is expected: the school closed on 2027-03-05" in said


def test_what_it_filed_before_it_closed_counts(schools: City) -> None:
    from everyfamily.mailings.installation.return_tokens import address_of
    from everyfamily.mailings.queries.returns import return_standings

    code = return_standings(schools.mailing)[0].code
    assert code is not None
    page = Client(headers={"host": "127.0.0.1"}).post(address_of("", code), GOOD)
    assert page.status_code == 303
    close(ONE)
    assert return_standings(schools.mailing)[0].state == "filed"


def test_it_gets_no_new_link_and_a_school_that_opens_again_does(schools: City) -> None:
    from everyfamily.mailings.actions.returns.return_links import (
        SchoolDoesNotFile,
        open_returns,
        renew_link,
        revoke_link,
    )

    school = schools.schools[ONE]
    close(ONE)
    with pytest.raises(SchoolDoesNotFile, match="has closed"):
        renew_link(schools.mailing, school, by=Actor.typed("team"), now=NOW)
    assert revoke_link(schools.mailing, school, by=Actor.typed("team"), now=NOW)
    assert (
        open_returns(schools.mailing, due_on=DUE, close_on=CLOSE, by=Actor.typed("team"), now=NOW).links_made == 0
    )
    close(ONE, "open")
    later = NOW + timedelta(hours=1)
    assert (
        open_returns(schools.mailing, due_on=DUE, close_on=CLOSE, by=Actor.typed("team"), now=later).links_made
        == 1
    )
    assert remind(schools, later).sent == 2
