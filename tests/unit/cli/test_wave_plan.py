"""A plan of waves says who gets the letter when, how many calls that may be, and which days were left out and why."""

from __future__ import annotations

import json
from datetime import date

import pytest

from everyfamily.cli.mailings.wave_plan import plan_as_json, plan_as_lines
from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import FrontDoor, SchoolSize, Sending
from everyfamily.core.calendar.wave_plan import WavePlan
from everyfamily.core.calendar.waves import WavesDoNotFit, plan_term_waves

SPRING = Term("spring", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19))
SCHOOLS = [SchoolSize(1, 900), SchoolSize(2, 200), SchoolSize(3, 1), SchoolSize(4, 1500)]
DOOR = FrontDoor(calls_a_day=4, calls_per_1000=4)


def plan(sending: Sending, schools: list[SchoolSize] = SCHOOLS, opens_on: date = date(2027, 3, 2)) -> WavePlan:
    waves = plan_term_waves(schools, sending, [SPRING], opens_on=opens_on, schools_a_day=2)
    return WavePlan(tuple(waves), sending, sending.calendar([SPRING], frozenset()))


def test_waves_are_planned_by_calls_and_name_the_days_left_out() -> None:
    shut = Sending(front_door=DOOR, lines_shut=frozenset({date(2027, 3, 8)}))
    assert list(plan_as_lines(plan(shut))) == [
        "Wave 1: Tuesday 2 March 2027, 09:00: 1 school, 1,500 children, about 6 calls.",
        "Wave 2: Wednesday 3 March 2027, 09:00: 2 schools, 901 children, about 4 calls.",
        "  not Monday 8 March: a local number in the letter is not answered that day or the next.",
        "Wave 3: Tuesday 9 March 2027, 09:00: 1 school, 200 children, about 1 call.",
        "A school larger than a day's families has a whole day: tell the front door's manager.",
    ]


def test_for_programs_the_plan_is_a_list_of_waves() -> None:
    assert json.loads(json.dumps(plan_as_json(plan(Sending(front_door=DOOR)))))[1] == {
        "wave": 2,
        "on": "2027-03-03",
        "at": "2027-03-03T09:00+00:00",
        "schools": 2,
        "families": 901,
        "calls": 4,
    }


def test_without_a_front_door_schools_a_day_count_and_the_plan_says_so() -> None:
    lines = list(plan_as_lines(plan(Sending())))
    assert lines[0] == "Wave 1: Tuesday 2 March 2027, 09:00: 2 schools, 1,100 children."
    assert "does not say how many calls" in lines[-1]
    assert plan_as_json(plan(Sending()))[0]["calls"] is None


def test_schools_without_a_day_stop_the_plan() -> None:
    with pytest.raises(WavesDoNotFit) as raised:
        plan(Sending(front_door=DOOR), opens_on=date(2027, 3, 16))
    assert raised.value.fact.startswith("1 of 4 schools have no day")


def test_where_we_send_for_nobody_the_plan_says_so() -> None:
    assert list(plan_as_lines(plan(Sending(), []))) == ["No school that we send for."]
