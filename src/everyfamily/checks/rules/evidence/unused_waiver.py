"""A waiver that matches nothing."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip, whole
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


RULE = Rule(
    code="EV002",
    name="unused-waiver",
    severity=Severity.ERROR,
    scope="text",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That every waiver still covers a finding. A waiver of a rule that was not run is not looked at.",
        matters="A waiver that matches nothing stays behind when the words change, and lets the next "
        "fault in the same passage through without anybody having agreed to it.",
        example="A waiver for a long sentence that has since been split.",
        instead="No waiver.",
    ),
    evidence=("U1",),
    check=check,
    needs=frozenset({Need.WAIVERS}),
)
