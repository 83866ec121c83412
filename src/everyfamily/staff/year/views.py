"""The plan of the year in force, its board, and the two steps of which somebody says that they are done."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.calendar.academic_year import AcademicYear
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.calendar.year_work import MARKED_BY_HAND, Step
from everyfamily.core.permissions import Right
from everyfamily.letters.actions.sealed_letters import mark_done
from everyfamily.partnership.queries import in_force
from everyfamily.reports.year import year_report
from everyfamily.reports.year_page import year_page
from everyfamily.staff.access import Visit, page, posted
from everyfamily.staff.year.board import board_values
from everyfamily.staff.year.pages import year_values
from everyfamily.staff.year.plan_changes import letter_form, take_out
from everyfamily.staff.year.review import review_answer


@page(Right.SEE_LETTERS, anywhere=True)
def year(visit: Visit) -> HttpResponseBase:
    """Each letter with its days, what is doubtful, and what is due: also for those who have a role for one body."""
    asked = visit.request.GET.get("of", "")
    values = year_values(visit.now, asked, may_mark=visit.held.may(Right.PLAN_YEAR))
    return visit.render("staff/year/year.html", {"here": "year", **values})


@page(Right.SEE_LETTERS, anywhere=True)
def plan(visit: Visit) -> HttpResponseBase:
    """The plan as a board of half-terms."""
    values = board_values(visit.now, visit.request.GET.get("of", ""))
    return visit.render("staff/year/plan.html", {"here": "year", **values})


@page(Right.PLAN_YEAR)
def plan_add(visit: Visit) -> HttpResponseBase:
    """Add a letter to the plan."""
    return letter_form(visit, None)


@page(Right.PLAN_YEAR)
def plan_letter(visit: Visit, address: str) -> HttpResponseBase:
    """Change or move a letter of the plan."""
    return letter_form(visit, address)


@page(Right.PLAN_YEAR)
@posted
def plan_take_out(visit: Visit, address: str) -> HttpResponseBase:
    """Take a letter out of the plan."""
    return take_out(visit, address)


@page(Right.GET_EVIDENCE)
def report(visit: Visit) -> HttpResponseBase:
    """The report of a school year as a file, which opens without this page and prints on one sheet. 404 without
    settings."""
    found = in_force()
    if found is None:
        raise Http404
    one, today = found.partnership, visit.now.astimezone(LONDON).date()
    years = {term.academic_year for term in one.year_plan.terms}
    wanted = next((of for of in years if str(of) == visit.request.GET.get("of")), AcademicYear.of(today))
    made = year_report(wanted, visit.now, one.prices, as_written=True)
    text = year_page(made, area=one.name, as_of=today, demonstration=one.demonstration)
    return HttpResponse(
        text,
        content_type="text/html; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="letters-of-{wanted}.html"'},
    )


@page(Right.PLAN_MAILING)
def review(visit: Visit, mailing: int) -> HttpResponseBase:
    """What came of one letter, and what somebody adds to it."""
    return review_answer(visit, mailing)


@page(Right.PLAN_YEAR)
@posted
def done(visit: Visit) -> HttpResponseBase:
    """Say that a step of a planned letter is done. 404 for what is not in the plan."""
    address, step = (visit.request.POST.get(name, "") for name in ("address", "step"))
    found = in_force()
    known = {one.address for one in found.partnership.year_plan.letters} if found is not None else set()
    if address not in known or step not in {one.value for one in MARKED_BY_HAND}:
        raise Http404
    mark_done(address, Step(step).value, by=visit.actor, now=visit.now)
    visit.say("It is written down that this is done.")
    return redirect("year")
