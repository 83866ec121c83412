"""The routes of a letter as rules see them: which ones a family may be sent to today."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.context import CheckContext
from everyfamily.checks.pieces import Piece
from everyfamily.core.letters import Letter
from everyfamily.core.routes import Route, RouteState

DEMO = "demo"
"""Who "checked" the routes of the demonstration; it counts for nothing else."""


def routes_in_state(context: CheckContext, state: RouteState) -> Iterator[tuple[Route, Piece]]:
    """The routes with a number or address of their own that are in `state` today, each with the piece to show."""
    letter = context.letter
    if letter is None:
        return
    shown = {piece.passage: piece for piece in context.part("register") if _is_dialable(piece)}
    for route in letter.routes:
        piece = shown.get(f"routes/{route.id}")
        if piece is not None and route_state(letter, route, context) is state:
            yield route, piece


def route_state(letter: Letter, route: Route, context: CheckContext) -> RouteState:
    """The register's state, save that a check by the demo counts only in the demonstration."""
    by_demo = (route.checked_by or "").strip().casefold() == DEMO
    state = route.state_on(context.today)
    if by_demo and not letter.demonstration and state is not RouteState.DEAD:
        return RouteState.UNVERIFIED
    return state


def _is_dialable(piece: Piece) -> bool:
    """A number or address, unless it is a gap: that belongs to the school's record, and is not ours to check."""
    return piece.kind in ("number", "address") and not piece.text.startswith("((")
