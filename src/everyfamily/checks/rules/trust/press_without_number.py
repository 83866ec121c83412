"""Press lines that give reporters no number to print."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, whole

_HINT = "Ask reporters to print the numbers: ((route emergency)) in danger, ((route local)) for any other worry."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each language whose press lines have no number of the card but that for danger."""
    letter = context.letter
    if letter is None:
        return
    helping = [one.number for one in letter.card_routes[1:] if one.number and one.number[0].isdigit()]
    for language, title in context.titles("press").items():
        said = " ".join(piece.folded.text for piece in context.part("press", language))
        if not any(number in said for number in helping):
            yield whole(title, "The press lines give no number that a worried family can ring", _HINT)


RULE = Rule("TR192", "press-without-number", Severity.WARNING, "letter", check, needs=frozenset({Need.LETTER}))
