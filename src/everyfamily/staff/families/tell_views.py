"""Adults to tell in person: who they are, and what was done."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.mailings.actions.ending.to_tell import OUTCOMES, settle_person_to_tell
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.families.tell_pages import NothingChosen, ToldAlready, one_values, person_at, tell_values
from everyfamily.staff.looking import shows_names
from everyfamily.staff.paging import after_of

_SAID = {
    "told": "It is recorded that you told them.",
    "not told": "It is recorded that you decided not to tell them.",
}


@school_page(Right.TELL_ADULTS, look=True)
def tell_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Adults who had a wrong letter and may not be written to now."""
    return visit.render("staff/families/tell.html", tell_values(visit, school, after_of(visit)))


@school_page(Right.TELL_ADULTS, look=True)
@shows_names("Adults to tell in person")
def tell_one_page(visit: Visit, school: SchoolFacts, task: int) -> HttpResponseBase:
    """One of them. A POST says what was done."""
    try:
        person = person_at(visit, school, task)
    except ToldAlready as settled:
        return visit.render("staff/families/tell.html", tell_values(visit, school, 0, settled), status=409)
    if visit.request.method != "POST":
        return visit.render("staff/families/tell_one.html", one_values(school, person))
    outcome = visit.request.POST.get("outcome", "")
    if outcome not in OUTCOMES:
        problem = NothingChosen("Choose whether you told them.", "Then save it.")
        return visit.render("staff/families/tell_one.html", one_values(school, person, "", problem), status=422)
    try:
        settle_person_to_tell(school.id, task=task, outcome=outcome, by=visit.actor, now=visit.now)
    except EveryfamilyError as settled:
        # A colleague was quicker by a moment.
        return visit.render("staff/families/tell.html", tell_values(visit, school, 0, settled), status=409)
    visit.say(_SAID[outcome])
    return redirect("tell", school.urn)
