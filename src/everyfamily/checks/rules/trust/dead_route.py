"""A route that somebody found to be dead."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.register import routes_in_state
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip
from everyfamily.core.partnership.routes import RouteState
from everyfamily.core.text.dates import day_in_words

_HINT = "Find the route that replaced it, ring or open it, and put that in the register."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such route, at its row in the partnership's file, or everywhere that another letter prints
    it."""
    for route, piece, start, end in routes_in_state(context, RouteState.DEAD):
        since = f" since {day_in_words(route.dead_since)}" if route.dead_since else ""
        yield Hit(piece, start, end, f"{clip(piece.text[start:end])} has not answered{since}", _HINT)


RULE = Rule(
    code="TR001",
    name="dead-route",
    severity=Severity.ERROR,
    scope="letter",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That no number or address in the letter is marked dead in the partnership's register.",
        matters="A parent who gathers the courage to ring, and hears a dead line, may not ring a second "
        "time. A lapsed web address can be bought by anyone.",
        example="Careline: 0151 496 0199 (dead since 1 February 2027)",
        instead="Children's team: 0151 496 0120, rung and signed for this month.",
    ),
    evidence=("S48", "S49"),
    check=check,
    needs=frozenset({Need.REGISTER}),
)
