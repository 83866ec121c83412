"""What waits for a person is shown, and a provider's pace is set, from the terminal."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor, ActorKind
from tests.factories.city import NOW, REFERENCE, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


def run(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def test_nothing_waits_where_nothing_does(city: City) -> None:
    assert run("tasks").output == "Nothing waits for a person.\n"


def test_tasks_of_the_mailing_and_of_schools_are_shown_by_day_and_owner(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    unclear = [
        adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", RESTRICTION="hold") for n in range(2)
    ]
    city.school(900001, unclear)
    city.school(900002, [adult("P1", "Ben Ferris", EMAIL="ben@example.org")], attests=False)
    city.open()
    city.send()
    city.send(NOW + timedelta(hours=25))
    pause_mailing(
        city.mailing, why="The line is down.", by=Actor(ActorKind.PERSON, "A person", account=7), now=NOW
    )
    shown = run("tasks").output
    assert f"{REFERENCE}, the whole mailing: a person stopped it. A person." in shown
    assert "    The line is down." in shown
    assert f"{REFERENCE}, school 900001: who may have the letter (2). Designated safeguarding lead." in shown
    assert "Ferris" not in shown
    rows = json.loads(run("tasks", "--json").output)
    assert {(row["kind"], row["urn"], row["count"], row["role"], row["account"]) for row in rows} >= {
        ("paused", None, 1, "coordinator", 7),
        ("restriction", 900001, 2, "lead", None),
    }


def test_the_owner_of_a_schools_pause_is_whoever_paused_it(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_school

    school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    pause_school(city.mailing, school, why="wrong roll", by=Actor.typed("Pat Example"), now=NOW)
    assert f"{REFERENCE}, school 900001: a person stopped it. Pat Example." in run("tasks").output
    [row] = [row for row in json.loads(run("tasks", "--json").output) if row["kind"] == "paused"]
    assert (row["urn"], row["role"]) == (900001, "coordinator")


def test_a_task_of_a_roll_is_shown_before_any_mailing(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="hold")])
    assert "Roll of school 900001: who may be written to. Designated safeguarding lead." in run("tasks").output


def test_a_task_of_a_withdrawn_mailing_goes_with_its_decision(city: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.planning.planning import close_tasks_decided_since
    from everyfamily.mailings.queries.mailings import decided_since
    from everyfamily.people.actions.decided.restrictions import review_restriction
    from everyfamily.people.database.tenancy import tenant
    from everyfamily.people.models import Care

    school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="hold")])
    city.open()
    city.send()
    withdraw(REFERENCE, why="a dead number", by=Actor.typed("Pat Example"), now=NOW)
    assert decided_since() == []
    with tenant(school):
        link = Care.objects.get().pk
    review_restriction(
        school, link=link, decision="none", by=Actor.typed("Una Marsh"), now=NOW + timedelta(hours=1)
    )
    assert decided_since() == [(city.mailing, school)]
    assert close_tasks_decided_since(city.mailing, school, NOW + timedelta(hours=2)) == 1
    assert decided_since() == []
    assert run("tasks").output == "Nothing waits for a person.\n"


def test_a_withdrawn_letter_is_said_to_be_so(city: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    city.send()
    withdraw(REFERENCE, why="a dead number", by=Actor.typed("Pat Example"), now=NOW)
    said = run("coverage", "--reference", REFERENCE).output
    assert "This letter is withdrawn, and is no longer sent. a dead number" in said
    with pytest.raises(Exception, match="is withdrawn, for good"):
        city.open()


def test_a_pace_is_set_shown_and_taken_away(city: City) -> None:
    assert run("pace").output == "No limit is set: a carrier is called as fast as it answers.\n"
    assert run("pace", "notify", "--per-minute", "3000", "--at-once", "1").output == (
        "notify: 3,000 messages a minute, 1 worker at once.\n"
    )
    assert json.loads(run("pace", "--json").output) == [{"provider": "notify", "per_minute": 3000, "at_once": 1}]
    assert run("pace", "notify", "--no-limit").exit_code == 0
    assert "No limit is set" in run("pace").output


@pytest.mark.parametrize(
    "words",
    [
        ("pace", "nobody", "--per-minute", "1"),
        ("pace", "--per-minute", "1"),
        ("pace", "smtp", "--per-minute", "0"),
    ],
)
def test_a_pace_that_cannot_be_is_refused(city: City, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
    assert "No limit is set" in run("pace").output
