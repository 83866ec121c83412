"""The register of routes as rules see it: where a text prints a route, and whether families may be sent there today."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.web_addresses import addresses_in
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.text.pieces import Piece
from everyfamily.checks.text.telephone import numbers_in
from everyfamily.core.invented import digits_of
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.routes import Route, RouteState

DEMO = "demo"
"""Who "checked" the routes of the demonstration. It is used for nothing more."""

type Printed = tuple[Route, Piece, int, int]
"""A route, and the words of a piece that print it."""


def routes_in_state(context: CheckContext, state: RouteState) -> Iterator[Printed]:
    """The routes with their own number or address that are in `state` today, each with the words to show.

    For our letter they are the rows of its register. For another letter, they are every place in its text.
    """
    wanted = {
        route.id: route
        for route in context.register or ()
        if route_state(context.letter, route, context) is state and not (route.number or "").startswith("((")
    }
    if not wanted:
        return
    if context.letter is None:
        yield from _in_text(context, list(wanted.values()))
        return
    shown = {piece.passage: piece for piece in context.part("register") if _is_dialable(piece)}
    for route in wanted.values():
        piece = shown.get(f"routes/{route.id}")
        if piece is not None:
            yield route, piece, 0, len(piece.text)


def route_state(letter: Letter | None, route: Route, context: CheckContext) -> RouteState:
    """The register's state, except that a check by the demo counts only in the demonstration."""
    by_demo = (route.checked_by or "").strip().casefold() == DEMO
    state = route.state_on(context.today)
    if by_demo and not (letter is not None and letter.demonstration) and state is not RouteState.DEAD:
        return RouteState.UNVERIFIED
    return state


def _in_text(context: CheckContext, routes: list[Route]) -> Iterator[Printed]:
    by_number = {digits_of(route.number): route for route in routes if route.number}
    by_address = {_bare(route.url): route for route in routes if route.url}
    for piece in context.pieces:
        for number in numbers_in(piece):
            if number.digits in by_number:
                yield by_number[number.digits], piece, number.start, number.end
        for address in addresses_in(piece) if by_address else ():
            route = by_address.get(_bare(f"{address.host}{address.parts.path}"))
            if route is not None:
                yield route, piece, address.start, address.end


def _bare(url: str) -> str:
    return url.casefold().removeprefix("https://").removeprefix("www.").rstrip("/")


def _is_dialable(piece: Piece) -> bool:
    """A number or address, unless it is a gap, which comes from the school's record and is not ours to check."""
    return piece.kind in ("number", "address") and not piece.text.startswith("((")
