"""The audit trail is read by a command: the partnership's, or one school's, and nobody else's."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]


def run(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, ["audit", *words])


@kept_city
def acted(city: City) -> None:
    """Two schools with a roll, one of which attested twice, and an open mailing."""
    from everyfamily.people.actions.schools.schools import attest_school

    for urn in (900001, 900002):
        city.school(urn, [adult("P1", f"Ana Ferris{urn}", EMAIL=f"ana{urn}@example.org")])
    attest_school(city.schools[900001], by=Actor.typed("Una Marsh"), now=NOW + timedelta(days=1))
    city.open()
    city.send()


def test_it_says_who_did_what_to_which_and_when(acted: City) -> None:
    said = run().output
    assert f"2027-03-02 09:00:00  test: seal letter, letter {REFERENCE} (digest " in said
    assert "test: open mailing, mailing " in said
    assert "attest" not in said


def test_a_schools_own_events_are_shown_for_it_alone(acted: City) -> None:
    said = run("--school", "900001").output
    assert "2027-03-03 09:00:00  Una Marsh: attest, school" in said
    assert "seal letter" not in said
    assert "Una Marsh" not in run("--school", "900002").output


def test_a_day_and_an_action_narrow_it(acted: City) -> None:
    assert run("--school", "900001", "--action", "attest").output.count("\n") == 2
    assert run("--school", "900001", "--action", "ATTEST", "--since", "2027-03-03").output.count("\n") == 1
    assert run("--since", "2028-01-01").output == "Nothing like that is in the audit trail.\n"


def test_for_programs_it_is_one_list(acted: City) -> None:
    rows = json.loads(run("--school", "900001", "--json").output)
    assert rows[-1].keys() == {
        *("at", "actor", "actor_kind", "actor_account", "action", "subject_type", "subject_id", "detail")
    }
    assert json.loads(run("--since", "2028-01-01", "--json").output) == []


def test_no_personal_value_is_in_it(acted: City) -> None:
    said = run().output + run("--school", "900001").output + run("--school", "900001", "--json").output
    assert "Ferris" not in said
    assert "@" not in said


def test_a_trail_of_many_pages_is_read_whole_and_in_order(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    from everyfamily.audit.actions import record_event

    with transaction.atomic():
        for n in range(1203):
            record_event(action="count", by=Actor.typed("test"), subject_type="number", subject_id=n, now=NOW)
    rows = json.loads(run("--action", "count", "--json").output)
    assert [row["subject_id"] for row in rows] == [str(n) for n in range(1203)]


def test_an_unknown_school_is_refused(city: City) -> None:
    done = run("--school", "999999")
    assert (done.exit_code, "EF210" in done.output) == (2, True)


def test_a_page_of_the_trail_goes_on_where_the_one_before_ended(city: City) -> None:
    """Many events of one moment: none is shown twice, and none is left out."""
    from everyfamily.audit.actions import NewEvent, record_event, record_events
    from everyfamily.audit.queries.events import Event, events

    record_events([NewEvent("test", "test", n, {}) for n in range(7)], by=Actor.typed("Una Marsh"), now=NOW)
    record_event(
        action="later", by=Actor.link(3), subject_type="test", subject_id="", now=NOW + timedelta(hours=1)
    )
    seen: list[Event] = []
    while page := events(None, action="", before=seen[-1] if seen else None, limit=3):
        seen += page
    assert [(one.action, one.subject_id) for one in seen if one.subject_type == "test"] == [
        ("later", ""),
        *(("test", str(n)) for n in reversed(range(7))),
    ]
    assert len({one.id for one in seen}) == len(seen)
    [link] = events(None, actor="link", since=NOW)
    assert (link.actor, link.actor_kind, link.actor_account) == ("link 3", "link", None)
    assert {one.actor_kind for one in events(None, actor="una", until=NOW + timedelta(minutes=1))} == {"command"}
