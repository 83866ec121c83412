"""Homes, inboxes and phones that are closed because somebody who must not have the letter shares them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.permissions import Right
from everyfamily.people.actions.decided.shared_homes import (
    Homes,
    PairOfHomes,
    pair_of_homes,
    say_one_home,
    shared_page,
    tell_apart,
)
from everyfamily.people.queries import SchoolFacts
from everyfamily.staff.access import Visit, school_page
from everyfamily.staff.decisions.asked import chosen
from everyfamily.staff.decisions.refused import refused, status_of
from everyfamily.staff.decisions.words import SHARED
from everyfamily.staff.looking import shows_names
from everyfamily.staff.paging import ON_A_PAGE, after_of

_TABS = {
    Homes.DOUBTED: "One home or two?",
    Homes.SURE: "Shared",
    Homes.APART: "Two homes, as somebody said",
}
_ANSWERS = {"two": "Two homes", "one": "One home", "wait": "I do not know yet"}


@school_page(Right.DECIDE_RESTRICTIONS, look=True)
@shows_names("Homes that are shared")
def homes_page(visit: Visit, school: SchoolFacts) -> HttpResponseBase:
    """Ways that are closed, the homes that a person is asked about first."""
    said = visit.request.GET.get("show", "")
    which = next((one for one in Homes if one == said), Homes.DOUBTED)
    start = after_of(visit)
    found = shared_page(school.id, now=visit.now, which=which, start=start, limit=ON_A_PAGE)
    kept = f"show={which}" if which is not Homes.DOUBTED else ""
    return visit.render(
        "staff/decisions/homes.html",
        {
            "here": "schools",
            "school": school,
            "rows": [(one, SHARED[one.channel]) for one in found.ways],
            "tabs": [
                (_TABS[one], getattr(found, one), one if one is not Homes.DOUBTED else "", one is which)
                for one in Homes
            ],
            "which": which.name,
            "next": found.next,
            "after": start,
            "kept": kept,
            "page_size": ON_A_PAGE,
        },
    )


@school_page(Right.DECIDE_RESTRICTIONS, look=True)
@shows_names("Homes that are shared")
def home_page(visit: Visit, school: SchoolFacts, way: int, shut: int) -> HttpResponseBase:
    """Two homes side by side: are they one? A "no" opens this home, and only from this adult."""
    values = _values(visit, school, way, shut)
    if visit.request.method != "POST":
        return visit.render("staff/decisions/home.html", values)
    try:
        answer = chosen(visit.request.POST, "answer", _ANSWERS, "Choose whether they are one home.")
        visit.say(_save(visit, school, values["pair"], answer))
    except EveryfamilyError as problem:
        values |= refused(visit, school, problem)
        return visit.render("staff/decisions/home.html", values, status=status_of(problem))
    return redirect("shared-homes", school.urn)


def _save(visit: Visit, school: SchoolFacts, pair: PairOfHomes, answer: str) -> str:
    asked = {"way": pair.shared.way, "shut": pair.shared.shut}
    if answer == "one":
        new = say_one_home(school.id, **asked, by=visit.actor, now=visit.now)
        return "Saved: it is one home, and no letter goes there." if new else "That was already saved."
    if answer == "two" and pair.is_told_apart:
        return "That was already saved."
    if answer == "two":
        tell_apart(school.id, **asked, by=visit.actor, now=visit.now)
        return "Saved: they are two homes. The letter may go there, if nothing else closes it."
    return "Nothing was changed."


def _values(visit: Visit, school: SchoolFacts, way: int, shut: int) -> dict[str, Any]:
    pair = pair_of_homes(school.id, way=way, shut=shut, now=visit.now)
    if pair is None:
        raise Http404
    return {"here": "schools", "school": school, "pair": pair, "answers": _ANSWERS}
