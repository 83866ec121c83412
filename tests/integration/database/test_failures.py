"""A technical failure, or too many failures, pause the mailing and open a task for the person who opened it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


def fill(city: City, families: int) -> int:
    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", HAS_CARE="no") for n in range(families)]
    return city.school(900001, rows, order=["email"])


def bounce(city: City, numbers: range, minutes: int, status: str = "permanent-failure") -> None:
    city.hear([(f"ana{n}@example.org", status) for n in numbers], NOW + timedelta(minutes=minutes))


def state(city: City) -> tuple[str, list[tuple[str, str, str]]]:
    from everyfamily.mailings.models import Mailing, MailingTask

    open_tasks = MailingTask.objects.filter(closed_at=None).order_by("id")
    return Mailing.objects.get().state, [(task.kind, task.fact, task.owner) for task in open_tasks]


def test_a_fifth_of_an_hours_messages_pauses_the_mailing_for_a_person(city: City) -> None:
    fill(city, 130)
    city.open()
    city.send()
    bounce(city, range(26), 30)
    assert state(city) == ("open", [])
    bounce(city, range(26, 27), 31)
    assert state(city) == ("paused", [("failures", "27 of 130 messages by email have failed.", "test")])


def test_a_person_lets_it_go_on_and_what_was_seen_pauses_nothing_again(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import resume_mailing
    from everyfamily.mailings.models import MailingTask

    fill(city, 130)
    city.open()
    city.send()
    bounce(city, range(30), 30)
    resume_mailing(city.mailing, by=Actor.typed("A person"), now=NOW + timedelta(hours=1))
    assert state(city) == ("open", [])
    assert MailingTask.objects.get().closed_by == "A person"
    bounce(city, range(30, 50), 70)
    assert state(city)[0] == "open"
    bounce(city, range(50, 60), 80)
    assert state(city) == ("paused", [("failures", "30 of 130 messages by email have failed.", "test")])


def test_a_failure_counts_to_the_hour_of_its_call_also_days_later(city: City) -> None:
    from everyfamily.mailings.models import CallTally

    fill(city, 40)
    city.open()
    city.send()
    bounce(city, range(10), 50 * 60)
    assert list(CallTally.objects.values_list("hour", "called", "failed")) == [(NOW, 40, 10)]


def test_the_same_bounce_twice_counts_once_and_a_later_word_not_at_all(city: City) -> None:
    from everyfamily.mailings.models import CallTally

    fill(city, 40)
    city.open()
    city.send()
    for minutes in (1, 2, 3):
        bounce(city, range(5), minutes)
    bounce(city, range(5), 4, "delivered")
    assert CallTally.objects.get().failed == 5


def test_one_technical_failure_pauses_the_mailing(city: City) -> None:
    fill(city, 3)
    city.open()
    city.send()
    bounce(city, range(1), 5, "technical-failure")
    what = "A carrier reports a technical failure of a message that it had taken in."
    assert state(city) == ("paused", [("carrier", what, "test")])


def test_a_person_who_pauses_has_the_task(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    fill(city, 1)
    city.open()
    pause_mailing(city.mailing, why="The line is down.", by=Actor.typed("A person"), now=NOW)
    assert state(city)[1] == [("paused", "The line is down.", "A person")]


def test_a_paused_school_is_a_task_until_it_goes_on(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_school, resume_school
    from everyfamily.mailings.models import MailingSchool, PersonTask
    from everyfamily.people.database.tenancy import tenant

    school = fill(city, 1)
    city.open()
    for round_ in range(2):
        pause_school(city.mailing, school, why="Moving house.", by=Actor.typed("A person"), now=NOW)
        assert MailingSchool.objects.get().paused_reason == "Moving house."
        with tenant(school):
            task = PersonTask.objects.get(kind="paused")
            assert (task.owner, task.closed_at) == ("A person", None), round_
        resume_school(city.mailing, school, by=Actor.typed("Another"), now=NOW + timedelta(hours=1))
        with tenant(school):
            assert PersonTask.objects.get(kind="paused").closed_by == "Another"


def test_a_server_that_refuses_for_hours_is_a_failure_and_one_that_is_busy_is_not(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from everyfamily.channels.errors import CarrierRefused
    from everyfamily_demo.recording import RecordingChannel

    def refuse(*_: object) -> None:
        raise CarrierRefused("Busy.", "Later.")

    fill(city, 30)
    city.open()
    monkeypatch.setattr(RecordingChannel, "submit", refuse)
    city.send()
    city.send(NOW + timedelta(hours=1, minutes=1))
    assert state(city)[0] == "open"
    city.send(NOW + timedelta(hours=2, minutes=2))
    assert state(city)[0] == "paused"


def test_a_demonstration_is_not_given_to_a_carrier_that_would_really_send(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from everyfamily_demo.recording import RecordingChannel

    monkeypatch.setattr(settings, "EVERYFAMILY_STAND_INS", False)
    monkeypatch.setattr(RecordingChannel, "refuses_demonstrations", lambda self: True)
    fill(city, 3)
    city.open()
    city.send()
    what = "The letter is a demonstration, but a carrier that is set would really send it."
    assert state(city) == ("paused", [("carrier", what, "test")])
    assert city.outbox() == []
