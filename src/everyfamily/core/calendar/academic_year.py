"""The academic year, 1 September to 31 August, and its three terms. This is the one place for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

type Season = Literal["autumn", "spring", "summer"]
type TermId = str
"""Season and calendar year, "spring-2027"."""

SEASONS: tuple[Season, ...] = ("autumn", "spring", "summer")


@dataclass(frozen=True, slots=True, order=True)
class AcademicYear:
    """The year that starts on 1 September of `starts`."""

    starts: int

    @classmethod
    def of(cls, day: date) -> AcademicYear:
        """The one academic year that contains `day`."""
        return cls(day.year if day.month >= 9 else day.year - 1)

    @property
    def first_day(self) -> date:
        """1 September."""
        return date(self.starts, 9, 1)

    @property
    def last_day(self) -> date:
        """31 August of the next calendar year."""
        return date(self.starts + 1, 8, 31)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __str__(self) -> str:
        return f"{self.starts}-{(self.starts + 1) % 100:02d}"


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its first and last school day, and the half-term holiday (both days inside it)."""

    season: Season
    opens_on: date
    closes_on: date
    half_term_from: date
    half_term_to: date

    @property
    def id(self) -> TermId:
        """Season and calendar year, "spring-2027"."""
        return f"{self.season}-{self.opens_on.year}"

    @property
    def name(self) -> str:
        """As a person says it: "spring term 2027"."""
        return f"{self.season} term {self.opens_on.year}"

    @property
    def academic_year(self) -> AcademicYear:
        """The academic year in which the term opens."""
        return AcademicYear.of(self.opens_on)

    @property
    def halves(self) -> tuple[HalfTerm, HalfTerm]:
        """What is before the half-term holiday, and what is after it."""
        return HalfTerm(self, 1), HalfTerm(self, 2)

    def half_of(self, day: date) -> HalfTerm:
        """The half-term of a day inside the term. The holiday belongs to neither, and counts with the second."""
        return self.halves[day >= self.half_term_from]

    def is_school_day(self, day: date) -> bool:
        """True for a weekday in term outside the half-term holiday (bank holidays and INSET days not known)."""
        in_term = self.opens_on <= day <= self.closes_on
        in_half_term = self.half_term_from <= day <= self.half_term_to
        return in_term and not in_half_term and day.weekday() < 5

    def faults(self) -> tuple[str, ...]:
        """What is not valid about the dates, each as the end of a sentence. Empty if everything is valid."""
        found = [
            f"{name} is a {day:%A}"
            for name, day in (
                ("opens_on", self.opens_on),
                ("closes_on", self.closes_on),
                ("half_term_from", self.half_term_from),
                ("half_term_to", self.half_term_to),
            )
            if day.weekday() >= 5
        ]
        if self.closes_on not in self.academic_year:
            found.append("closes_on is in another academic year")
        if not self.opens_on < self.half_term_from <= self.half_term_to < self.closes_on:
            found.append("the half-term holiday is not inside the term")
        if self.half_term_to - self.half_term_from > timedelta(days=14):
            found.append("the half-term holiday is longer than two weeks")
        if self.closes_on - self.opens_on > timedelta(days=130):
            found.append("the term is longer than 130 days")
        return tuple(found)


@dataclass(frozen=True, slots=True)
class HalfTerm:
    """The first or the second half of a term."""

    term: Term
    number: Literal[1, 2]

    @property
    def name(self) -> str:
        """As a person says it: "the first half of the spring term 2027"."""
        return f"the {'first' if self.number == 1 else 'second'} half of the {self.term.name}"
