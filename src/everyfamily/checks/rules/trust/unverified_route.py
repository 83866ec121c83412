"""A route that nobody has rung or opened."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.register import routes_in_state
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip
from everyfamily.core.partnership.routes import RouteState

_HINT = "Ring or open it, then write checked_on, checked_by and expires_on in the register."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such route, at its row in the partnership's file, or everywhere that another letter prints
    it."""
    for _, piece, start, end in routes_in_state(context, RouteState.UNVERIFIED):
        yield Hit(piece, start, end, f"Nobody has signed that {clip(piece.text[start:end])} answers", _HINT)


RULE = Rule(
    code="TR003",
    name="unverified-route",
    severity=Severity.ERROR,
    scope="letter",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That a named person has rung every number and opened every address, on a day that is not"
        " in the future. A check by the demo counts in the demonstration only. A school's own "
        "number belongs to the school's record.",
        matters="Numbers copied from an old letter look right. Only a person who rings knows who answers,"
        " and when.",
        example="Children's team: 0151 496 0120 (checked by nobody)",
        instead="Children's team: 0151 496 0120 (rung on 1 March 2027 by the duty manager)",
    ),
    evidence=("S48", "S78"),
    check=check,
    needs=frozenset({Need.REGISTER}),
)
