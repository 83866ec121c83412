"""A route on the card without hours that a person confirmed."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.register import DEMO
from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip, whole
from everyfamily.core.letter.letters import Letter
from everyfamily.core.partnership.routes import Route

_HINT = "Ask who answers, then write hours, hours_confirmed_on and hours_confirmed_by in the register."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such route of our letter's card, at its number or address in the partnership's file."""
    letter = context.letter
    if letter is None:
        return
    unsure = {f"routes/{one.id}" for one in letter.card_routes if not _is_confirmed(letter, one, context)}
    for piece in context.part("register"):
        if piece.passage in unsure and piece.kind in ("number", "address"):
            yield whole(piece, f"Nobody has confirmed when {clip(piece.text)} answers", _HINT)


def _is_confirmed(letter: Letter, route: Route, context: CheckContext) -> bool:
    by_demo = (route.hours_confirmed_by or "").strip().casefold() == DEMO
    return route.has_confirmed_hours(context.today) and (letter.demonstration or not by_demo)


RULE = Rule("TR190", "unconfirmed-hours", Severity.ERROR, "letter", check, needs=frozenset({Need.REGISTER}))
