"""A waiver that does not count: ended, without a reason, not agreed by every signatory, or for an error."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole
from everyfamily.checks.text.pieces import Piece

_HINT = "A waiver needs a warning, a reason, every signatory, and an end date that has not passed."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each waiver that does not count, at the waiver's own line."""
    for use in context.waiver_uses or ():
        if use.problem is not None:
            text = f"{use.waiver.code} {use.waiver.passage}"
            piece = Piece(use.waiver.passage, "waiver", text, use.waiver.place, part="register")
            yield whole(piece, use.problem, _HINT)


RULE = Rule("EV003", "invalid-waiver", Severity.ERROR, "text", check, needs=frozenset({Need.WAIVERS}))
