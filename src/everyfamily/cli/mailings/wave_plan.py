"""A plan of waves, for the partnership and the manager of its front door: who gets the letter on which day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from everyfamily.cli.console.shown import of
from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import FrontDoor, NotOn, SchoolCalendar, Sending, Wave, why_not_on
from everyfamily.core.calendar.sending_window import LONDON, school_as_data, sending_as_data
from everyfamily.core.errors import EveryfamilyError, SourceLocation


@dataclass(frozen=True, slots=True)
class WavePlan:
    """The waves of a mailing, and what they were planned by."""

    waves: tuple[Wave, ...]
    sending: Sending
    calendar: SchoolCalendar
    terms: tuple[Term, ...] = ()
    not_before: datetime | None = None
    """The earliest time that was asked for. The first wave waits for it."""

    def at(self) -> dict[int, tuple[int, datetime]]:
        """Each school's wave and time, in the form in which a mailing is opened."""
        moments = {wave.number: self.begins(wave) for wave in self.waves}
        return {one.id: (wave.number, moments[wave.number]) for wave in self.waves for one in wave.schools}

    def begins(self, wave: Wave) -> datetime:
        """When a wave begins, in London time."""
        from everyfamily.core.calendar.waves import begins_at

        return begins_at(wave, self.sending.times, self.not_before).astimezone(LONDON)

    def times(self) -> dict[str, Any]:
        """The days and hours that every message of the mailing keeps to."""
        return sending_as_data(self.sending, self.terms)

    def own_days(self) -> dict[int, dict[str, Any]]:
        """By school id: the days and hours that are a school's own."""
        own = self.sending.own
        return {
            one.id: school_as_data(own[one.urn].terms, own[one.urn].schools_closed)
            for wave in self.waves
            for one in wave.schools
            if one.urn in own
        }


class TermNotInFile(EveryfamilyError):
    """The partnership's file does not have the term that a letter was written for."""

    code: ClassVar[str] = "EF383"


def plan_by_partnership(
    file: Path,
    *,
    opens_at: datetime,
    schools_a_day: int,
    door: FrontDoor | None = None,
    term: str | None = None,
) -> WavePlan:
    """Plan the waves of every school that we send for, from `opens_at` (aware), within one `term` if it is named.

    `door` replaces what the file says about the front door. Raises what reading the file raises, InventedInPartnership,
    TermNotInFile and WavesDoNotFit.
    """
    from everyfamily.core.calendar.bank_holidays import bank_holidays
    from everyfamily.core.calendar.waves import plan_term_waves
    from everyfamily.core.letter.nothing_invented import require_nothing_invented
    from everyfamily.core.partnership.partnership import load_partnership
    from everyfamily.people.queries import school_sizes

    partnership = load_partnership(file)
    require_nothing_invented(partnership)
    terms = [planned.term for planned in partnership.year_plan.letters]
    within = terms if term is None else [_term_of(terms, term, file)]
    sending = replace(partnership.sending, front_door=door) if door is not None else partnership.sending
    here = opens_at.astimezone(LONDON)
    opens_on = here.date() + timedelta(days=here.time() >= sending.times.closes)
    waves = plan_term_waves(school_sizes(), sending, within, opens_on=opens_on, schools_a_day=schools_a_day)
    return WavePlan(tuple(waves), sending, sending.calendar(terms, bank_holidays()), tuple(terms), opens_at)


def _term_of(terms: list[Term], name: str, file: Path) -> Term:
    for term in terms:
        if term.name == name:
            return term
    raise TermNotInFile(
        f"The letter is for the {name}, which this file does not have.",
        "Give the partnership's file with that term, or compose the letter for a term that is in it.",
        SourceLocation(file.name),
    )


_OF_THE_WEEK = (NotOn.WEEKDAY, NotOn.NO_TERM)
"""Days on which nobody expects a letter, and which a plan does not name."""


def plan_as_json(plan: WavePlan) -> list[dict[str, Any]]:
    """The waves as `--json` prints them, with calls only if the file says how many are expected."""
    door = plan.sending.front_door
    return [
        {
            "wave": wave.number,
            "on": wave.on.isoformat(),
            "at": plan.begins(wave).isoformat(timespec="minutes"),
            "schools": len(wave.schools),
            "families": wave.families,
            "calls": round(door.calls(wave.families)) if door else None,
        }
        for wave in plan.waves
    ]


def plan_as_lines(plan: WavePlan) -> Iterator[str]:
    """A line for each wave, and for each day in between that was left out for a reason that people should know."""
    waves = plan.waves
    if not waves:
        yield "No school that we send for."
        return
    door, times = plan.sending.front_door, plan.sending.times
    by_day = {wave.on: wave for wave in waves}
    for day in _days(waves[0].on, waves[-1].on):
        if (wave := by_day.get(day)) is not None:
            calls = f", about {of(round(door.calls(wave.families)), 'call')}" if door else ""
            who = f"{of(len(wave.schools), 'school')}, {of(wave.families, 'child')}{calls}"
            yield f"Wave {wave.number}: {day:%A %-d %B %Y}, {plan.begins(wave):%H:%M}: {who}."
        elif (reason := why_not_on(day, times, plan.calendar)) is not None and reason not in _OF_THE_WEEK:
            yield f"  not {day:%A %-d %B}: {reason}."
    if door is None:
        yield "The partnership's file does not say how many calls the front door can take (calls_a_day in [sending])."
    elif any(wave.families > door.families_a_day for wave in waves):
        yield "A school larger than a day's families has a day of its own: tell the front door's manager."


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
