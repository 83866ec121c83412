"""Contacts that failed: see them, and say which work again."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.audit.actions import record_event
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.core.text.counts import of
from everyfamily.people.actions.decided.dead_ways import say_ways_work
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import SchoolKeyDestroyed
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.families.contact_pages import (
    NothingTicked,
    contact_lines,
    contact_values,
    ways_ticked,
)
from everyfamily.staff.paging import after_of


@school_page(Right.MEND_CONTACTS, look=True)
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


@school_page(Right.TAKE_LISTS)
@posted
def contacts_table(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The same as a table, for whoever puts them right in another system. Who took it is in the audit trail."""
    try:
        lines = list(contact_lines(school, visit.now))
    except SchoolKeyDestroyed:
        # The list says why.
        raise Http404 from None
    with tenant(school.id):
        record_event(
            action="download contacts",
            by=visit.actor,
            subject_type="school",
            subject_id=school.id,
            now=visit.now,
            school_id=school.id,
        )
    headers = {"Content-Disposition": 'attachment; filename="contacts.csv"'}
    return HttpResponse("".join(lines), content_type="text/csv; charset=utf-8", headers=headers)
