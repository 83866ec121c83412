"""A figure that does not say which year it is from."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.facts import FIGURE, Nearby, statements, years
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip

_HINT = "Add the year that the figure is of (“in 2024”), or leave the figure out."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each sentence with a figure and no year, in it or in the sentences next to it."""
    for piece in context.pieces:
        if piece.part == "register" or not piece.is_english:
            continue
        found = list(statements(piece, FIGURE))
        named = Nearby(piece, years(piece) if found else ())
        for start, end in found:
            if not named.has(start):
                start, end = piece.folded.span(start, end)
                yield Hit(piece, start, end, f"“{clip(piece.text[start:end])}” is of no year", _HINT)


RULE = Rule(
    code="EV006",
    name="figure-without-year",
    severity=Severity.ADVICE,
    scope="text",
    status="stable",
    since="2026.2",
    page=Page(
        checks="That a figure about people comes with a year, in the same sentence or the one before or after it.",
        matters="Letters are kept on a fridge and copied for years. Without a year nobody can tell a figure of this"
        " spring from one of ten years ago.",
        example="Reports rose by 40%.",
        instead="Reports rose by 40% between 2022 and 2024 (National Crime Agency).",
        exceptions="ages, school years, times, dates, prices and telephone numbers; “last year”, since the letter has"
        " a date",
    ),
    evidence=("A10",),
    check=check,
    only_about_harm=True,
)
