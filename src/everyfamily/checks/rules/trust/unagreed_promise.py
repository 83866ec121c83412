"""A sentence that only local managers can make true, and that none of them has agreed to."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip, whole

_HINT = "Ask the manager who can keep it, and write who agreed and when; or take the sentence out."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each passage (not each language) with a promise that is not agreed on or before today."""
    agreed = {p.id for p in context.promises if p.agreed_by.strip() and p.agreed_on <= context.today}
    broken = {id_: promise for id_, promise in _promises(context) if promise not in agreed}
    reported: set[str] = set()
    for piece in context.pieces:
        if piece.passage in broken and piece.passage not in reported:
            reported.add(piece.passage)
            yield whole(piece, f"Nobody has agreed to the promise “{clip(broken[piece.passage])}”", _HINT)


def _promises(context: CheckContext) -> Iterator[tuple[str, str]]:
    for _, passage in context.written():
        for promise in passage.promises:
            yield passage.id, promise


RULE = Rule(
    code="TR004",
    name="unagreed-promise",
    severity=Severity.ERROR,
    scope="text",
    status="stable",
    since="2026.1",
    page=Page(
        checks="That every sentence which the pack marks as a promise has, in the partnership's file, "
        "the name of the person who agreed to it and a day that is not in the future.",
        matters="A letter brings a wave of calls. If it says that a trained person listens day and night,"
        " and a machine answers, the family is worse off than without the letter.",
        example="A trained person answers, day or night. (nobody agreed)",
        instead="A trained person answers, day or night. (agreed by the head of the children's team on 1 "
        "February 2027)",
    ),
    evidence=("S67", "S78"),
    check=check,
    needs=frozenset({Need.OURS}),
)
