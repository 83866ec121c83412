"""Waves: groups of schools over days, so that the front door's phone lines cope. Pure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from everyfamily.core.academic_year import Term
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.sending_days import (
    SchoolSize,
    Sending,
    SendingTimes,
    TooFewDays,
    Wave,
    plan_by_families,
    sending_days,
)

LONDON = ZoneInfo("Europe/London")
SENDING_DAYS = SendingTimes().weekdays
"""Monday to Wednesday: a family that reads on a Friday finds fewer people to ring."""


class WavesDoNotFit(EveryfamilyError):
    """The terms of the partnership's file have too few days left for every school."""

    code = "EF524"


@cache
def bank_holidays() -> Container[date]:
    """Of England, known offline."""
    import holidays  # here, because it takes half a second

    return holidays.country_holidays("GB", subdiv="ENG")


def plan_waves(
    school_ids: Sequence[int], *, opens_at: datetime, schools_a_day: int
) -> dict[int, tuple[int, datetime]]:
    """Give each school its wave's number (from 1) and time: the hour of `opens_at` on London's clock.

    For whoever has no partnership's file at hand: waves run Monday to Wednesday, never on a bank holiday; school
    holidays are for whoever sets `opens_at`. A school is never split, so both adults of a child are in one wave.
    """
    waves: dict[int, tuple[int, datetime]] = {}
    at = opens_at.astimezone(LONDON)
    for number, start in enumerate(range(0, len(school_ids), schools_a_day), start=1):
        while at.weekday() not in SENDING_DAYS or at.date() in bank_holidays():
            at += timedelta(days=1)
        for school_id in school_ids[start : start + schools_a_day]:
            waves[school_id] = (number, at)
        at += timedelta(days=1)
    return waves


def plan_term_waves(
    schools: Sequence[SchoolSize],
    sending: Sending,
    terms: Sequence[Term],
    *,
    opens_on: date,
    schools_a_day: int,
) -> list[Wave]:
    """Give each school a day on which letters go out, by what the front door can take.

    Where nobody has said what it can take, `schools_a_day` counts instead. Raises WavesDoNotFit.
    """
    days = sending_days(opens_on, sending.times, sending.calendar(terms, bank_holidays()))
    door = sending.front_door
    units = schools if door else [SchoolSize(school.id, 1) for school in schools]
    try:
        waves = plan_by_families(units, days, families_a_day=door.families_a_day if door else schools_a_day)
    except TooFewDays as problem:
        raise WavesDoNotFit(
            f"{problem.left} of {len(schools)} schools have no day on which letters go out before the last term of the "
            "file ends.",
            "Begin earlier, plan for more calls a day, or add the next term's dates to the partnership's file.",
        ) from problem
    sizes = {school.id: school for school in schools}
    return [Wave(wave.number, wave.on, tuple(sizes[one.id] for one in wave.schools)) for wave in waves]


def begins_at(wave: Wave, times: SendingTimes) -> datetime:
    """The moment at which a wave begins, on London's clock."""
    return datetime.combine(wave.on, times.opens, LONDON)
