"""A provider's pace is shared by all workers: how many calls a minute, and how many workers at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from everyfamily.core.actors import Actor
from tests.factories.city import NOW, City, adult

pytestmark = [pytest.mark.database, pytest.mark.slow]


def test_turns_of_many_workers_follow_each_other_at_the_pace_that_is_set(city: City) -> None:
    from everyfamily.mailings.actions.guards.pace import Turns, set_pace

    set_pace("recording", per_minute=600, at_once=None, by=Actor.typed("Pat Example"), now=NOW)
    one, other = Turns("recording"), Turns("recording")
    waits = [worker.must_wait(1) for _ in range(10) for worker in (one, other)]
    # Twenty turns of a tenth of a second: a worker that waits as told takes over two seconds, less what was taken
    # ahead.
    assert 1.6 <= max(waits) <= 2.0
    assert waits[0] == 0.0


def test_no_pace_no_wait(city: City) -> None:
    from everyfamily.mailings.actions.guards.pace import Turns, paces

    assert paces() == []
    turns = Turns("recording")
    assert not turns.needs_place
    assert sum(turns.must_wait(100) for _ in range(1000)) == 0


def test_a_provider_takes_so_many_workers_at_once(city: City) -> None:
    from everyfamily.mailings.actions.guards.life_signs import life_sign
    from everyfamily.mailings.actions.guards.pace import set_pace, worker_slot

    set_pace("notify", per_minute=None, at_once=2, by=Actor.typed("Pat Example"), now=NOW)
    with life_sign("a"), life_sign("b"), life_sign("c"):
        with (
            worker_slot("notify", "a") as first,
            worker_slot("notify", "b") as second,
            worker_slot("notify", "c") as third,
        ):
            assert (first, second, third) == (True, True, False)
        with worker_slot("notify", "c") as again:
            assert again


def test_the_place_of_a_worker_that_died_is_taken_over_and_that_of_a_live_one_is_not(city: City) -> None:
    from everyfamily.mailings.actions.guards.life_signs import life_sign
    from everyfamily.mailings.actions.guards.pace import set_pace, worker_slot
    from everyfamily.mailings.models import CarrierSlot

    set_pace("notify", per_minute=None, at_once=1, by=Actor.typed("Pat Example"), now=NOW)
    CarrierSlot.objects.update(worker="a")
    with life_sign("a"), worker_slot("notify", "b") as taken:
        assert not taken
    with worker_slot("notify", "b") as taken:
        assert taken
        assert CarrierSlot.objects.get().worker == "b"
    assert CarrierSlot.objects.get().worker == ""


def test_a_pace_is_changed_and_taken_away(city: City) -> None:
    from everyfamily.audit.queries.events import events
    from everyfamily.mailings.actions.guards.pace import PaceSet, paces, set_pace
    from everyfamily.mailings.models import CarrierSlot

    set_pace("notify", per_minute=3000, at_once=4, by=Actor.typed("Pat Example"), now=NOW)
    set_pace("notify", per_minute=1200, at_once=2, by=Actor.typed("Pat Example"), now=NOW)
    assert paces() == [PaceSet("notify", 1200, 2)]
    assert CarrierSlot.objects.count() == 2
    set_pace("notify", per_minute=None, at_once=None, by=Actor.typed("Pat Example"), now=NOW)
    assert paces() == []
    assert CarrierSlot.objects.count() == 0
    trail = events(None, action="set pace")
    assert [(one.actor, one.subject_id, one.detail["per_minute"]) for one in trail] == [
        ("Pat Example", "notify", None),
        ("Pat Example", "notify", 1200),
        ("Pat Example", "notify", 3000),
    ]


@contextmanager
def held(provider: str) -> Iterator[None]:
    """Somebody else holds the only slot."""
    from everyfamily.mailings.actions.guards.life_signs import life_sign
    from everyfamily.mailings.models import CarrierSlot

    with life_sign("other"):
        CarrierSlot.objects.filter(provider=provider).update(worker="other")
        yield
    CarrierSlot.objects.filter(provider=provider).update(worker="")


def test_a_worker_without_a_place_leaves_the_messages_and_looks_again(city: City) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from everyfamily.mailings.actions.guards.pace import set_pace
    from everyfamily.mailings.actions.planning.planning import begin_wave
    from everyfamily.mailings.edges.tasks import look_at_school
    from everyfamily_demo.clock import set_simulated

    school = city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org", HAS_CARE="no")])
    city.open()
    set_pace("recording", per_minute=None, at_once=1, by=Actor.typed("Pat Example"), now=NOW)
    set_simulated(NOW)
    begin_wave(city.mailing, school, NOW)
    with held("recording"):
        look_at_school(mailing_id=city.mailing, school_id=school)
        assert city.outbox() == []
        job = ProcrastinateJob.objects.get(task_name="look_at_school")
        assert job.scheduled_at is not None
    city.send()
    assert [line["to"] for line in city.outbox()] == ["ana@example.org"]


def test_a_mailing_goes_out_at_the_pace(city: City) -> None:
    from everyfamily.mailings.actions.guards.pace import set_pace

    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org", HAS_CARE="no") for n in range(12)]
    city.school(900001, rows)
    city.open()
    set_pace("recording", per_minute=1200, at_once=1, by=Actor.typed("Pat Example"), now=NOW)
    began = time.monotonic()
    city.send()
    # Twelve at twenty a second, five of them taken ahead: never quicker, and a wait is no fault.
    assert time.monotonic() - began >= 0.3
    assert len(city.outbox()) == 12
