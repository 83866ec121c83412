"""A line has another number: it goes into the settings at once, rung and signed by the person who puts it there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.new_number import with_new_number
from everyfamily.core.partnership.routes import Route, same_place
from everyfamily.core.partnership.versions import partnership_of
from everyfamily.core.permissions import Right
from everyfamily.mailings.actions.guards.route_checks import require_a_note_to_keep, route_is_good
from everyfamily.mailings.edges.letter_jobs import look_for_overtaken
from everyfamily.partnership.actions import SettingsMovedOn, change_at_once
from everyfamily.partnership.queries import InForce, in_force
from everyfamily.staff.access import Visit, page
from everyfamily.staff.routes.asked import NothingSaid, Said, said_in
from everyfamily.staff.routes.pages import number_values


@page(Right.CHANGE_SETTINGS)
def number(visit: Visit, key: str) -> HttpResponseBase:
    """Put the new number of a line into the settings."""
    found, route = _row(key)
    if visit.request.method != "POST":
        return visit.render("staff/routes/number.html", number_values(key, route, visit))
    given, said = " ".join(visit.request.POST.get("number", "").split()), said_in(visit.request.POST)
    try:
        _put_in(visit, found, route, given, said)
    except EveryfamilyError as problem:
        status = 409 if isinstance(problem, SettingsMovedOn) else 422
        more: dict[str, Any] = {"problem": problem, "given": given, "note": said.note, "rang": said.result}
        return visit.render("staff/routes/number.html", number_values(key, route, visit, **more), status=status)
    visit.say(
        f"{given} is in the settings, and you signed it. A parent site that is published from here follows."
    )
    return redirect("routes" if visit.held.may(Right.RING_ROUTES) else "settings")


def _put_in(visit: Visit, found: InForce, route: Route, given: str, said: Said) -> None:
    if not same_place(route.place, said.place):
        raise SettingsMovedOn(
            f"The number in the settings is {route.place} now. Somebody changed it while your page was open.",
            "Look whether it is right.",
        )
    if said.result != "good":
        raise NothingSaid("Say that you rang it.", "No number goes into a letter that nobody has rung.")
    require_a_note_to_keep(said.note)
    today = visit.now.astimezone(LONDON).date()
    files = with_new_number(found.files, route, given, day=today, by=visit.name)
    partnership = partnership_of(files)
    change_at_once(files, partnership, base=found.version, by=visit.actor, now=visit.now)
    route_is_good(partnership.route(route.id), by=visit.actor, now=visit.now, note=said.note)
    look_for_overtaken()


def _row(key: str) -> tuple[InForce, Route]:
    """The settings, and the line's row in them. Raises Http404 if it has none there with a number."""
    found = in_force()
    names = (key, key.rpartition("-")[0])
    for one in found.partnership.routes if found is not None else ():
        if found is not None and one.id in names and one.number and not one.differs_by_school:
            return found, one
    raise Http404
