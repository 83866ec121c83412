"""Plan the waves of every school that we send for, by what the partnership says about its days."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.bank_holidays import bank_holidays
from everyfamily.core.calendar.sending_days import FrontDoor
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.wave_plan import WavePlan
from everyfamily.core.calendar.waves import plan_term_waves
from everyfamily.core.calendar.year_groups import EVERY_YEAR
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.letter.nothing_invented import require_nothing_invented
from everyfamily.core.partnership.partnership import Partnership
from everyfamily.people.queries import school_sizes


class TermNotInFile(EveryfamilyError):
    """The partnership's file does not have the term that a letter was written for."""

    code: ClassVar[str] = "EF383"


def plan_by_partnership(
    partnership: Partnership,
    *,
    opens_at: datetime,
    schools_a_day: int,
    door: FrontDoor | None = None,
    term: str | None = None,
    from_year: int = EVERY_YEAR,
) -> WavePlan:
    """Plan the waves of every school that we send for, from `opens_at` (aware), within one `term` if it is named. A
    school without a child in `from_year` or above has no wave.

    `door` replaces what the partnership says about the front door. Raises InventedInPartnership, TermNotInFile and
    WavesDoNotFit.
    """
    require_nothing_invented(partnership)
    terms = list(partnership.year_plan.terms)
    within = terms if term is None else [_term_of(terms, term)]
    sending = replace(partnership.sending, front_door=door) if door is not None else partnership.sending
    here = opens_at.astimezone(LONDON)
    opens_on = here.date() + timedelta(days=here.time() >= sending.times.closes)
    waves = plan_term_waves(
        school_sizes(from_year), sending, within, opens_on=opens_on, schools_a_day=schools_a_day
    )
    return WavePlan(tuple(waves), sending, sending.calendar(terms, bank_holidays()), tuple(terms), opens_at)


def _term_of(terms: list[Term], name: str) -> Term:
    for term in terms:
        if term.name == name.partition(",")[0]:  # "spring term 2027, second letter"
            return term
    raise TermNotInFile(
        f"The letter is for the {name}, which the partnership's file does not have.",
        "Give the partnership's file with that term, or compose the letter for a term that is in it.",
    )
