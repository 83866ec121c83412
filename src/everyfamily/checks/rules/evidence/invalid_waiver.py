"""A waiver that does not count: ended, without a reason, not agreed by every signatory, or for an error."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole
from everyfamily.checks.text.pieces import Piece

_HINT = "A waiver needs a warning, a reason, every signatory, and an end date that has not passed."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each waiver that does not count, at the waiver's own line."""
    for use in context.waiver_uses or ():
        if use.problem is not None:
            text = f"{use.waiver.code} {use.waiver.passage}"
            piece = Piece(use.waiver.passage, "waiver", text, use.waiver.place, part="register")
            yield whole(piece, use.problem, _HINT)


RULE = Rule(
    code="EV003",
    name="invalid-waiver",
    severity=Severity.ERROR,
    scope="text",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That every waiver is of a warning, gives a reason, is agreed by every signatory, and has"
        " not ended.",
        matters="With a waiver the partners say together that they know of a fault and leave it. If"
        " one of them has not said so, or the time is over, nobody has.",
        example="A waiver that only the council agreed to, or one that ended last term.",
        instead="A waiver with a reason, agreed by the council and the police, until the end of this term.",
    ),
    evidence=("U1",),
    check=check,
    needs=frozenset({Need.WAIVERS}),
)
