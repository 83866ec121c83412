"""A route whose last check is too old."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.register import routes_in_state
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip
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


RULE = Rule(
    code="TR002",
    name="expired-route",
    severity=Severity.ERROR,
    scope="letter",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That every number and address was checked recently enough: 30 days for local routes, 90 "
        "for national, or what the register says. A check without an end date counts as ended.",
        matters="Helplines change their hours and councils their numbers. Published hours of one national"
        " helpline changed three times in a few years.",
        example="NSPCC: 0808 800 5000, last rung in September.",
        instead="NSPCC: 0808 800 5000, rung and signed for within the last 90 days.",
    ),
    evidence=("S78", "S48"),
    check=check,
    needs=frozenset({Need.REGISTER}),
)
