"""The waves of a mailing: which schools on which day, and what they were planned by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everyfamily.core.calendar.academic_year import Term
from everyfamily.core.calendar.sending_days import SchoolCalendar, Sending, Wave
from everyfamily.core.calendar.sending_window import LONDON, school_as_data, sending_as_data
from everyfamily.core.calendar.waves import begins_at


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
