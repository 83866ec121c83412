"""Ring a number that letters print and sign it, or say that it is dead."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import RouteState
from everyfamily.core.permissions import Right
from everyfamily.mailings.actions.guards.claims_under_way import ClaimsUnderWay
from everyfamily.mailings.actions.guards.route_checks import route_is_dead, route_is_good
from everyfamily.mailings.queries.routes import RouteInUse
from everyfamily.staff.access import Visit, page
from everyfamily.staff.routes.asked import (
    DEAD,
    GOOD,
    OtherNumberNow,
    Said,
    found_at,
    require_result,
    rung,
    said_in,
)
from everyfamily.staff.routes.pages import (
    again_from,
    dead_values,
    register_values,
    ring_values,
    stopped_values,
)
from everyfamily.staff.routes.register import Register, read_register


@page(Right.RING_ROUTES)
def routes(visit: Visit) -> HttpResponseBase:
    """The register: what must be rung now comes first."""
    return visit.render("staff/routes/routes.html", register_values(read_register(visit.now), visit.now))


@page(Right.RING_ROUTES)
def ring(visit: Visit, key: str) -> HttpResponseBase:
    """One line: ring it, and sign what you found."""
    register = read_register(visit.now)
    if visit.request.method != "POST":
        return _ring_page(visit, key, found_at(register, key))
    said = said_in(visit.request.POST)
    try:
        one = rung(register, key, said)
        require_result(said)
        if said.result == DEAD:
            return _dead_page(visit, key, one, said.note)
        visit.say(_signed(visit, one, said))
    except EveryfamilyError as problem:
        status = 409 if isinstance(problem, OtherNumberNow) else 422
        return _ring_page(visit, key, _shown(register, key, said), said, problem, status)
    return redirect("routes")


@page(Right.RING_ROUTES)
def dead(visit: Visit, key: str) -> HttpResponseBase:
    """What happens if the line is dead, and the button that says so."""
    register = read_register(visit.now)
    if visit.request.method != "POST":
        return _dead_page(visit, key, found_at(register, key))
    said = said_in(visit.request.POST)
    try:
        one = rung(register, key, said)
        route_is_dead(one.route, by=visit.actor, now=visit.now, note=said.note)
    except ClaimsUnderWay as problem:
        visit.say(f"{problem.fact} {problem.fix}")
    except EveryfamilyError as problem:
        return _dead_page(visit, key, _shown(register, key, said), said.note, problem)
    return redirect("route-stopped", key)


@page(Right.RING_ROUTES)
def stopped(visit: Visit, key: str) -> HttpResponseBase:
    """What is paused because of a line, who has it, and what to do now."""
    one = found_at(read_register(visit.now), key)
    return visit.render("staff/routes/stopped.html", stopped_values(key, one, visit))


def _signed(visit: Visit, one: RouteInUse, said: Said) -> str:
    """Write down that it is good; returns what the next page says."""
    if said.result != GOOD:
        return (
            f"Nothing was written down, and nothing stops. Ring it again, for example at {again_from(visit.now)}."
        )
    route_is_good(one.route, by=visit.actor, now=visit.now, note=said.note)
    was_dead = one.state is not RouteState.GOOD and one.letters
    resumes = (
        " A mailing that was paused because of it stays paused until a person lets it go on." if was_dead else ""
    )
    return f"You signed {one.route.label}. It counts from today.{resumes}"


def _shown(register: Register, key: str, said: Said) -> RouteInUse:
    """The route for a page with a problem: the one that somebody saw, if it is still there."""
    try:
        return rung(register, key, said)
    except OtherNumberNow:
        return found_at(register, key)


def _ring_page(
    visit: Visit,
    key: str,
    one: RouteInUse,
    said: Said | None = None,
    problem: EveryfamilyError | None = None,
    status: int = 200,
) -> HttpResponse:
    more = {"result": said.result, "problem": problem} if said is not None else {}
    values = ring_values(key, one, visit, said.note if said is not None else "", **more)
    return visit.render("staff/routes/ring.html", values, status=status)


def _dead_page(
    visit: Visit, key: str, one: RouteInUse, note: str = "", problem: EveryfamilyError | None = None
) -> HttpResponse:
    status = 200 if problem is None else 409 if isinstance(problem, OtherNumberNow) else 422
    return visit.render("staff/routes/dead.html", dead_values(key, one, note, problem=problem), status=status)
