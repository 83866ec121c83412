"""What a pause or a withdrawal leaves of a child's outcome: what a carrier has is on its way, the rest has a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest

from everyfamily.core.accounting.coverage import Outcome, Reason
from everyfamily.core.actors import Actor
from tests.factories.city import NOW, REFERENCE, City, address, adult
from tests.factories.kept import kept_city

pytestmark = [pytest.mark.database, pytest.mark.slow]

HOUR = timedelta(hours=1)
LATER = NOW + HOUR


def of_school(city: City, urn: int, now: object = LATER) -> tuple[dict[Outcome, int], dict[Reason, int]]:
    """Outcomes and reasons of one school."""
    (part,) = [one.coverage for one in city.coverage(now).schools if one.urn == urn]
    return dict(+part.outcomes), dict(+part.reasons)


def pause_all(city: City) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_mailing

    pause_mailing(city.mailing, why="the front door's number is dead", by=Actor.typed("Pat Example"), now=NOW)


def pause_one(city: City, urn: int) -> None:
    from everyfamily.mailings.actions.sending.pausing import pause_school

    pause_school(city.mailing, city.schools[urn], why="ring us", by=Actor.typed("Pat Example"), now=NOW)


def withdraw(city: City) -> None:
    from everyfamily.mailings.actions.ending.withdrawing import withdraw as withdraw_letter

    withdraw_letter(REFERENCE, why="the number is dead", by=Actor.typed("Pat Example"), now=NOW)


@kept_city
def begun(city: City) -> None:
    """One school of which a carrier took every letter in, and one whose wave has not begun."""
    from everyfamily.mailings.models import MailingSchool

    rows = [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(3)]
    city.school(900001, rows, order=["email"])
    city.school(900002, [adult(f"Q{n}", f"Bea Ferris{n}", EMAIL=f"bea{n}@example.org") for n in range(2)])
    city.open()
    MailingSchool.objects.filter(school_id=city.schools[900002]).update(wave_at=NOW + timedelta(days=1))
    city.send()


@pytest.mark.parametrize(("stop", "reason"), [(pause_all, Reason.PAUSED), (withdraw, Reason.WITHDRAWN)])
def test_what_a_carrier_has_is_on_its_way_and_what_waited_has_a_reason(
    begun: City, stop: object, reason: Reason
) -> None:
    assert of_school(begun, 900002) == ({Outcome.ON_ITS_WAY: 2}, {})
    stop(begun)  # type: ignore[operator]
    assert of_school(begun, 900001) == ({Outcome.ON_ITS_WAY: 3}, {})
    assert of_school(begun, 900002) == ({Outcome.NOT_REACHED: 2}, {reason: 2})


def test_one_school_is_paused_and_the_others_are_not(begun: City) -> None:
    pause_one(begun, 900002)
    assert of_school(begun, 900002)[1] == {Reason.PAUSED: 2}
    assert [part.state for part in begun.coverage(LATER).schools] == ["sending", "paused"]
    pause_one(begun, 900001)
    assert of_school(begun, 900001) == ({Outcome.ON_ITS_WAY: 3}, {})


@pytest.mark.parametrize(("stop", "reason"), [(pause_all, Reason.PAUSED), (withdraw, Reason.WITHDRAWN)])
def test_what_comes_back_after_the_stop_counts_although_nobody_looks_at_the_delivery(
    begun: City, stop: object, reason: Reason
) -> None:
    stop(begun)  # type: ignore[operator]
    begun.hear([("ana0@example.org", "delivered"), ("ana1@example.org", "permanent-failure")], LATER)
    assert of_school(begun, 900001) == (
        {Outcome.REACHED: 1, Outcome.ON_ITS_WAY: 1, Outcome.NOT_REACHED: 1},
        {reason: 1},
    )
    quiet = NOW + timedelta(hours=73)
    assert of_school(begun, 900001, quiet)[0] == {
        Outcome.REACHED: 1,
        Outcome.ACCEPTED: 1,
        Outcome.NOT_REACHED: 1,
    }


def test_a_school_that_held_is_not_asked_to_attest_for_a_withdrawn_letter(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")], attests=False)
    city.open()
    city.send()
    assert of_school(city, 900001)[1] == {Reason.SCHOOL_HELD: 1}
    withdraw(city)
    assert of_school(city, 900001)[1] == {Reason.WITHDRAWN: 1}
    assert [part.state for part in city.coverage(LATER).schools] == ["withdrawn"]


def test_a_child_that_was_reached_stays_so(begun: City) -> None:
    begun.hear([(f"ana{n}@example.org", "delivered") for n in range(3)], LATER)
    begun.send(LATER)
    withdraw(begun)
    assert of_school(begun, 900001) == ({Outcome.REACHED: 3}, {})


def test_a_text_that_arrived_before_its_paper_was_stopped_tells(city: City) -> None:
    city.school(900001, [adult("P1", "Ana Ferris", MOBILE="07700900123", **address(1))])
    city.open()
    city.send()
    pause_all(city)
    city.hear([("+447700900123", "delivered")], LATER)
    assert of_school(city, 900001) == ({Outcome.TOLD_BY_TEXT: 1}, {})


def test_who_joins_a_paused_school_waits_with_the_others(begun: City) -> None:
    pause_one(begun, 900001)
    begun.import_rows(
        900001,
        [adult(f"P{n}", f"Ana Ferris{n}", EMAIL=f"ana{n}@example.org") for n in range(4)],
        now=LATER,
    )
    assert of_school(begun, 900001) == ({Outcome.ON_ITS_WAY: 3, Outcome.NOT_REACHED: 1}, {Reason.PAUSED: 1})


def test_a_withdrawn_letter_that_is_closed_keeps_its_reason(begun: City) -> None:
    from everyfamily.mailings.actions.ending.closing import close_mailing

    withdraw(begun)
    close_mailing(begun.mailing, by=Actor.typed("Pat Example"), now=LATER, although="this is only a test")
    assert of_school(begun, 900001) == ({Outcome.ACCEPTED: 3}, {})
    assert of_school(begun, 900002)[1] == {Reason.WITHDRAWN: 2}


def test_the_children_of_a_school_that_has_closed_are_counted_where_they_are(begun: City) -> None:
    from everyfamily.people.models import School

    begun.school(900003, sends="school")
    assert 900003 not in {part.urn for part in begun.coverage(LATER).schools}, "it came after the opening"
    School.objects.filter(urn=900002).update(status="closed")
    assert of_school(begun, 900002)[0] == {Outcome.ON_ITS_WAY: 2}, "a roll that is there counts"


def test_a_closed_school_without_a_return_is_not_waited_for(city: City) -> None:
    from everyfamily.people.models import School

    city.school(900001, [adult("P1", "Ana Ferris", EMAIL="ana@example.org")])
    city.school(900002, sends="school")
    city.open()
    assert city.coverage(NOW).total.reasons == {Reason.RETURN_MISSING: 30}
    School.objects.filter(urn=900002).update(status="closed")
    assert city.coverage(NOW).total.reasons == {}
