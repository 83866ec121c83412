"""Waves: groups of schools spread over days, so that the front door's phone lines can cope. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.sending_days import (
    SchoolSize,
    Sending,
    SendingTimes,
    TooFewDays,
    Wave,
    plan_by_families,
    sending_days,
    why_not_on,
)
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError


class WavesDoNotFit(EveryfamilyError):
    """The terms in the partnership's file have too few days left for every school."""

    code = "EF524"


def plan_term_waves(
    schools: Sequence[SchoolSize],
    sending: Sending,
    terms: Sequence[Term],
    *,
    opens_on: date,
    schools_a_day: int,
) -> list[Wave]:
    """Give each school a day on which letters are sent, depending on what the front door can take.

    If nobody has said what it can take, `schools_a_day` is used. Raises WavesDoNotFit.
    """
    days = sending_days(opens_on, sending.times, sending.calendar(terms, bank_holidays()))
    door = sending.front_door
    units = schools if door else [replace(school, families=1) for school in schools]
    own = {
        school.id: sending.calendar(terms, bank_holidays(), sending.own[school.urn])
        for school in schools
        if school.urn in sending.own
    }

    def may_on(school: SchoolSize, day: date) -> bool:
        return school.id not in own or why_not_on(day, sending.times, own[school.id]) is None

    try:
        waves = plan_by_families(
            units, days, families_a_day=door.families_a_day if door else schools_a_day, may_on=may_on
        )
    except TooFewDays as problem:
        raise WavesDoNotFit(
            f"{problem.left} of {len(schools)} schools have no day when letters go out before "
            f"{f'the {terms[0].name}' if len(terms) == 1 else 'the last term of the file'} ends.",
            "Begin earlier, plan for more calls a day, or compose the letter for the next term.",
        ) from problem
    sizes = {school.id: school for school in schools}
    return [Wave(wave.number, wave.on, tuple(sizes[one.id] for one in wave.schools)) for wave in waves]


def begins_at(wave: Wave, times: SendingTimes, not_before: datetime | None = None) -> datetime:
    """The moment at which a wave begins, in London time. The first one waits for `not_before` (aware)."""
    opens = datetime.combine(wave.on, times.opens, LONDON)
    return opens if not_before is None else max(opens, not_before)
