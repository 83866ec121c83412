"""The routes that families have or will have in their hands: numbers and addresses of letters that still count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import Route, RouteCheck, RouteState, same_place
from everyfamily.letters.queries import PrintedRoute, printed_routes, route_checks, routes_now
from everyfamily.mailings.models import Mailing


class RouteNotKnown(EveryfamilyError):
    """No letter that still counts prints a route of this name."""

    code = "EF445"


class WhichNumber(EveryfamilyError):
    """Letters print different numbers under one name."""

    code = "EF446"


type Line = tuple[str, str]
"""What makes a route one line: its name, and its number or address."""


@dataclass(frozen=True, slots=True)
class RouteInUse:
    """One number or address under one name, and the letters that print it."""

    route: Route
    """With the newest check of its number."""
    state: RouteState
    letters: tuple[str, ...]
    """References. Empty for a row of the register that no letter here prints yet."""

    @property
    def until(self) -> date | None:
        """The last day on which its check counts. None if it may not be printed now."""
        return self.route.expires_on if self.state is RouteState.GOOD else None


def routes_in_use(now: datetime, register: Iterable[Route] = ()) -> list[RouteInUse]:
    """Every route of a letter that is sealed and whose mailing is not over, and every row of `register`: those that may
    not be printed first, and then those that run out soonest."""
    return together([*_printed(), *(PrintedRoute(0, "", route) for route in register)], route_checks(), now)


def together(printed: Iterable[PrintedRoute], checks: Iterable[RouteCheck], now: datetime) -> list[RouteInUse]:
    """Each of these routes once, with the letters that print it and its newest check, in the same order."""
    today = now.astimezone(LONDON).date()
    same: dict[tuple[str, str], list[PrintedRoute]] = {}
    for one in printed:
        same.setdefault((one.route.id, one.route.place), []).append(one)
    # The newest letter has a newer check of the register than the others, and the register has the newest.
    newest = routes_now((every[-1].route for every in same.values()), now, checks)
    found = [
        RouteInUse(route, route.state_on(today), tuple(one.reference for one in every if one.letter_id))
        for route, every in zip(newest, same.values(), strict=True)
    ]
    return sorted(found, key=lambda one: (one.until or date.min, one.route.id))


def lines_in_use(register: Iterable[Route] = ()) -> list[Line]:
    """The name and number of everything that `routes_in_use` has."""
    routes = [*(printed.route for printed in _printed()), *register]
    return list(dict.fromkeys((one.id, one.place) for one in routes))


def route_in_use(name: str, number: str | None, now: datetime, register: Iterable[Route] = ()) -> Route:
    """The route of this name, and of this number if letters print different ones. Raises RouteNotKnown or
    WhichNumber."""
    named = [one.route for one in routes_in_use(now, register) if one.route.id == name]
    found = [one for one in named if number is None or same_place(one.place, number)]
    if len(found) == 1:
        return found[0]
    if named:
        raise WhichNumber(
            f'Letters print different numbers for the route "{name}", or not the one that you gave: '
            f"{', '.join(sorted(one.place for one in named))}.",
            "Say which of them you rang.",
        )
    raise RouteNotKnown(
        f'No letter that still counts prints a route "{name}".',
        "Look at the routes that letters print. One that is not in a letter yet is in the partnership's file.",
    )


def _printed() -> Iterable[PrintedRoute]:
    states = Mailing.objects.values_list("letter_id", "state")
    going_on = {letter for letter, state in states if state not in _OVER}
    over = {letter for letter, _ in states} - going_on
    return (one for one in printed_routes() if one.letter_id not in over)


_OVER = ("closed", "withdrawn")
