"""What the pages of a school show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator

from everyfamily.accounts.desk.gathering import Reach, gather
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.desk.waiting import Item, waits_for
from everyfamily.core.desk.words import heading
from everyfamily.core.letter.terms import letter_of_term
from everyfamily.core.permissions import Right
from everyfamily.core.schools.school_words import SchoolPart, for_others, this_term
from everyfamily.mailings.queries.first_ways import first_ways_of
from everyfamily.mailings.queries.school_part import newest_part_of
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.desk.pages import Card, cards_of
from everyfamily.staff.parts import parts_for
from everyfamily.staff.people.school_choice import second_words

ON_A_PAGE = 12
MOST_NAMED = 4
"""Things that the list of schools names at one school."""


def home_values(visit: Visit, school: SchoolFacts) -> dict[str, Any]:
    """A school's own page."""
    today = visit.now.astimezone(LONDON).date()
    waits = gather(Reach.at([school.id]), visit.now).waits
    items = waits_for(waits, visit.held, visit.account)
    part = newest_part_of(school.id)
    return {
        "here": "schools",
        "school": school,
        "heading": heading(len(items)),
        "cards": cards_of(items, today),
        "others": [
            (card, whose)
            for item, whose in for_others(waits, visit.held, school.id)
            for card in cards_of([item], today)
        ],
        "second": second_words(school, visit.now),
        "this_term": this_term(part, sends_itself=school.sends == "school"),
        **_ways(visit, school, part),
        "parts": parts_for(visit.held, school.id),
        "may_look_after": visit.held.may(Right.LOOK_AFTER_COLLEAGUES, school_id=school.id)
        or visit.held.may_look(Right.LOOK_AFTER_COLLEAGUES, school_id=school.id),
        "may_see_audit": visit.held.may(Right.SEE_SCHOOL_AUDIT, school_id=school.id),
    }


def _ways(visit: Visit, school: SchoolFacts, part: SchoolPart | None) -> dict[str, Any]:
    """By which way the children are written to first; and once the letter begins to go out, where its outcome is."""
    if part is None or not visit.held.may(Right.SEE_FAMILIES, school_id=school.id):
        return {}
    if part.state == "sending":
        return {"families": "families"}
    if part.state not in ("planned", "held") or part.mailing_state not in ("open", "paused"):
        return {}
    found = first_ways_of(school)
    return {
        "ways_heading": f"The {letter_of_term(part.term)}, as planned",
        "ways": [(first.value, count) for first, count in found.items() if count],
        "on_roll": sum(found.values()),
    }


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One of somebody's schools, with what waits for them there, what is due first at the top."""

    school: SchoolFacts
    heading: str
    cards: list[Card]
    is_urgent: bool
    due_on: date
    """The first day on which some of it is due."""

    @property
    def more(self) -> int:
        """How many things are on the school's own page only."""
        return max(0, len(self.cards) - MOST_NAMED)


def list_values(visit: Visit, schools: list[SchoolFacts], page: str) -> dict[str, Any]:
    """Twelve of somebody's schools, with what waits for them at each: first where something is urgent, then by day."""
    today = visit.now.astimezone(LONDON).date()
    items = waits_for(gather(Reach.at(one.id for one in schools), visit.now).waits, visit.held, visit.account)
    rows = sorted((_row(school, items, today) for school in schools), key=_urgency)
    shown = Paginator(rows, ON_A_PAGE).get_page(page)
    return {"here": "schools", "rows": list(shown.object_list), "shown": shown, "count": len(schools)}


def _row(school: SchoolFacts, items: list[Item], today: date) -> SchoolRow:
    here = [
        Item(item.kind, waits)
        for item in items
        if (waits := tuple(one for one in item.waits if one.school_id == school.id))
    ]
    due = [item.due_on for item in here if item.due_on is not None]
    urgent = any(item.about.is_urgent for item in here)
    return SchoolRow(school, heading(len(here)), cards_of(here, today), urgent, min(due, default=date.max))


def _urgency(row: SchoolRow) -> tuple[bool, bool, date, int, str, int]:
    return not row.cards, not row.is_urgent, row.due_on, -len(row.cards), row.school.name, row.school.urn
