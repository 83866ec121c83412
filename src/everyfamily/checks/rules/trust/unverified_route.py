"""A route that nobody has rung or opened."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.register import routes_in_state
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.core.partnership.routes import RouteState

_HINT = "Ring or open it, then write checked_on, checked_by and expires_on in the register."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such route, at its row in the partnership's file, or everywhere that another letter prints
    it."""
    for _, piece, start, end in routes_in_state(context, RouteState.UNVERIFIED):
        yield Hit(piece, start, end, f"Nobody has signed that {clip(piece.text[start:end])} answers", _HINT)


RULE = Rule("TR003", "unverified-route", Severity.ERROR, "letter", check, needs=frozenset({Need.REGISTER}))
