"""A waiver that matches nothing."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.checks.text.pieces import Piece

_HINT = "Delete the waiver; left in, it would hide the next fault in that passage."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each valid waiver that covered no finding, at the waiver's own line."""
    for use in context.waiver_uses or ():
        if use.problem is None and use.findings == 0:
            waiver = use.waiver
            text = f"{waiver.code} {waiver.passage}"
            piece = Piece(waiver.passage, "waiver", text, waiver.place, part="register")
            yield whole(piece, f"The waiver of {waiver.code} in {clip(waiver.passage)} matches nothing", _HINT)


RULE = Rule("EV002", "unused-waiver", Severity.ERROR, "text", check, needs=frozenset({Need.WAIVERS}))
