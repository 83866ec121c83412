"""A sentence that only local managers can make true, and that none of them has agreed to."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole

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


RULE = Rule("TR004", "unagreed-promise", Severity.ERROR, "text", check, needs=frozenset({Need.OURS}))
