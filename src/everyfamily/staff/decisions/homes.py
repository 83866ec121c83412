"""Homes, inboxes and phones that are closed because somebody who must not have the letter shares them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.people.actions.decided.shared_homes import pair_of_homes, shared_page, tell_apart
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.decisions.asked import AnswerMissing, chosen
from everyfamily.staff.decisions.words import SHARED
from everyfamily.staff.paging import ON_A_PAGE, after_of

_ANSWERS = {"two": "Two homes", "one": "One home", "wait": "I do not know yet"}


@school_page(Right.DECIDE_RESTRICTIONS)
def homes_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Ways that are closed, the homes that a person is asked about first."""
    sure = visit.request.GET.get("show") == "sure"
    start = after_of(visit)
    found = shared_page(school.id, now=visit.now, doubted=not sure, start=start, limit=ON_A_PAGE)
    rows = [(one, SHARED[one.channel]) for one in found.ways]
    paging = {"next": found.next, "after": start, "kept": "show=sure" if sure else "", "page_size": ON_A_PAGE}
    values = {"here": "schools", "school": school, "rows": rows, "found": found, "sure": sure}
    return visit.render("staff/decisions/homes.html", values | paging)


@school_page(Right.DECIDE_RESTRICTIONS)
def home_page(visit: Visit, school: SchoolFacts, way: int, shut: int) -> HttpResponseBase:
    """Two homes side by side: are they one? A "no" opens this home, and only from this adult."""
    values = _values(visit, school, way, shut)
    if visit.request.method != "POST":
        return visit.render("staff/decisions/home.html", values)
    try:
        answer = chosen(visit.request.POST, "answer", _ANSWERS, "Choose whether they are one home.")
        if answer == "two":
            tell_apart(school.id, way=way, shut=shut, by=visit.actor, now=visit.now)
            visit.say("Saved: they are two homes. The letter may go there, if nothing else closes it.")
        else:
            visit.say("Nothing was changed: no letter goes there.")
    except EveryfamilyError as problem:
        wrong = {"problem": problem, "problem_at": getattr(problem, "at", "")}
        status = 422 if isinstance(problem, AnswerMissing) else 409
        return visit.render("staff/decisions/home.html", values | wrong, status=status)
    return redirect("shared-homes", school.urn)


def _values(visit: Visit, school: SchoolFacts, way: int, shut: int) -> dict[str, Any]:
    pair = pair_of_homes(school.id, way=way, shut=shut, now=visit.now)
    if pair is None:
        raise Http404
    return {"here": "schools", "school": school, "pair": pair, "answers": _ANSWERS}
