"""A number that Ofcom keeps for drama, in a letter to real families."""

from __future__ import annotations

from collections.abc import Iterator

from everyfamily.checks.model.context import CheckContext
from everyfamily.checks.model.finding import Severity
from everyfamily.checks.model.rule import Hit, Page, Rule, clip, whole
from everyfamily.checks.text.telephone import numbers_in
from everyfamily.core.invented import digits_of, is_drama_number

_HINT = "Print the real number, and ring it before you write who checked it and when."


def check(context: CheckContext) -> Iterator[Hit]:
    """One hit for each such number in the text, and for one that is only in the partnership's file."""
    if context.demonstration:
        return
    printed = set()
    for piece in context.pieces:
        for number in numbers_in(piece):
            if is_drama_number(number.digits):
                printed.add(number.digits)
                yield Hit(piece, number.start, number.end, _message(number.text), _HINT)
    for own in context.own_numbers:
        if is_drama_number(digits_of(own)) and digits_of(own) not in printed:
            for piece in context.of_passage("enquiries"):
                yield whole(piece, _message(own), _HINT, "enquiries")


def _message(printed: str) -> str:
    return f"{clip(printed, 24)} is kept for drama: nobody answers it"


RULE = Rule(
    code="TR026",
    name="fictional-number",
    severity=Severity.ERROR,
    outside=Severity.WARNING,
    scope="text",
    status="stable",
    since="2026.4",
    page=Page(
        checks=(
            "That no number is one of those that Ofcom keeps for television and radio drama, such as 0151 496 0000 "
            "to 0151 496 0999 or 07700 900000 to 900999."
        ),
        matters=(
            "Examples and demonstrations print such numbers, and copies of them keep them. A family that rings "
            "hears nothing, on the day when it most needs an answer."
        ),
        example="Ring the children's team on 0151 496 0120.",
        instead="The number of your own front door, which somebody has rung.",
        exceptions=(
            "a demonstration, whose foot says that everyone named in it is invented. In a letter from outside it is a "
            "warning"
        ),
    ),
    evidence=("S56",),
    check=check,
)
