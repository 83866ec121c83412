"""What the pages of a school show."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from everyfamily.core.permissions import Right
from everyfamily.mailings.queries.school_part import newest_part_of
from everyfamily.mailings.queries.tasks import tasks_of_school
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit
from everyfamily.staff.schools.words import this_term, waiting_at

ON_A_PAGE = 12


def home_values(visit: Visit, school: SchoolFacts) -> dict[str, Any]:
    """A school's own page."""
    waits = waiting_at(tasks_of_school(school.id), visit.held, school.id)
    return {
        "here": "schools",
        "school": school,
        "yours": [one for one in waits if one.is_yours],
        "others": [one for one in waits if not one.is_yours],
        "may_audit": visit.held.may(Right.SEE_SCHOOL_AUDIT, school_id=school.id),
        "may_look_after": visit.held.may(Right.LOOK_AFTER_COLLEAGUES, school_id=school.id),
        "this_term": this_term(newest_part_of(school.id), sends_itself=school.sends == "school"),
    }


def list_values(visit: Visit, schools: list[SchoolFacts], page: str) -> dict[str, Any]:
    """Twelve of somebody's schools, with what waits for them at each."""
    shown = Paginator(schools, ON_A_PAGE).get_page(page)
    rows = []
    for school in shown.object_list:
        waits = waiting_at(tasks_of_school(school.id), visit.held, school.id)
        yours = [one for one in waits if one.is_yours]
        rows.append((school, len(yours), min((one.due_on for one in yours), default=None)))
    return {"here": "schools", "rows": rows, "shown": shown, "count": len(schools)}
