"""A school's families: the list, a child by its own id, and the table."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect

from everyfamily.audit.actions import record_event
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.files.csv_safe import csv_lines
from everyfamily.core.permissions import Right
from everyfamily.people.actions.decided.children_meant import children_meant
from everyfamily.people.actions.keeping.leavers import PupilNotOnRoll
from everyfamily.people.database.tenancy import tenant
from everyfamily.people.keys.school_keys import SchoolKeyDestroyed, open_vault
from everyfamily.people.queries import SchoolFacts
from everyfamily.reports.family_list import every_line
from everyfamily.reports.family_rows import COLUMNS, as_cells
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.decisions.child_pages import as_typed
from everyfamily.staff.families.asked import asked_in
from everyfamily.staff.families.letters import letters_of
from everyfamily.staff.families.pages import list_values


@school_page(Right.SEE_FAMILIES)
def families_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The school's children, each with what became of one letter."""
    values = list_values(visit, school, asked_in(visit.request.GET.dict()))
    return visit.render("staff/families/families.html", values)


@school_page(Right.SEE_FAMILIES)
@posted
def find_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The child with an id of the school's own, which is never in an address."""
    typed = visit.request.POST.get("own_id", "").strip()[:80]
    wanted = asked_in(visit.request.POST.dict())
    try:
        meant = children_meant(school.id, typed, now=visit.now, on_roll=True) if typed else []
        if not meant:
            raise PupilNotOnRoll(
                "No child on your roll has this id.", "Type it as your school’s records have it."
            )
    except EveryfamilyError as problem:
        values = list_values(visit, school, wanted) | {"problem": problem, "problem_at": "own_id", "typed": typed}
        return visit.render("staff/families/families.html", values, status=422)
    of_letter = wanted.query(outcome="", reason="", **{"class": ""})
    if len(meant) > 1:
        values = list_values(visit, school, wanted) | {"meant": meant, "meant_query": of_letter, "typed": typed}
        return visit.render("staff/families/families.html", values)
    visit.say(as_typed(meant[0]))
    answer = redirect("family", school.urn, meant[0].pupil)
    answer.headers["Location"] += f"?{of_letter}" if of_letter else ""
    return answer


@school_page(Right.TAKE_LISTS)
@posted
def families_table(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """The children who are asked for as a table. Who took it is in the audit trail."""
    asked = asked_in(visit.request.POST.dict())
    letter, _ = letters_of(visit, school, asked.mailing)
    if letter is None or letter.sends_itself:
        raise Http404
    with tenant(school.id):
        try:
            open_vault(school.id, now=visit.now)
        except SchoolKeyDestroyed:
            # Before the first line is on its way. The list says why.
            raise Http404 from None
        record_event(
            action="download families",
            by=visit.actor,
            subject_type="mailing",
            subject_id=letter.id,
            now=visit.now,
            school_id=school.id,
            detail={"outcome": asked.wanted.outcome or "every"},
        )
    lines = every_line(letter.id, school.id, visit.now, asked.wanted)
    rows = ([line[column] for column in COLUMNS] for line in map(as_cells, lines))
    answer = StreamingHttpResponse(csv_lines(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="families.csv"'
    return answer
