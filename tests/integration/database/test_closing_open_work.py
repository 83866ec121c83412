"""A mailing is not closed over people's open work unless somebody says why, and takes no school's decision with it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, adult, sealed_letter

pytestmark = [pytest.mark.database, pytest.mark.slow]

LATER = NOW + timedelta(days=30)
WHY = "the term is over"
OTHER = "ES-2704-M2T8"


def close(city: City, **how: Any):  # type: ignore[no-untyped-def]
    from everyfamily.mailings.actions.ending.closing import close_mailing

    return close_mailing(city.mailing, by=Actor.typed("Pat Example"), **{"now": LATER} | how)


def refused(city: City, **how: Any) -> str:
    from everyfamily.mailings.actions.ending.open_work import MailingHasOpenWork

    with pytest.raises(MailingHasOpenWork) as said:
        close(city, **how)
    assert "give a reason" in said.value.fix
    return said.value.fact


def run(*words: str) -> Result:
    from everyfamily.cli.main import main

    return CliRunner().invoke(main, list(words))


def reached(city: City, urn: int = 900001) -> None:
    """A school whose one adult has the letter: nothing of it is left to do."""
    city.school(urn, [adult("P1", f"Ana Ferris{urn}", EMAIL=f"ana{urn}@example.org")])


def open_and_hear(city: City) -> None:
    city.open()
    city.send()
    city.hear([(str(line["to"]), "delivered") for line in city.outbox()], NOW + timedelta(minutes=5))
    city.send(NOW + timedelta(minutes=6))


def kinds() -> Counter[tuple[str, int | None]]:
    from everyfamily.mailings.queries.tasks import open_tasks

    return Counter({(one.kind, one.urn): one.count for one in open_tasks()})


def test_a_mailing_that_has_only_just_begun_is_not_closed(city: City) -> None:
    reached(city)
    open_and_hear(city)
    soon = NOW + timedelta(minutes=10)
    assert refused(city, now=soon) == "Still open: the last wave began on 2 March 2027, less than three days ago."
    assert refused(city, now=NOW + timedelta(hours=71))
    close(city, now=NOW + timedelta(hours=72))


def test_a_school_that_has_not_attested_is_named_and_keeps_its_task(city: City) -> None:
    from everyfamily.audit.queries.events import details_of
    from everyfamily.mailings.models import Mailing

    reached(city)
    city.school(900003, [adult("R1", "Una Marsh", EMAIL="una@example.org")], attests=False)
    open_and_hear(city)
    assert refused(city) == "Still open: 1 school (900003) because the lead has not attested."
    assert Mailing.objects.get().state == "open"
    assert close(city, although=WHY).never_began == (900003,)
    assert kinds() == {("roll: attestation", 900003): 1}
    assert (
        "Roll of school 900003: the lead has not attested, and nobody there got the last letter."
        in run("tasks").output
    )
    assert details_of("close mailing", "mailing") == []
    said = run("audit", "--action", "close mailing").output
    assert f"although {WHY}" in said
    assert "never_began [900003]" in said


def test_once_its_lead_attests_the_task_is_closed(city: City) -> None:
    from everyfamily.mailings.actions.planning.planning import close_attested_tasks
    from everyfamily.mailings.queries.mailings import attested_since_the_close
    from everyfamily.people.actions.schools.schools import attest_school

    held = city.school(900003, [adult("R1", "Una Marsh", EMAIL="una@example.org")], attests=False)
    city.open()
    city.send()
    close(city, although=WHY)
    assert attested_since_the_close() == []
    attest_school(held, by=Actor.typed("lead"), now=LATER)
    assert attested_since_the_close() == [held]
    close_attested_tasks(held, LATER)
    assert (attested_since_the_close(), kinds()) == ([], {})


def test_a_decision_on_who_may_have_the_letter_keeps_it_open_and_outlives_it(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", RESTRICTION="hold")])
    city.open()
    city.send()
    assert refused(city) == "Still open: 1 decision on who may have the letter."
    close(city, although=WHY)
    assert kinds() == {("roll: restriction", 900001): 1}


def test_one_decision_is_counted_once_however_many_mailings_ask_for_it(city: City) -> None:
    """Of the roll, of a closed mailing and of an open one: it is shown where it is most pressing."""
    from everyfamily.letters.actions.sealed_letters import record_sealed_letter
    from everyfamily.mailings.actions.planning.opening import open_mailing
    from everyfamily.people.actions.schools.schools import attest_school

    school = city.school(
        900001,
        [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"a{n}@example.org", RESTRICTION="hold") for n in range(3)],
    )
    assert kinds() == {("roll: restriction", 900001): 3}
    city.open()
    city.send()
    assert kinds() == {("restriction", 900001): 3}
    close(city, although=WHY)
    assert kinds() == {("roll: restriction", 900001): 3}
    seal, artefacts, key = sealed_letter(OTHER)
    record_sealed_letter(seal, artefacts, sealing_key=key, by=Actor.typed("test"), now=LATER)
    attest_school(school, by=Actor.typed("lead"), now=LATER)
    city.mailing = open_mailing(
        reference=OTHER,
        term="spring term 2027",
        waves={school: (1, LATER)},
        closes_at=LATER + timedelta(days=42),
        reply_mailbox="letters@eastmere.example",
        reply_owner="Family letters team",
        by=Actor.typed("test"),
        now=LATER,
    ).id
    city.send(LATER)
    assert kinds() == {("restriction", 900001): 3}
    assert f"{OTHER}, school 900001: who may have the letter (3)." in run("tasks").output


def test_what_a_person_stopped_keeps_it_open(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    reached(city)
    open_and_hear(city)
    pause_mailing(city.mailing, why="a look at the numbers", by=Actor.typed("Pat Example"), now=NOW)
    assert refused(city) == "Still open: 1 other task for a person."


def test_a_roll_that_waits_for_a_person_keeps_it_open(city: City) -> None:
    """Children who are missing in a newer file, a file that was held: families of theirs may be owed the letter."""
    many = [adult(f"P{n}", f"Parent {'abcdef'[n]}", EMAIL=f"p{n}@example.org", HAS_CARE="no") for n in range(6)]
    city.school(900001, many)
    reached(city, 900002)
    open_and_hear(city)
    city.import_rows(900001, many[1:], NOW + timedelta(days=1))
    assert refused(city) == "Still open: 1 school (900001) whose roll waits for a person."
    assert close(city, although=WHY).tasks_closed == 0
    assert kinds() == {("roll: leavers", 900001): 1}, "it is the school's own"


def test_a_school_whose_roll_never_came_keeps_it_open(city: City) -> None:
    reached(city)
    city.school(900004)
    open_and_hear(city)
    assert "1 school (900004) of which no roll came in" in refused(city)


def test_what_nobody_knows_after_a_restore_keeps_it_open(city: City) -> None:
    from everyfamily.mailings.actions.guards.lost_time import open_task
    from everyfamily.mailings.models import MailingSchool

    reached(city)
    open_and_hear(city)
    MailingSchool.objects.update(uncertain=True)
    open_task(city.mailing, owner=Actor.typed("Pat Example"), now=NOW)
    said = "Still open: 1 school (900001) where nobody has said what went."
    assert refused(city) == said


@pytest.mark.parametrize("reason", [(), ("--although", "  ")])
def test_by_command_a_reason_is_a_reason(city: City, reason: tuple[str, ...]) -> None:
    reached(city)
    city.school(900003, [adult("R1", "Una Marsh", EMAIL="una@example.org")], attests=False)
    open_and_hear(city)
    words = ("close", "--reference", REFERENCE, "--by", "Pat Example")
    done = run(*words, *reason)
    assert (done.exit_code, "EF388" in done.output, "900003" in done.output) == (2, True, True), done.output
    closed = run(*words, "--although", WHY)
    assert closed.exit_code == 0, closed.output
    assert "Nobody got the letter at 1 school (not attested): 900003." in closed.output
