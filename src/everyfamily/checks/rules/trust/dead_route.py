"""A route that somebody found to be dead."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.register import routes_in_state
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.core.partnership.routes import RouteState
from everyfamily.core.text.dates import day_in_words

_HINT = "Find the route that replaced it, ring or open it, and put that in the register."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such route, at its row in the partnership's file, or everywhere that another letter prints
    it."""
    for route, piece, start, end in routes_in_state(context, RouteState.DEAD):
        since = f" since {day_in_words(route.dead_since)}" if route.dead_since else ""
        yield Hit(piece, start, end, f"{clip(piece.text[start:end])} has not answered{since}", _HINT)


RULE = Rule("TR001", "dead-route", Severity.ERROR, "letter", check, needs=frozenset({Need.REGISTER}))
