"""Requests about data: find an adult, see what is held, export it and forget it."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.mailings.actions.ending.adult_page import adult_for_page, before_forgetting
from everyfamily.mailings.edges.exports import ask_for_export, clean_up_deleted
from everyfamily.people.actions.decided.objections import AdultNotKnown
from everyfamily.people.actions.keeping.exports import ExportFiles, download_export
from everyfamily.people.actions.keeping.forgetting import forget_adult
from everyfamily.people.actions.keeping.subject_access import search_adults
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, posted, school_page
from everyfamily.staff.data.pages import (
    TickedNothing,
    adult_values,
    failed_values,
    find_values,
    forget_values,
    found_sentence,
    is_waited_for,
)


@school_page(Right.ANSWER_DATA_REQUESTS)
def find_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Look for an adult. What was typed is never in an address. If one is found, their page is next."""
    if visit.request.method != "POST":
        return visit.render("staff/data/find.html", find_values(school) | failed_values(school, visit.now))
    wanted = visit.request.POST.get("wanted", "").strip()[:254]
    try:
        search = search_adults(school.id, wanted, now=visit.now)
    except EveryfamilyError as problem:
        return visit.render("staff/data/find.html", find_values(school, wanted, problem=problem), status=422)
    if len(search.found) == 1:
        visit.say(found_sentence(search, visit.now))
        return redirect("data-adult", school.urn, search.found[0].adult)
    return visit.render("staff/data/find.html", find_values(school, wanted, search, visit.now))


@school_page(Right.ANSWER_DATA_REQUESTS)
def adult_page(visit: Visit, school: SchoolFacts, adult: int) -> HttpResponseBase:
    """All that is held about one adult, and the file about them if it was asked for."""
    return _adult(visit, school, adult)


@school_page(Right.ANSWER_DATA_REQUESTS)
@posted
def prepare_page(visit: Visit, school: SchoolFacts, adult: int) -> HttpResponseBase:
    """Have the file about an adult prepared. One that is being prepared already is the answer to a second press."""
    try:
        ask_for_export(school.id, adult, by=visit.actor, now=visit.now)
    except AdultNotKnown:
        raise Http404 from None
    return redirect("data-adult", school.urn, adult)


@school_page(Right.ANSWER_DATA_REQUESTS)
@posted
def download_page(visit: Visit, school: SchoolFacts, adult: int) -> HttpResponseBase:
    """The newest file about an adult that whoever is signed in asked for."""
    try:
        files = download_export(school.id, adult, by=visit.actor, now=visit.now)
    except EveryfamilyError as problem:
        return _adult(visit, school, adult, problem)
    return _file(files, adult, as_json=visit.request.POST.get("as") == "json")


@school_page(Right.ANSWER_DATA_REQUESTS)
def forget_page(visit: Visit, school: SchoolFacts, adult: int) -> HttpResponseBase:
    """Say what would go and what stays, and forget the adult."""
    problem: EveryfamilyError | None = None
    if visit.request.method == "POST":
        try:
            _forget(visit, school, adult)
            return redirect("data-adult", school.urn, adult)
        except AdultNotKnown:
            raise Http404 from None
        except EveryfamilyError as found:
            problem = found
    try:
        before = before_forgetting(school.id, adult)
    except AdultNotKnown:
        raise Http404 from None
    status = 200 if problem is None else 422 if isinstance(problem, TickedNothing) else 409
    return visit.render("staff/data/forget.html", forget_values(school, adult, before, problem), status)


def _forget(visit: Visit, school: SchoolFacts, adult: int) -> None:
    """Raises TickedNothing, AdultChanged and AdultNotKnown."""
    if visit.request.POST.get("sure") != "yes":
        raise TickedNothing("You have not ticked the box.", "Tick it to say that you have read what goes.")
    seen = visit.request.POST.get("seen", "")[:40]
    forget_adult(school.id, adult, by=visit.actor, now=visit.now, seen=seen)
    clean_up_deleted.defer()
    visit.say("The name and the contact values of this adult are deleted, and no more letters go to them.")


def _adult(
    visit: Visit, school: SchoolFacts, adult: int, problem: EveryfamilyError | None = None
) -> HttpResponseBase:
    try:
        shown = adult_for_page(school, adult, by=visit.actor, now=visit.now)
    except AdultNotKnown:
        raise Http404 from None
    values = adult_values(school, shown.held, shown.exports, visit.now) | {"problem": problem}
    answer = visit.render("staff/data/adult.html", values, status=200 if problem is None else 409)
    if problem is None and is_waited_for(shown.exports, visit.now):
        # The page has no form while it waits, so nothing that somebody types is lost.
        visit.look_again(answer, 3)
    return answer


def _file(files: ExportFiles, adult: int, *, as_json: bool) -> HttpResponse:
    kind, ending = ("application/json", "json") if as_json else ("text/plain; charset=utf-8", "txt")
    response = HttpResponse(files.json if as_json else files.text, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="adult-{adult}.{ending}"'
    return response
