"""A school's own page, and the list of one's schools."""

from __future__ import annotations

from contextlib import suppress

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.actions.schools.beside import stop_beside
from everyfamily.core.permissions import Right
from everyfamily.core.school_invitations import SchoolInvitationOver
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, own_schools_page, posted, school_page
from everyfamily.staff.schools.pages import home_values, list_values


@own_schools_page(Right.SEE_SCHOOL)
def own_schools(visit: Visit, schools: list[SchoolFacts]) -> HttpResponseBase:
    """One's schools, or the one school."""
    if len(schools) == 1:
        return redirect("school", schools[0].urn)
    return visit.render(
        "staff/schools/schools.html", list_values(visit, schools, visit.request.GET.get("page", ""))
    )


@school_page(Right.SEE_SCHOOL)
@posted
def stop_second_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Anyone at the school stops a second lead who comes in by its mailbox."""
    with suppress(SchoolInvitationOver):  # somebody else was quicker
        stop_beside(school.id, visit.actor, visit.now)
        visit.say("It is stopped. Everybody at your school is told.")
    return redirect("school", school.urn)


@school_page(Right.SEE_SCHOOL)
def school_home(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """What waits at one school, and what happens there this term."""
    return visit.render("staff/schools/home.html", home_values(visit, school))
