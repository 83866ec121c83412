"""A route whose last check is too old."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.register import routes_in_state
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip
from everyfamily.core.partnership.routes import RouteState
from everyfamily.core.text.dates import day_in_words

_HINT = "Ring or open it again, then write the new dates and your name in the register."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such route, at its row in the partnership's file, or everywhere that another letter prints
    it."""
    for route, piece, start, end in routes_in_state(context, RouteState.EXPIRED):
        if route.expires_on is None:
            yield Hit(piece, start, end, f"{clip(piece.text[start:end])} has no day when its check ends", _HINT)
        else:
            yield Hit(
                piece,
                start,
                end,
                f"The check of {clip(piece.text[start:end])} ended on {day_in_words(route.expires_on)}",
                _HINT,
            )


RULE = Rule("TR002", "expired-route", Severity.ERROR, "letter", check, needs=frozenset({Need.REGISTER}))
