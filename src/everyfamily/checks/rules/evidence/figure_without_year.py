"""A figure that does not say which year it is from."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.letter.facts import FIGURE, Nearby, statements, years
from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Rule, clip

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


RULE = Rule("EV006", "figure-without-year", Severity.ADVICE, "text", check, only_about_harm=True)
