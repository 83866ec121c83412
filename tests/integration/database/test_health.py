"""Whether mailings are looked after is said to a person, and to a monitor by an exit code."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.kept import kept_city
from tests.integration.database.worker_processes import rows

pytestmark = [pytest.mark.database, pytest.mark.slow]

NOBODY = "No worker is alive, and a mailing is open."


def run(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def beat(seconds_ago: int) -> None:
    rows(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
        [seconds_ago],
    )


@kept_city
def open_city(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()


def test_without_an_open_mailing_no_worker_is_missed(city: City) -> None:
    said = run("health")
    assert (said.exit_code, said.output) == (0, "All is well. Workers alive: 0. Mailings open: 0.\n")


@pytest.mark.parametrize("command", ["health", "tasks", "coverage"])
def test_an_open_mailing_without_a_worker_is_said(open_city: City, command: str) -> None:
    assert NOBODY in run(command).output
    beat(3600)
    assert f"{NOBODY} The last sign of life was 60 minutes ago." in run(command).output
    beat(2)
    assert NOBODY not in run(command).output


def test_a_monitor_is_told_by_the_exit_code(open_city: City) -> None:
    assert run("health").exit_code == 1
    beat(2)
    assert run("health").exit_code == 0
    found = json.loads(run("health", "--json").output)
    assert (found["is_good"], found["workers"]["alive"], found["open_mailings"]) == (True, 1, 1)


def test_a_paused_mailing_misses_nobody(open_city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    pause_mailing(open_city.mailing, why="a number is dead", by=Actor.typed("Pat Example"), now=NOW)
    assert run("health").exit_code == 0


def test_a_school_whose_wave_did_not_begin_is_shown_after_a_while(open_city: City) -> None:
    from everyfamily_demo.clock import set_simulated

    beat(2)
    set_simulated(NOW + timedelta(minutes=9))
    assert run("health").exit_code == 0
    set_simulated(NOW + timedelta(minutes=11))
    said = run("health")
    assert said.exit_code == 1
    late = f"Letter {REFERENCE}, school 900001: its wave was due on 2 March at 09:00 and has not begun."
    assert late in said.output
    tasks = run("tasks").output
    assert f"{REFERENCE}, school 900001: its wave has not begun. test." in tasks
    assert {row["kind"] for row in json.loads(run("tasks", "--json").output)} == {"not begun"}
    assert "1 school should have begun and did not" in run("coverage").output
    open_city.send(NOW + timedelta(minutes=12))
    assert run("health").exit_code == 0
    assert "has not begun" not in run("tasks").output


def test_a_wave_that_waits_for_the_hours_of_letters_is_not_late(city: City) -> None:
    """A correction that is opened at night goes out at nine."""
    from everyfamily.core.calendar.sending_window import urgent_as_data
    from everyfamily.mailings.models import MailingSchool
    from everyfamily_demo.clock import set_simulated

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open(sending=urgent_as_data())
    beat(2)
    MailingSchool.objects.update(wave_at=NOW - timedelta(hours=10))
    set_simulated(NOW - timedelta(hours=2))
    assert run("health").exit_code == 0
    set_simulated(NOW + timedelta(minutes=11))
    assert "was due on 2 March at 09:00" in run("health").output


def test_a_job_that_failed_for_good_is_said_for_an_hour(open_city: City) -> None:
    beat(2)
    failed = "('mailings', 'look_at_school', 'failed')"
    jobs = f"INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES {failed} RETURNING id"
    rows("INSERT INTO procrastinate_events (job_id, type) VALUES (%s, 'failed') RETURNING id", rows(jobs)[0])
    said = run("health")
    assert said.exit_code == 1
    assert "1 job failed in the last hour." in said.output
    rows("UPDATE procrastinate_events SET at = now() - interval '61 minutes' RETURNING id")
    assert run("health").exit_code == 0


def test_a_mailing_that_stopped_by_itself_is_somebodys_to_see_to(city: City) -> None:
    """With a worker or without: the letters wait, and the person who would let them go on does not know."""
    from everyfamily.mailings.actions.guards.sendable import pause
    from everyfamily.mailings.queries.health import health

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    assert health().paused == ()
    pause(city.mailing, "A carrier is broken.", kind="carrier", now=NOW)
    assert (health().paused, health().is_good) == (("ES-2703-K7R4",), False)
