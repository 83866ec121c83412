"""Press lines that give reporters no number to print."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext, Need
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, whole

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


RULE = Rule(
    code="TR192",
    name="press-without-number",
    severity=Severity.WARNING,
    scope="letter",
    status="stable",
    since="2026.6",
    page=Page(
        checks="That the press lines of a letter of ours, where there are any, have a number of the letter's card that "
        "a family can ring, and not only 999.",
        matters="A story about harm reaches families who have had no letter yet, and people who were harmed. Without a "
        "number beside it they are frightened and have nowhere to turn.",
        example="Thank you for covering this. Please send us a link.",
        instead="Please print these numbers with your story: 999 in danger, 0151 496 0120 for any other worry.",
    ),
    evidence=("S57", "S58"),
    check=check,
    needs=frozenset({Need.LETTER}),
)
