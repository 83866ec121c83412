"""A number that letters print is rung again: what is found counts at once, for letters that are sealed too."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import everyfamily_demo
from everyfamily.cli.main import main
from everyfamily.core.actors import Actor
from everyfamily.core.partnership.routes import Route, RouteState
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.demonstration import demo_partnership
from tests.factories.kept import kept_city
from tests.integration.database.test_killed_worker import jobs_left, wait_for, worker

pytestmark = [pytest.mark.database, pytest.mark.slow]

PAT = Actor.typed("Pat Example")
LATE = datetime(2027, 3, 30, 10, 0, tzinfo=UTC)
"""The demonstration's local number is checked until 27 March."""


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@kept_city
def three(city: City) -> None:
    """A mailing to three families of one school."""
    city.school(900001, [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(3)])
    city.open()


def local(city: City) -> Route:
    from everyfamily.mailings.queries.routes import route_in_use

    return route_in_use("local", None, NOW)


def state(city: City) -> str:
    from everyfamily.mailings.models import Mailing

    return Mailing.objects.values_list("state", flat=True).get(pk=city.mailing)


def open_tasks(city: City) -> list[tuple[str, str]]:
    from everyfamily.mailings.models import MailingTask

    tasks = MailingTask.objects.filter(mailing_id=city.mailing, closed_at=None)
    return [*tasks.order_by("kind").values_list("kind", "owner")]


def test_a_dead_number_stops_the_mailing_before_the_next_message(
    three: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first message was with the carrier when somebody said that the number is dead."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending import sending
    from everyfamily.mailings.edges.tasks import look_at_school

    call = sending._call
    said: list[Result] = []

    def call_then_report(*words: object, **more: object) -> object:
        result = call(*words, **more)  # type: ignore[arg-type]
        said.append(command("routes", "dead", "local", "--by", "Pat Example", "--note", "it only rings"))
        return result

    monkeypatch.setattr(sending, "_call", call_then_report)
    school = three.schools[900001]
    begin_wave(three.mailing, school, NOW)
    look_at_school(mailing_id=three.mailing, school_id=school)
    assert (said[0].exit_code, len(three.outbox())) == (0, 1), said[0].output
    assert f"The mailing of {REFERENCE} is paused." in said[0].output
    assert open_tasks(three) == [("route", "test")]
    assert "may not be printed" in command("tasks").output

    monkeypatch.undo()
    refused = command("resume", "--reference", REFERENCE, "--by", "Pat Example")
    assert ("EF449" in refused.output, state(three)) == (True, "paused")
    assert command("routes", "rung", "local", "--by", "Bo Example").exit_code == 0
    three.send()
    assert (state(three), len(three.outbox())) == ("paused", 1), "a good number resumes nothing by itself"
    assert "continues" in command("resume", "--reference", REFERENCE, "--by", "Bo Example").output
    three.send()
    assert (len(three.outbox()), open_tasks(three)) == (3, [])


def test_a_number_that_was_rung_again_keeps_a_sealed_letter_alive(three: City) -> None:
    from everyfamily.mailings.models import Mailing
    from everyfamily.people.actions.schools.schools import attest_school

    attest_school(three.schools[900001], by=Actor.typed("lead"), now=LATE - timedelta(hours=1))
    three.send(LATE)
    assert (state(three), three.outbox()) == ("paused", [])
    assert "(0151 496 0120) was rung too long ago" in Mailing.objects.get().paused_reason
    assert open_tasks(three) == [("route", "test")]
    assert "EF449" in command("resume", "--reference", REFERENCE, "--by", "Pat Example").output
    for name in ("local", "school", "survivors"):
        rung = command("routes", "rung", name, "--by", "Pat Example")
        assert "is good until" in rung.output, rung.output
    assert command("resume", "--reference", REFERENCE, "--by", "Pat Example").exit_code == 0
    three.send(LATE)
    assert len(three.outbox()) == 3


def test_a_number_that_dies_between_the_seal_and_the_wave_keeps_the_wave_back(three: City) -> None:
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead

    route_is_dead(local(three), by=PAT, now=NOW)
    three.send()
    assert (three.outbox(), state(three), open_tasks(three)) == ([], "paused", [("route", "test")])


def test_a_mailing_that_is_paused_already_has_the_task_too(three: City) -> None:
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    pause_mailing(three.mailing, why="a school rang", by=PAT, now=NOW)
    assert route_is_dead(local(three), by=PAT, now=NOW) == []
    assert open_tasks(three) == [("paused", "Pat Example"), ("route", "test")]


def test_a_mailing_that_is_over_is_left_as_it_is(three: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead

    route = local(three)
    withdraw(REFERENCE, why="a wrong number", by=PAT, now=NOW)
    assert route_is_dead(route, by=PAT, now=NOW) == []
    assert (state(three), open_tasks(three)) == ("withdrawn", [])
    assert "EF445" in command("routes", "dead", "local", "--by", "Pat Example").output


def test_another_number_under_the_same_name_stops_nothing(three: City) -> None:
    from dataclasses import replace

    from everyfamily.mailings.actions.guards.route_checks import route_is_dead
    from everyfamily.mailings.queries.routes import WhichNumber, route_in_use

    other = replace(local(three), number="0151 496 0999")
    assert route_is_dead(other, by=PAT, now=NOW) == []
    assert state(three) == "open"
    with pytest.raises(WhichNumber):
        route_in_use("local", None, NOW, [other])
    assert route_in_use("local", "01514960999", NOW, [other]).place == other.place


def test_a_check_counts_until_midnight_in_london(three: City) -> None:
    """At half past eleven in the evening by universal time it is tomorrow in London, in summer."""
    from everyfamily.letters.queries import sealed_letter_by_id
    from everyfamily.mailings.actions.guards.route_checks import route_is_good
    from everyfamily.mailings.actions.guards.sendable import bad_route
    from everyfamily.mailings.models import Mailing
    from everyfamily.mailings.queries.routes import routes_in_use

    for one in routes_in_use(NOW):
        route_is_good(one.route, by=PAT, now=LATE)
    letter = sealed_letter_by_id(Mailing.objects.get().letter_id)
    assert letter is not None
    soonest = routes_in_use(LATE)[0]
    assert soonest.until == date(2027, 4, 29)
    assert bad_route(letter, datetime(2027, 4, 29, 22, 30, tzinfo=UTC)) is None
    assert bad_route(letter, datetime(2027, 4, 29, 23, 30, tzinfo=UTC)) is not None


def test_what_was_found_is_kept_and_the_trail_says_who(three: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.letters.models import Letter, RouteCheck
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead, route_is_good

    before = Letter.objects.values_list("record", "digest").get()
    route_is_dead(local(three), by=PAT, now=NOW, note="it only rings")
    route_is_good(local(three), by=PAT, now=NOW + timedelta(hours=1))
    assert [*RouteCheck.objects.order_by("id").values_list("register_id", "place", "is_good", "by", "note")] == [
        ("local", "0151 496 0120", False, "Pat Example", "it only rings"),
        ("local", "0151 496 0120", True, "Pat Example", ""),
    ]
    events = AuditEvent.objects.filter(subject_type="route").order_by("id")
    assert [(event.action, event.actor, event.detail) for event in events] == [
        ("report dead route", "Pat Example", {"place": "0151 496 0120"}),
        ("ring route", "Pat Example", {"place": "0151 496 0120"}),
    ]
    assert Letter.objects.values_list("record", "digest").get() == before, "the seal covers what it covered"


@pytest.mark.parametrize("note", ["ask ana@example.org", "she is on 07700 900 123", "x" * 201, "two\nlines"])
def test_a_note_with_somebodys_number_is_not_kept(three: City, note: str) -> None:
    from everyfamily.letters.models import RouteCheck
    from everyfamily.mailings.actions.guards.route_checks import NoteNotKept, route_is_dead

    with pytest.raises(NoteNotKept):
        route_is_dead(local(three), by=PAT, now=NOW, note=note)
    assert (RouteCheck.objects.count(), state(three)) == (0, "open")


def test_one_schools_number_is_not_dead_for_every_school(three: City) -> None:
    from everyfamily.mailings.actions.guards.route_checks import DiffersBySchool, route_is_dead
    from everyfamily.mailings.queries.routes import route_in_use

    with pytest.raises(DiffersBySchool):
        route_is_dead(route_in_use("school", None, NOW), by=PAT, now=NOW)
    assert state(three) == "open"


def test_the_list_begins_with_what_must_be_rung(three: City) -> None:
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead
    from everyfamily.mailings.queries.routes import routes_in_use

    route_is_dead(local(three), by=PAT, now=NOW)
    first = routes_in_use(NOW)[0]
    assert (first.route.id, first.state, first.letters) == ("local", RouteState.DEAD, (REFERENCE,))
    said = command("routes", "list").output
    assert said.startswith("local  0151 496 0120: dead since 2 March 2027.")
    assert REFERENCE in said


def test_answers_to_replies_leave_out_a_number_that_was_found_dead(three: City) -> None:
    from everyfamily.letters.queries import routes_now, sealed_letter_by_id
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead
    from everyfamily.mailings.models import Mailing

    route_is_dead(local(three), by=PAT, now=NOW)
    letter = sealed_letter_by_id(Mailing.objects.get().letter_id)
    assert letter is not None
    good = {one.id for one in routes_now(letter.routes, NOW) if one.state_on(NOW.date()) is RouteState.GOOD}
    assert good == {one.id for one in letter.routes} - {"local"}


# `make test` has it for a withdrawal, by the same guard (test_withdraw.py), and for a route without workers (above).
@pytest.mark.nightly
def test_two_workers_stop_within_one_message(city: City, tmp_path: Path) -> None:
    """Two real workers send for two schools when somebody says that the number is dead."""
    from everyfamily.mailings.edges.tasks import begin_school
    from everyfamily.mailings.models import LedgerEntry

    each = 60
    for urn in (900001, 900002):
        families = [
            adult(f"P{n}", f"Ana Ferris{urn}{n}", EMAIL=f"ana{urn}-{n}@example.org", HAS_CARE="no")
            for n in range(each)
        ]
        city.school(urn, families, order=["email"])
    city.open()
    for school in city.schools.values():
        begin_school.defer(mailing_id=city.mailing, school_id=school)
    with worker(tmp_path), worker(tmp_path):
        wait_for(lambda: len(city.outbox()) > 20, 60, "twenty messages")
        said = command("routes", "dead", "local", "--by", "Pat Example")
        # When the command returns, no call begins; each worker may have one message with the carrier.
        at_once = len(city.outbox())
        wait_for(lambda: not jobs_left(), 60, "the workers to find nothing to do")
        wait_for(lambda: not LedgerEntry.objects.filter(status="sending").exists(), 60, "the last call")
        after = len(city.outbox())
    assert said.exit_code == 0, said.output
    assert after - at_once <= 2
    assert after < 2 * each, "there was something left to stop"
    assert (state(city), open_tasks(city)) == ("paused", [("route", "test")])


def test_the_parent_sites_register_takes_in_what_was_found(three: City) -> None:
    from everyfamily.cli.letters.site_command import _checks, _with_checks
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead

    route_is_dead(local(three), by=PAT, now=NOW)
    with_checks = _with_checks(demo_partnership(), _checks(), NOW.date())
    assert with_checks.route("local").state_on(NOW.date()) is RouteState.DEAD
    before = _with_checks(demo_partnership(), _checks(), NOW.date() - timedelta(days=1))
    assert before.route("local").state_on(NOW.date()) is RouteState.GOOD


def test_a_number_can_be_rung_before_any_letter_prints_it(
    city: City, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from django.conf import settings

    from everyfamily_demo.clock import set_simulated

    set_simulated(LATE)
    assert "No letter that still counts" in command("routes", "list").output
    file = Path(everyfamily_demo.__file__).parent / "data" / "partnership.toml"
    monkeypatch.setattr(settings, "EVERYFAMILY_PARTNERSHIP", str(file))
    assert "local  0151 496 0120: to be checked again since 27 March 2027." in command("routes", "list").output
    rung = command("routes", "rung", "local", "--by", "Pat Example")
    assert "0151 496 0120 is good until 29 April 2027, checked by Pat Example on 30 March 2027." in rung.output
    monkeypatch.setattr(settings, "EVERYFAMILY_PARTNERSHIP", str(tmp_path / "not-there.toml"))
    assert command("routes", "list").exit_code == 0, "a file that cannot be read keeps nobody from ringing"
    named = command("routes", "dead", "local", "--by", "Pat Example", "--partnership", str(file))
    assert "Recorded: 0151 496 0120 is dead." in named.output


def test_a_person_who_resumes_at_that_moment_does_not_send_a_dead_number(
    three: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody resumes the mailing, and has seen that every number is good; before that is committed, one is dead."""
    from everyfamily.mailings.actions.guards.route_checks import route_is_dead
    from everyfamily.mailings.actions.sending import pausing

    pausing.pause_mailing(three.mailing, why="a school rang", by=PAT, now=NOW)
    route, seen, go_on = local(three), threading.Event(), threading.Event()

    def slowly(*words: object) -> int:
        seen.set()
        assert go_on.wait(30)
        return 0

    monkeypatch.setattr(pausing, "settle_taken", slowly)
    stopped: list[str] = []
    resuming = in_a_thread(lambda: pausing.resume_mailing(three.mailing, by=PAT, now=NOW))
    assert seen.wait(30)
    reporting = in_a_thread(lambda: stopped.extend(route_is_dead(route, by=PAT, now=NOW)))
    reporting.join(0.5)
    assert reporting.is_alive(), "it waits for the other's word"
    go_on.set()
    for thread in (resuming, reporting):
        thread.join(30)
    assert (state(three), stopped) == ("paused", [REFERENCE])


def test_a_mailing_that_was_being_opened_meanwhile_stops_too(
    three: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.mailings.actions.guards import route_checks

    stop = route_checks._stop
    seen: list[list[str]] = []

    def first_blind(*words: Any) -> list[str]:
        seen.append(stop(*words) if seen else [])
        return [*seen[-1]]

    monkeypatch.setattr(route_checks, "_stop", first_blind)
    assert route_checks.route_is_dead(local(three), by=PAT, now=NOW) == [REFERENCE]
    assert (seen, state(three)) == ([[], [REFERENCE]], "paused")


def in_a_thread(work: Callable[[], object]) -> threading.Thread:
    """Run it beside the test, on a connection of its own."""
    from django.db import connections

    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread
