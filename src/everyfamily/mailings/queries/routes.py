"""The routes that families have or will have in their hands: numbers and addresses of letters that still count."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from everyfamily.core.calendar.sending_window import LONDON
from everyfamily.core.errors import EveryfamilyError
from everyfamily.core.partnership.routes import Route, RouteCheck, RouteState, same_place
from everyfamily.letters.queries import PrintedRoute, printed_routes, routes_now
from everyfamily.mailings.models import Mailing


class RouteNotKnown(EveryfamilyError):
    """No letter that still counts prints a route of this name."""

    code = "EF445"


class WhichNumber(EveryfamilyError):
    """Letters print different numbers under one name."""

    code = "EF446"


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


def routes_in_use(
    now: datetime,
    register: Iterable[Route] = (),
    *,
    letters: Collection[int] | None = None,
    checks: list[RouteCheck] | None = None,
) -> list[RouteInUse]:
    """Every route of a letter that is sealed and whose mailing is not over, and every row of `register`: those that may
    not be printed first, and then those that run out soonest. With `letters`, only what these letters print. `checks`
    are those of `route_checks`, if somebody has read them already."""
    today = now.astimezone(LONDON).date()
    together: dict[tuple[str, str], list[PrintedRoute]] = {}
    of_letters = _printed() if letters is None else (one for one in printed_routes() if one.letter_id in letters)
    for printed in (*of_letters, *(PrintedRoute(0, "", route) for route in register)):
        together.setdefault((printed.route.id, printed.route.place), []).append(printed)
    # The newest letter has a newer check of the register than the others, and the register has the newest.
    newest = routes_now((printed[-1].route for printed in together.values()), now, checks)
    found = [
        RouteInUse(route, route.state_on(today), tuple(one.reference for one in printed if one.letter_id))
        for route, printed in zip(newest, together.values(), strict=True)
    ]
    return sorted(found, key=lambda one: (one.until or date.min, one.route.id))


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
