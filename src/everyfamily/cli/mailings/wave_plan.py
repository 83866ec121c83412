"""A plan of waves, for the partnership and the manager of its front door: who gets the letter on which day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from everyfamily.cli.console.shown import of
from everyfamily.core.calendar.sending_days import NotOn, why_not_on
from everyfamily.core.calendar.wave_plan import WavePlan

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
        yield "A school larger than a day's families has a whole day: tell the front door's manager."


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
