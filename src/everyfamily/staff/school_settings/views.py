"""A school's lead looks at the school's settings and changes those that are theirs."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.people.actions.schools.own_settings import SettingsChanged, update_school
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.school_settings.pages import said_of, settings_values, typed_of


@school_page(Right.CHANGE_SCHOOL, look=True)
def settings_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """How the school takes part."""
    if visit.request.method != "POST":
        return visit.render("staff/school_settings/settings.html", settings_values(visit, school))
    posted = visit.request.POST
    typed = typed_of(posted)
    try:
        done = update_school(school.id, typed, seen=posted.get("seen", "")[:16], by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        status = 409 if isinstance(problem, SettingsChanged) else 422
        return visit.render(
            "staff/school_settings/settings.html", settings_values(visit, school, typed, problem), status=status
        )
    visit.say(said_of(done))
    return redirect("school-settings", school.urn)
