"""The form of one planned letter: what was typed, and what it is filled with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from everyfamily.core.calendar.plan_warnings import week_of
from everyfamily.core.calendar.year_plan import PlannedLetter
from everyfamily.core.partnership.plan_edits import Wanted, faults_of, is_open
from everyfamily.core.text.dates import day_in_words
from everyfamily.letters.draft_queries.waiting import sent_letters
from everyfamily.staff.year.plan_now import PlanNow

FIELDS = ("term", "topic", "about", "week", "beside")


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as somebody sent it: each field in their own characters."""

    words: Mapping[str, str]
    seen: str = ""

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Typed:
        """What a request has."""
        return cls({name: data.get(name, "").strip()[:500] for name in FIELDS}, data.get("seen", ""))

    @classmethod
    def like(cls, planned: PlannedLetter) -> Typed:
        """A letter as the plan has it."""
        week = planned.send_week.isoformat() if planned.send_week else ""
        values = (planned.term.id, planned.topic or "", planned.about or "", week, planned.beside or "")
        return cls(dict(zip(FIELDS, values, strict=True)))

    @property
    def wanted(self) -> Wanted:
        """The letter that is asked for. A week that is no day counts as none: `faults` says so."""
        words = self.words
        return Wanted(
            words["term"], words["topic"] or None, words["about"] or None, self._week(), words["beside"] or None
        )

    def faults(self, found: PlanNow, planned: PlannedLetter | None) -> dict[str, str]:
        """What cannot be, by field, each as a sentence."""
        faults = faults_of(found.plan, self.wanted, found.today, planned)
        if self.words["topic"] not in {key for key, _ in topics(found)}:
            faults["topic"] = "Choose a topic of the list."
        if self.words["week"] and self._week() is None:
            faults["week"] = "Give a day, such as 2027-03-02."
        is_other = planned is not None and planned.topic and self.wanted.topic != planned.topic
        if planned is not None and is_other and planned.address in found.written():
            faults["topic"] = "This letter is being written on the page Letters, so its topic stays."
        return faults

    def _week(self) -> date | None:
        try:
            return date.fromisoformat(self.words["week"])
        except ValueError:
            return None


def topics(found: PlanNow) -> list[tuple[str, str]]:
    """What can be chosen: each pack, and what the plan names already. The first is "still open"."""
    named = {one.topic for one in found.plan.letters if one.topic}
    known = sorted({*named, *(found.packs or {})}, key=lambda key: found.title_of(key).casefold())
    missing = "" if found.packs is None else " (there is no pack)"
    return [
        ("", "Still open"),
        *((key, found.title_of(key) + (missing if key not in (found.packs or {}) else "")) for key in known),
    ]


def form_values(found: PlanNow, planned: PlannedLetter | None, typed: Typed) -> dict[str, Any]:
    """What the page of the form needs."""
    terms = [
        one
        for one in found.plan.terms
        if one.closes_on >= found.today or (planned is not None and one == planned.term)
    ]
    full = [one for one in found.plan.letters if one.topic and one.beside is None and one.term in terms]
    shown = dict.fromkeys(one.topic for one in full if one is not planned and one.topic)
    return {
        "here": "year",
        "planned": planned,
        "name": f"{planned.term_words[:1].upper()}{planned.term_words[1:]}" if planned else "",
        "is_open": planned is None or is_open(planned),
        "typed": typed.words,
        "seen": found.seen,
        "terms": [
            (
                one.id,
                f"{one.name[:1].upper()}{one.name[1:]}, {day_in_words(one.opens_on)} to "
                f"{day_in_words(one.closes_on)}",
            )
            for one in terms
        ],
        "topics": topics(found),
        "full": [(topic, found.title_of(topic)) for topic in shown],
        "says": _says(found, planned) if planned else "",
        "sent": [one.reference for one in sent_letters(found.now) if one.overtaken_at is None and not one.failed],
    }


def _says(found: PlanNow, planned: PlannedLetter) -> str:
    """What the plan says of a letter, in a sentence."""
    about = f"It is about {planned.about}." if planned.about else "Its topic is still open."
    week = (
        f"It goes in the week of {day_in_words(week_of(planned.send_week)[0])}."
        if planned.send_week
        else "It has no week yet."
    )
    beside = f" It goes beside “{found.title_of(planned.beside)}”." if planned.beside else ""
    return f"{about} {week}{beside}"
