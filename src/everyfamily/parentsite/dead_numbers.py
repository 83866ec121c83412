"""Which numbers and addresses people know to be dead. No page has one of them, wherever it would be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from everyfamily.core.partnership.instead import instead_of
from everyfamily.core.partnership.routes import Route, RouteCheck, RouteState, route_state_now, same_place
from everyfamily.parentsite.site import Site


def is_dead(site: Site, place: str, printed: Route | None = None) -> bool:
    """Whether nobody answers this number or address, by the register or by what somebody found since.

    `printed` is the row of a sealed letter that prints it. It counts only if the register has another number by now.
    """
    if not place or place.startswith("(("):
        return False  # of no route, or each school's own
    rows = [route for route in site.partnership.routes if same_place(route.place, place)]
    if rows:
        return any(route.state_on(site.today) is RouteState.DEAD for route in rows)
    row = printed or Route("", "", "", "", "", number=place)
    return route_state_now(row, site.checks, site.today) is RouteState.DEAD


def dead_routes(site: Site) -> tuple[Route, ...]:
    """The rows of the register that are dead, in its order."""
    return tuple(route for route in site.partnership.routes if is_dead(site, route.place, route))


def instead(site: Site, route_id: str) -> Route | None:
    """The route of the register that families use while this one is dead, if there is one that is good today."""
    wanted = RouteState.GOOD
    good = [
        route
        for route in site.partnership.routes
        if route.state_on(site.today) is wanted or (site.preview and not is_dead(site, route.place, route))
    ]
    return instead_of(route_id, good)


def dead_places(routes: Iterable[Route], checks: Iterable[RouteCheck], day: date) -> set[str]:
    """Every number and address that is dead on `day`, as printed: those of the register's `routes`, which have the
    checks already, and those that only a letter or an older register has."""
    known = list(routes)
    dead = {one.place for one in known if one.state_on(day) is RouteState.DEAD}
    alive = {one.place for one in known} - dead
    found = {one.place for one in checks if not one.is_good and one.day <= day}
    return dead | {one for one in found if not any(same_place(one, other) for other in alive)}
