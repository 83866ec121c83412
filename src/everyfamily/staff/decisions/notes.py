"""A lead reads the notes that nobody has read, before their word on restrictions counts for those children's adults."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.core.text.row_numbers import row_number
from everyfamily.people.actions.decided.notes import notes_not_read, say_ordinary
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.decisions.asked import TickMissing
from everyfamily.staff.decisions.refused import refused, status_of
from everyfamily.staff.decisions.restriction_pages import attest_page
from everyfamily.staff.looking import shows_names

ON_A_PAGE = 100
"""Groups of notes."""


@school_page(Right.DECIDE_RESTRICTIONS)
@shows_names("Notes that nobody has read")
def notes_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The same words once, with how many children they are next to. Those that are ticked keep nobody away."""
    problem: dict[str, object] = {}
    status = 200
    if visit.request.method == "POST":
        try:
            notes = sorted({row for one in visit.request.POST.getlist("note") if (row := row_number(one))})
            if not notes:
                raise TickMissing("Tick the notes that keep nobody away.", "Nothing was saved.", at="notes")
            lifted = say_ordinary(school.id, notes, by=visit.actor, now=visit.now)
            visit.say(f"Saved. {of(lifted, 'decision')} no longer wait{'s' if lifted == 1 else ''} for a note.")
            return redirect("notes", school.urn)
        except EveryfamilyError as found:
            problem, status = refused(visit, school, found), status_of(found)
    groups = notes_not_read(school.id, now=visit.now)
    values = {
        "here": "schools",
        "school": school,
        "groups": groups[:ON_A_PAGE],
        "more": max(0, len(groups) - ON_A_PAGE),
        "attest": attest_page(visit, school),
    }
    return visit.render("staff/decisions/notes.html", values | problem, status=status)
