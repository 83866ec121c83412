"""A line has another number: rung by the person who asks for it, and by a second one before it counts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect

from everyfamily.accounts.queries import who_watches
from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.new_number import with_new_number
from everyfamily.core.partnership.routes import Route, same_place
from everyfamily.core.partnership.versions import partnership_of
from everyfamily.core.permissions import Right
from everyfamily.mailings.actions.guards.route_checks import require_a_note_to_keep, route_is_good
from everyfamily.mailings.edges.letter_jobs import look_for_overtaken
from everyfamily.partnership.actions import SettingsMovedOn, change
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
        waits = _ask(visit, found, route, given, said)
    except EveryfamilyError as problem:
        status = 409 if isinstance(problem, SettingsMovedOn) else 422
        more: dict[str, Any] = {"problem": problem, "given": given, "note": said.note, "rang": said.result}
        return visit.render("staff/routes/number.html", number_values(key, route, visit, **more), status=status)
    if waits is not None:
        visit.say(
            f"{given} waits for a second person, who rings it too. Until then nothing changes for families."
        )
        return redirect("settings-proposal", waits)
    visit.say(f"{given} is in the settings, and you signed it.")
    return redirect("routes" if visit.held.may(Right.RING_ROUTES) else "settings")


def _ask(visit: Visit, found: InForce, route: Route, given: str, said: Said) -> int | None:
    """Ask for the number; the proposal that waits, or None if no family rings any number yet and it counts."""
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
    watch = who_watches()
    waits = change(files, partnership, base=found.version, by=visit.actor, now=visit.now, watch=watch)
    if waits is not None:
        return waits
    route_is_good(partnership.route(route.id), by=visit.actor, now=visit.now, note=said.note)
    look_for_overtaken()
    return None


def _row(key: str) -> tuple[InForce, Route]:
    """The settings, and the line's row in them. Raises Http404 if it has none there with a number."""
    found = in_force()
    rows = {one.id: one for one in found.partnership.routes} if found is not None else {}
    # A number that only a letter has is at the address of its row, with a mark behind it.
    row = rows.get(key) or rows.get(key.rpartition("-")[0])
    if found is None or row is None or not row.number or row.differs_by_school:
        raise Http404
    return found, row
