"""What the pages of a school show."""

from __future__ import annotations

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
from everyfamily.core.text.dates import day_with_weekday
from everyfamily.mailings.queries.first_ways import first_ways_of
from everyfamily.mailings.queries.school_part import newest_part_of
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.desk.pages import cards_of
from everyfamily.staff.parts import parts_for
from everyfamily.staff.people.school_choice import second_words

ON_A_PAGE = 12


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


def list_values(visit: Visit, schools: list[SchoolFacts], page: str) -> dict[str, Any]:
    """Twelve of somebody's schools, with what waits for them at each."""
    shown = Paginator(schools, ON_A_PAGE).get_page(page)
    here = list(shown.object_list)
    items = waits_for(gather(Reach.at(one.id for one in here), visit.now).waits, visit.held, visit.account)
    rows = []
    for school in here:
        due = [days[0] for item in items if (days := _days(item, school.id))]
        rows.append((school, heading(len(due)), bool(due), _first(due)))
    return {"here": "schools", "rows": rows, "shown": shown, "count": len(schools)}


def _days(item: Item, school_id: int) -> list[date | None]:
    """By when, for what of one kind waits at a school, the first day first."""
    return [one.due_on for one in item.waits if one.school_id == school_id]


def _first(due: list[date | None]) -> str:
    days = [day for day in due if day is not None]
    return day_with_weekday(min(days)) if days else ""
