"""Contacts that failed: see them, and say which work again."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.people.actions.decided.dead_ways import say_ways_work
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.families.contact_pages import NothingTicked, contact_values, ways_ticked
from everyfamily.staff.paging import after_of


@school_page(Right.MEND_CONTACTS)
def contacts_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Contacts that do not work. A POST says that those which are ticked work again."""
    if visit.request.method != "POST":
        return visit.render("staff/families/contacts.html", contact_values(visit, school, after_of(visit)))
    ticked = visit.request.POST.getlist("works")[:100]
    try:
        freed = say_ways_work(school.id, ways_ticked(visit, school, ticked), by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        values = contact_values(visit, school, after_of(visit), ticked, problem)
        return visit.render(
            "staff/families/contacts.html", values, status=422 if isinstance(problem, NothingTicked) else 409
        )
    visit.say(f"{of(freed, 'contact')} {'works' if freed == 1 else 'work'} again. We use them from now on.")
    return redirect("contacts", school.urn)
