"""Waves run on the mornings of a term that are fit for a letter, at the same hour of London's clock."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import FrontDoor, OwnCalendar, SchoolSize, Sending, SendingTimes, Wave
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.wave_plan import WavePlan
from everyfamily.core.calendar.waves import WavesDoNotFit, begins_at, plan_term_waves
from tests.spec.test_sending_days import TERMS

TUESDAY = date(2027, 3, 2)
SCHOOLS = [SchoolSize(number, families, 900000 + number) for number, families in enumerate((90, 50, 40, 30, 20))]


def plan(sending: Sending, *, opens_on: date = TUESDAY, schools_a_day: int = 2, **changed: Any) -> list[Wave]:
    schools = changed.get("schools", SCHOOLS)
    return plan_term_waves(schools, sending, TERMS, opens_on=opens_on, schools_a_day=schools_a_day)


def days(waves: list[Wave]) -> list[tuple[str, list[int]]]:
    return [(f"{wave.on:%a %d %b}", [school.id for school in wave.schools]) for wave in waves]


def test_without_a_front_door_so_many_schools_a_day() -> None:
    assert days(plan(Sending())) == [("Tue 02 Mar", [0, 1]), ("Wed 03 Mar", [2, 3]), ("Mon 08 Mar", [4])]


def test_the_front_door_decides_how_many_families_a_day() -> None:
    door = FrontDoor(calls_a_day=1, calls_per_1000=10)  # a hundred families
    assert days(plan(Sending(front_door=door))) == [
        ("Tue 02 Mar", [0]),
        ("Wed 03 Mar", [1, 2]),
        ("Mon 08 Mar", [3, 4]),
    ]


def test_a_school_larger_than_a_day_has_one_of_its_own() -> None:
    door = FrontDoor(calls_a_day=1, calls_per_1000=20)
    assert [len(wave.schools) for wave in plan(Sending(front_door=door))] == [1, 1, 1, 2]


def test_a_school_that_is_closed_on_a_day_has_another() -> None:
    own = {900000: OwnCalendar(schools_closed=frozenset({TUESDAY, date(2027, 3, 3)}))}
    assert days(plan(Sending(own=own))) == [("Tue 02 Mar", [1, 2]), ("Wed 03 Mar", [3, 4]), ("Mon 08 Mar", [0])]


def test_a_school_with_terms_of_its_own_keeps_them() -> None:
    late = Term("spring", date(2027, 3, 8), date(2027, 5, 28), date(2027, 4, 5), date(2027, 4, 16))
    waves = plan(Sending(own={900004: OwnCalendar(terms=(late,))}))
    # Its first two school days pass first.
    assert days(waves)[-1] == ("Wed 10 Mar", [4])


def test_days_that_are_too_few_are_said() -> None:
    with pytest.raises(WavesDoNotFit, match="1 of 5 schools have no day"):
        plan(Sending(), opens_on=date(2027, 7, 13), schools_a_day=2)


def test_a_wave_begins_at_nine_on_londons_clock_in_winter_and_in_summer() -> None:
    winter, summer = (plan(Sending(), opens_on=day)[0] for day in (TUESDAY, date(2027, 4, 20)))
    assert [str(begins_at(wave, SendingTimes())) for wave in (winter, summer)] == [
        "2027-03-02 09:00:00+00:00",
        "2027-04-20 09:00:00+01:00",
    ]
    assert begins_at(winter, SendingTimes(opens=time(10, 30))).astimezone(LONDON).time() == time(10, 30)


def test_no_school_makes_no_wave() -> None:
    assert plan(Sending(), schools=[]) == []


def test_a_plan_gives_each_school_its_wave_its_time_and_its_own_days() -> None:
    closed = date(2027, 3, 1)
    sending = Sending(own={900001: OwnCalendar(schools_closed=frozenset({closed}))})
    late = datetime(2027, 3, 2, 14, 30, tzinfo=LONDON)
    made = WavePlan(tuple(plan(sending)), sending, sending.calendar(TERMS, frozenset()), TERMS, late)
    second, third = (datetime(2027, 3, day, 9, 0, tzinfo=LONDON) for day in (3, 8))
    assert made.at() == {0: (1, late), 1: (1, late), 2: (2, second), 3: (2, second), 4: (3, third)}
    assert list(made.own_days()) == [1]
    assert made.own_days()[1]["schools_closed"] == ["2027-03-01"]
    assert made.times()["terms"]
