"""What waits for a person is shown, and a provider's pace is set, from the terminal."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from tests.factories.city import NOW, REFERENCE, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


def run(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def test_nothing_waits_where_nothing_does(city: City) -> None:
    assert run("tasks").output == "Nothing waits for a person.\n"


def test_tasks_of_the_mailing_and_of_schools_are_shown_by_day_and_owner(city: City) -> None:
    from everyfamily.mailings.actions.pausing import pause_mailing

    unclear = [
        adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", RESTRICTION="hold") for n in range(2)
    ]
    city.school(900001, unclear)
    city.school(900002, [adult("P1", "Ben Ferris", EMAIL="ben@example.org")], attests=False)
    city.open()
    city.send()
    city.send(NOW + timedelta(hours=25))
    pause_mailing(city.mailing, why="The line is down.", by="A person", now=NOW)
    shown = run("tasks").output
    assert f"{REFERENCE}, the whole mailing: a person stopped it. A person." in shown
    assert "    The line is down." in shown
    assert f"{REFERENCE}, school 900001: who may have the letter (2). Designated safeguarding lead." in shown
    assert "Ferris" not in shown
    rows = json.loads(run("tasks", "--json").output)
    assert {(row["kind"], row["urn"], row["count"]) for row in rows} >= {
        ("paused", None, 1),
        ("restriction", 900001, 2),
    }


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
