"""A mailing that is paused says so where a person looks, and is resumed only by their word."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from everyfamily.cli.main import main
from tests.factories.city import NOW, REFERENCE, City, adult
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]


def command(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


@kept_city
def paused(city: City) -> None:
    from everyfamily.mailings.actions.guards.sendable import pause

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.open()
    pause(city.mailing, 'The route "front-door" is dead: check it.', kind="letter", now=NOW)


def test_coverage_says_that_a_mailing_is_paused_and_why(paused: City) -> None:
    said = command("coverage", "--reference", REFERENCE).output
    assert 'paused and sends nothing. The route "front-door" is dead: check it.' in said
    assert f"everyfamily resume --reference {REFERENCE}" in said


def test_a_paused_mailing_goes_on_by_a_persons_word_and_sends(paused: City) -> None:
    from everyfamily.audit.models import AuditEvent

    assert "continues" in command("resume", "--reference", REFERENCE, "--by", "Pat Example").output
    paused.send()
    assert [line["to"] for line in paused.outbox()] == ["ana@example.org"]
    assert AuditEvent.objects.get(action="resume mailing").actor == "Pat Example"
    assert "paused" not in command("coverage", "--reference", REFERENCE).output


def test_a_mailing_that_is_not_paused_is_left_as_it_is(paused: City) -> None:
    command("resume", "--reference", REFERENCE, "--by", "Pat Example")
    again = command("resume", "--reference", REFERENCE, "--by", "Pat Example")
    assert (again.exit_code, "Nothing to do" in again.output) == (0, True)


OTHER = 900002
WHY = "the front door's number does not answer"


@kept_city
def two_schools(city: City) -> None:
    for urn, name in ((900001, "ana"), (OTHER, "bea")):
        city.school(urn, [adult(f"P{n}", f"{name} Ferris{n}", EMAIL=f"{name}{n}@example.org") for n in range(3)])
    city.open()


def inboxes(city: City) -> set[object]:
    return {line["to"] for line in city.outbox()}


def pause_school(city: City, urn: int) -> None:
    said = command("pause", "--reference", REFERENCE, "--school", str(urn), "--why", WHY, "--by", "Pat Example")
    assert said.exit_code == 0, said.output


def test_one_school_is_paused_before_its_wave_and_goes_on_by_a_persons_word(two_schools: City) -> None:
    from everyfamily.mailings.models import MailingSchool

    pause_school(two_schools, OTHER)
    two_schools.send()
    assert inboxes(two_schools) == {f"ana{n}@example.org" for n in range(3)}
    assert MailingSchool.objects.get(school__urn=OTHER).state == "planned"
    said = command("coverage", "--reference", REFERENCE).output
    assert f"School {OTHER} is paused" in said
    resumed = command("resume", "--reference", REFERENCE, "--school", str(OTHER), "--by", "Pat Example").output
    assert "continues" in resumed
    two_schools.send()
    assert len(inboxes(two_schools)) == 6
    again = command("resume", "--reference", REFERENCE, "--school", str(OTHER), "--by", "Pat Example")
    assert "Nothing to do" in again.output


@pytest.mark.parametrize("urn", [None, 900001])
def test_a_pause_in_mid_page_stops_before_the_next_message(
    two_schools: City, urn: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first message of the school was with the carrier when somebody rang about a dead number."""
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.actions.sending import sending
    from everyfamily.mailings.edges.tasks import look_at_school
    from everyfamily_demo.clock import set_simulated

    set_simulated(NOW)
    call = sending._call
    called: list[int] = []

    def call_then_pause(*words: object, **more: object) -> object:
        result = call(*words, **more)  # type: ignore[arg-type]
        called.append(1)
        if len(called) == 1:
            if urn is None:
                command("pause", "--reference", REFERENCE, "--why", WHY, "--by", "Pat Example")
            else:
                pause_school(two_schools, urn)
        return result

    monkeypatch.setattr(sending, "_call", call_then_pause)
    for school in two_schools.schools.values():
        begin_wave(two_schools.mailing, school, NOW)
    for school in two_schools.schools.values():
        look_at_school(mailing_id=two_schools.mailing, school_id=school)
    of_first = {one for one in inboxes(two_schools) if str(one).startswith("ana")}
    assert len(of_first) == 1
    assert len(inboxes(two_schools)) == (1 if urn is None else 4), "another school goes on"
    monkeypatch.undo()
    words = ["--school", str(urn)] if urn else []
    command("resume", "--reference", REFERENCE, *words, "--by", "Pat Example")
    two_schools.send()
    assert sorted(str(line["to"]) for line in two_schools.outbox()) == sorted(
        f"{name}{n}@example.org" for name in ("ana", "bea") for n in range(3)
    ), "each once"


def test_who_pauses_is_on_record_and_a_pause_of_nothing_is_refused(two_schools: City) -> None:
    from everyfamily.audit.models import AuditEvent
    from everyfamily.people.database.tenancy import tenant

    pause_school(two_schools, OTHER)
    with tenant(two_schools.schools[OTHER]):
        event = AuditEvent.objects.get(action="pause school")
    assert (event.actor, event.detail) == ("Pat Example", {"why": WHY})
    asked = ["pause", "--reference", REFERENCE, "--why", WHY, "--by", "Pat Example"]
    assert "EF525" in command(*asked, "--school", str(OTHER)).output
    assert command(*asked).exit_code == 0
    assert "EF525" in command(*asked).output
    said = command("coverage", "--reference", REFERENCE).output
    assert f"paused and sends nothing. {WHY}" in said
